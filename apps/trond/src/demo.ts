import { cp, stat } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { Tron } from '@tron/core'
import { type Logger, messageOf } from '@tron/model'

/** Where the demo's own words go. */
export type Write = (text: string) => void

/** The configuration that ships with the daemon; the same place from src and from dist. */
const SHIPPED = join(import.meta.dirname, '../demo')

/** Puts the demo's configuration in place, unless there is one: what somebody changed stays. */
export async function writeDemo(configDir: string): Promise<void> {
  const there = await stat(configDir).catch(() => undefined)
  if (there === undefined) await cp(SHIPPED, configDir, { recursive: true })
}

export interface DemoPlace {
  readonly url: string
  readonly workingDir: string
  /** Where the reader's shell is. */
  readonly cwd: string
}

/** A job in the words of its introduction. */
export interface DemoJob {
  readonly id: string
  readonly schedule: string
  readonly actions: readonly string[]
}

/** What is running, and what to try next. */
export function introduceDemo(jobs: readonly DemoJob[], place: DemoPlace): string {
  const server = serverOption(place.url)
  const dir = shortest(place.workingDir, place.cwd)
  const width = Math.max(...jobs.map(({ id }) => id.length))
  const lines = jobs.map(
    ({ id, schedule, actions }) => `  ${id.padEnd(width)}  ${schedule}  (${actions.join(', ')})`,
  )
  const tries = [
    [`bin/tronview${server}`, 'the jobs and when they run next'],
    [`bin/tronview${server} MASTER.report`, 'the runs of one'],
    [
      `bin/tronview${server} MASTER.report.-2`,
      'its newest run (-1 is the next, planned one), action by action',
    ],
    [`bin/tronview${server} MASTER.hello.-2.greet`, 'an action and what it wrote'],
    [`bin/tronctl${server} start MASTER.backup`, 'start one now; `stop MASTER.backup.-1` ends it'],
    [`bin/tronfig${server} -p MASTER`, `its configuration, also in ${join(dir, 'config')}`],
    [`curl -s ${place.url}/api/jobs`, 'the same over HTTP'],
    [`ls -R ${join(dir, 'output')}`, 'what the commands wrote, as files'],
  ] as const
  const column = Math.max(...tries.map(([command]) => command.length))
  return [
    `Tron runs ${jobs.length === 1 ? '1 job' : `${jobs.length} jobs`} on this machine and answers at ${place.url}`,
    '',
    ...lines,
    '',
    'The first runs start at the next full minute. In another terminal, from here, try:',
    '',
    ...tries.map(([command, purpose]) => `  ${command.padEnd(column)}  ${purpose}`),
    '',
    'Ctrl-C stops the daemon. Commands that run go on, and the next start finds them.',
    '',
  ].join('\n')
}

function shortest(path: string, cwd: string): string {
  const short = relative(cwd, path)
  return short.startsWith('..') ? path : short || '.'
}

// What the command line's programs need to be told where they do not find the daemon by themselves.
function serverOption(url: string): string {
  return url === 'http://127.0.0.1:8089' ? '' : ` --server ${url}`
}

/** Says it once when a run succeeded; ends with the signal's reason when that comes first. */
export async function announceFirstSuccess(
  tron: Pick<Tron, 'changes'>,
  { url, write, signal }: { readonly url: string; readonly write: Write; readonly signal: AbortSignal },
): Promise<void> {
  for await (const { kind, id, to } of tron.changes({ signal })) {
    if (kind !== 'run' || to !== 'succeeded') continue
    write(`The first run succeeded: ${id}. Look at it with bin/tronview${serverOption(url)} ${id}\n`)
    return
  }
}

/** Introduces the demo now, and tells the first success later. */
export function showDemo(
  tron: Pick<Tron, 'changes' | 'jobs'>,
  place: DemoPlace & { readonly write: Write; readonly log: Logger; readonly signal: AbortSignal },
): void {
  const { write, log, signal } = place
  const jobs = tron.jobs().map(({ spec: { id, schedule, actions } }) => ({
    id,
    schedule: `${schedule.kind} ${schedule.value}`,
    actions: actions.map(({ name }) => name),
  }))
  write(introduceDemo(jobs, place))
  announceFirstSuccess(tron, place).catch((error: unknown) => {
    if (!signal.aborted) log.warn('the runs of the demo cannot be followed', { error: messageOf(error) })
  })
}
