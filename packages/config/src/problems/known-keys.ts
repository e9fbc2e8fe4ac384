import { actionSchema, jobSchema } from '../schema/job.ts'
import { masterSchema } from '../schema/master.ts'
import { nodeSchema } from '../schema/node.ts'

/** Words that people write for keys of ours, as in other schedulers and in older Trons, and what to write instead. */
const INSTEAD: Readonly<Record<string, string>> = {
  after: 'write requires',
  cmd: 'write command',
  command: 'a command belongs to an action: actions: {NAME: {command: ...}}',
  cpu: 'write cpus',
  cron: 'write schedule: "cron ..."',
  days: 'write schedule: {start_time: ..., days: ...}',
  dependencies: 'write requires',
  depends: 'write requires',
  depends_on: 'write requires',
  environment: 'write env',
  host: 'write node in a job, hostname in a node',
  hosts: 'write node in a job, nodes in a pool',
  image: 'write docker_image',
  interval: 'write schedule: "interval ..."',
  memory: 'write mem',
  needs: 'write requires',
  notification_options: 'Tron 3 has not had it for long; remove it',
  pool: 'write node',
  queuing: 'write queueing',
  retry: 'write retries',
  run: 'write command',
  script: 'write command',
  services: 'Tron 3 has not had services for long; remove them',
  start_time: 'write schedule: {start_time: ..., days: ...}',
  syslog_address: 'the log of the daemon goes to its standard output; remove it',
  task: 'write actions',
  tasks: 'write actions',
  timeout: 'write max_runtime',
  timezone: 'write time_zone',
  tz: 'write time_zone',
  user: 'write username',
  working_dir: 'the working directory is an option of the daemon, -w; remove it',
}

/** Where keys belong, the likeliest place first. */
const PLACES = [
  [jobSchema, 'to a job'],
  [actionSchema, 'to an action'],
  [masterSchema, 'at the top of MASTER'],
  [nodeSchema, 'to a node'],
] as const

/** What to write for a word that is known to be written for a key of ours: surer than one that is only spelt nearly so. */
export function insteadOf(key: string): string {
  const instead = Object.hasOwn(INSTEAD, key) ? INSTEAD[key] : undefined
  return instead === undefined ? '' : `; ${instead}`
}

/** Where a key belongs that is not known in its place; nothing when there is no telling. */
export function adviceForKey(key: string): string {
  const place = PLACES.find(([schema]) => Object.hasOwn(schema.shape, key))
  return place === undefined ? '' : `; it belongs ${place[1]}`
}
