import { actionSchema, jobSchema } from '../schema/job.ts'
import { masterSchema } from '../schema/master.ts'
import { nodeSchema } from '../schema/node.ts'

/** Words that people write for keys of ours, as in other schedulers and in older Trons: the key, and how it is written when that is not clear. */
const INSTEAD: ReadonlyMap<string, readonly [key: string, advice?: string]> = new Map([
  ...meaning(['requires'], ['after', 'dependencies', 'depends', 'depends_on', 'needs']),
  ...meaning(['command'], ['cmd', 'run', 'script']),
  ...meaning(['actions'], ['task', 'tasks']),
  ...meaning(['time_zone'], ['timezone', 'tz']),
  ...meaning(['schedule', 'write schedule: {start_time: ..., days: ...}'], ['days', 'start_time']),
  ...meaning(['schedule', 'write schedule: "cron ..."'], ['cron']),
  ...meaning(['schedule', 'write schedule: "interval ..."'], ['interval']),
  ...meaning(['cpus'], ['cpu']),
  ...meaning(['env'], ['environment']),
  ...meaning(['docker_image'], ['image']),
  ...meaning(['mem'], ['memory']),
  ...meaning(['node'], ['pool']),
  ...meaning(['queueing'], ['queuing']),
  ...meaning(['retries'], ['retry']),
  ...meaning(['max_runtime'], ['timeout']),
  ...meaning(['username'], ['user']),
])

function meaning(
  meant: readonly [key: string, advice?: string],
  words: readonly string[],
): readonly (readonly [string, readonly [key: string, advice?: string]])[] {
  return words.map((word) => [word, meant])
}

/** Words for which there is no one key. */
const ADVICE: ReadonlyMap<string, string> = new Map([
  ['command', 'a command belongs to an action: actions: {NAME: {command: ...}}'],
  ['host', 'write node in a job, hostname in a node'],
  ['hosts', 'write node in a job, nodes in a pool'],
  ['notification_options', 'Tron 3 has not had it for long; remove it'],
  ['services', 'Tron 3 has not had services for long; remove them'],
  ['syslog_address', 'the log of the daemon goes to its standard output; remove it'],
  ['working_dir', 'the working directory is an option of the daemon, -w; remove it'],
])

/** Where keys belong, the likeliest place first. */
const PLACES = [
  [jobSchema, 'to a job'],
  [actionSchema, 'to an action'],
  [masterSchema, 'at the top of MASTER'],
  [nodeSchema, 'to a node'],
] as const

/**
 * What to write for a word that is known to be written for a key of ours: surer than one that is only spelt nearly so. Where that key is not one of
 * those accepted, it is said where it belongs.
 */
export function insteadOf(word: string, accepted: readonly string[]): string {
  const [key, advice] = INSTEAD.get(word) ?? []
  if (key === undefined) return ADVICE.has(word) ? `; ${ADVICE.get(word)}` : ''
  if (accepted.includes(key)) return `; ${advice ?? `write ${key}`}`
  return placeOf(key, accepted, `it is called ${key} and belongs`)
}

/** Where a key belongs that is not known in its place; nothing when there is no telling. */
export function adviceForKey(key: string, accepted: readonly string[]): string {
  return placeOf(key, accepted, 'it belongs')
}

function placeOf(key: string, accepted: readonly string[], belongs: string): string {
  // Only one thing takes a command and requires nothing.
  if (key === 'requires' && accepted.includes('command')) {
    return '; the cleanup action runs when all others are done; remove it'
  }
  const place = PLACES.find(([schema]) => Object.hasOwn(schema.shape, key))
  return place === undefined ? '' : `; ${belongs} ${place[1]}`
}
