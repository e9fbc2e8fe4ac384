import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartRequest } from '@tron/executor'
import { until } from '@tron/testkit'
import { DEADLINE_MS, type EventOf, patience } from '../node-in-namespace.ts'
import type { Lane } from './lane.ts'

/** An attempt that leaves traces of its own: `ran.<mark>` when it runs, `ended.<mark>` with its status. */
export interface Attempt {
  readonly request: StartRequest
  readonly mark: string
  readonly code: number
  readonly stdout: string
  readonly stderr: string
  /**
   * Why it never runs: it was revoked; or whoever was to start it was deposed before there was anything of it; or the node has no room for its records,
   * unless it is lost with whoever launched it.
   */
  readonly neverRuns?: 'revoked' | 'fenced' | 'full'
  /** What was told of its end before somebody was killed. */
  readonly closed?: EventOf<'closed'>
  /** Whether it may have been ended by a signal before it could write its own status. */
  readonly isStopped?: boolean
  /** Whether the node may have forgotten it. */
  readonly isSwept?: boolean
  /** Whether its supervisor was killed to begin with. */
  readonly isOrphan?: boolean
}

export const PATIENT = { withinMs: DEADLINE_MS, everyMs: 5 }

/** Goes on when something is written into its file. */
export const WAIT_FOR_GO = `f=hold-$TRON_ATTEMPT
mkfifo $f.new; mv $f.new $f; read x <$f`

/** How many were made for each lane. */
const made = new WeakMap<Lane, number>()

/** @param middle runs between the traces */
export function newAttempt(lane: Lane, middle = '', different: Partial<StartRequest> = {}): Attempt {
  const number = (made.get(lane) ?? 0) + 1
  made.set(lane, number)
  const mark = `${lane.name}.${number}`
  const code = 1 + (number % 100)
  // Some write nothing there: a stream that is empty is treated in another way.
  const words = { stdout: `out-${number}`, stderr: number % 2 === 0 ? `err-${number}` : '' }
  const command = `echo ran >>ran.${mark}
echo ${words.stdout}
test -z "${words.stderr}" || echo ${words.stderr} >&2
${middle}
echo ${code} >>ended.${mark}
exit ${code}`
  return {
    request: lane.request(command, different),
    mark,
    code,
    stdout: `${words.stdout}\n`,
    stderr: words.stderr === '' ? '' : `${words.stderr}\n`,
  }
}

/** One whose command goes to the node in a file. */
export function newLongAttempt(lane: Lane, different: Partial<StartRequest> = {}): Attempt {
  return newAttempt(lane, `: ${'x'.repeat(5_000)}\n`.repeat(21), different)
}

/** One that is longer than what a node's program takes in before it reads. */
export function newVeryLongAttempt(lane: Lane): Attempt {
  return newAttempt(lane, `: ${'x'.repeat(50_000)}\n`.repeat(3))
}

/** Starts it, and waits until it ended. */
export async function run(lane: Lane, attempt: Attempt): Promise<readonly Attempt[]> {
  await lane.start([attempt.request])
  await ended(lane, attempt)
  return [attempt]
}

/** Runs it to the end of its output. */
export async function finish(lane: Lane, attempt: Attempt): Promise<Attempt> {
  const from = lane.events.length
  await lane.start([attempt.request])
  return { ...attempt, closed: await lane.wait(['closed'], attempt.request.id, from) }
}

/** Waits until it ended, or somebody was killed and it may never tell. */
export async function ended(lane: Lane, { request }: Attempt): Promise<void> {
  let from = 0
  const isOver = (): boolean => {
    const isClosed = lane.events
      .slice(from)
      .some((event) => event.kind === 'closed' && event.id === request.id)
    from = lane.events.length
    return isClosed || lane.orders.isDone()
  }
  await until('it ended, or somebody is dead', isOver, PATIENT)
}

/** Waits until a command has made this file in its home. */
export async function appears(lane: Lane, file: string): Promise<string> {
  const path = join(lane.home, file)
  await until(`${file} is there`, () => existsSync(path), PATIENT)
  return path
}

export async function adopt(lane: Lane, { request }: Attempt): Promise<void> {
  await lane.executor.adopt([request], patience())
}

/** Asks until it is released. */
export async function release(lane: Lane, { request }: Attempt): Promise<void> {
  await until(
    'it is released',
    async () => (await lane.executor.release([request])).includes(request.id),
    PATIENT,
  )
}

/** The spool's generation; others may be left of beginnings that were cut short. */
export async function generationOf(lane: Lane): Promise<string> {
  const [name = ''] = (await readFile(join(lane.spool, 'gen'), 'latin1')).split(' ')
  if (!(await readdir(lane.spool)).includes(name)) throw new Error('there is no spool')
  return join(lane.spool, name)
}

/** The folder of an attempt. */
export async function folderOf(lane: Lane, { request: { id } }: Attempt): Promise<string> {
  return join(await generationOf(lane), 'a', id.slice(0, 2), id)
}
