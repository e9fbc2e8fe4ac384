import type { ExecutorEvent, Outcome, Sizes, TailPart } from '@tron/executor'
import type { AttemptRow } from './attempt-row.ts'
import type { Book } from './book.ts'
import type { ModelNode } from './model-node.ts'
import type { Rule } from './rules.ts'
import { type AttemptTruth, isUnrecorded, type SpoolFolder } from './spool-folder.ts'

export type AttemptEvent = Exclude<ExecutorEvent, { kind: 'target' }>

/** How far the story of an attempt was told. */
export type Told = 'nothing' | 'started' | 'exit' | 'closed'

/** What is compared when an event is told. */
export interface EventContext {
  readonly book: Book
  readonly row: AttemptRow
  readonly node: ModelNode
  /** What this process was told of the attempt before. */
  readonly told: Told
  /** Whether it was adopted while its start was not confirmed. */
  readonly wasAskedEarly: boolean
}

/** Notes a broken rule of the attempt that an event is about. */
export function broken({ book, row }: EventContext, rule: Rule, text: string): void {
  book.broken(rule, `${row.id.slice(0, 6)} on ${row.request.target.node}: ${text}`)
}

/** Holds an event of an honest node against what really happened. */
export function checkTruth(context: EventContext, event: AttemptEvent): void {
  const { row, node } = context
  // What was told before may be taken in after.
  const lost = node.removed.get(row.id)
  if (lost !== undefined) {
    checkOutlived(context, lost, event)
    return
  }
  const folder = node.folders.get(row.id)
  const truth = folder?.truth
  if (event.kind === 'absent') checkAbsent(context, folder, event)
  else if (event.kind === 'stopped') checkStopped(context, event)
  else if (folder !== undefined && isUnrecorded(folder)) checkUnrecorded(context, folder, event)
  else if (truth === undefined || truth.launches === 0) {
    broken(context, 'started', `${event.kind} is told, and nothing was launched`)
  } else checkLaunched(context, truth, event)
}

/** Of one whose records somebody removed nothing is known but whether it runs: while it does, it is not told to have ended. */
function checkOutlived(context: EventContext, { truth }: SpoolFolder, event: AttemptEvent): void {
  const { row, node } = context
  if (event.kind === 'started' && event.reason !== undefined)
    context.book.cover('told to outlive its records')
  if (event.kind === 'stopped') checkStopped(context, event)
  if (row.phase !== 'running') return
  const isEnded = event.kind === 'absent' || (event.kind === 'exit' && event.outcome.type === 'lost')
  if (isEnded && truth.commandAlive && node.isCarried(row.id))
    broken(context, 'outlived', `${event.kind} is told, and its command runs`)
}

function checkAbsent(
  context: EventContext,
  folder: SpoolFolder | undefined,
  event: Extract<AttemptEvent, { kind: 'absent' }>,
): void {
  context.book.cover('absent told')
  // While a start is under way it may come right after somebody looked.
  const isSure = event.proof === 'never-started' || !context.wasAskedEarly
  if (!isSure || folder === undefined) return
  if (folder.truth.launches > 0) broken(context, 'absent', `absent (${event.reason}), and it was launched`)
  if (isUnrecorded(folder)) broken(context, 'absent', `absent (${event.reason}), and its go was made`)
}

/** Nobody can know whether it ran: it is told as started when it was asked for, and lost. */
function checkUnrecorded(
  context: EventContext,
  { claim, truth }: SpoolFolder,
  event: Exclude<AttemptEvent, { kind: 'absent' | 'stopped' }>,
): void {
  if (event.kind === 'started' && event.atMs !== claim?.atMs)
    broken(context, 'started', `at ${event.atMs}, and it was asked for at ${claim?.atMs}`)
  if ('sizes' in event) checkSizes(context, truth, event.sizes)
  if (event.kind !== 'exit') return
  const cause = event.outcome.type === 'lost' ? event.outcome.cause : null
  const isTrue =
    cause === 'reboot' ? truth.boot !== context.node.boot : cause === 'killed' && truth.wasGoKilled
  if (isTrue) context.book.cover('exit lost: start unproven')
  else broken(context, 'outcome', `${JSON.stringify(event.outcome)} of a go without a record`)
}

function checkStopped(context: EventContext, event: Extract<AttemptEvent, { kind: 'stopped' }>): void {
  const { row, node, book } = context
  const left = node.processes.get(row.id)?.size ?? 0
  if (event.survivors.length === 0 && left > 0) broken(context, 'stopped', `${left} processes are alive`)
  book.cover(stopCoverage(event.signalled))
}

function stopCoverage(
  signalled: readonly string[],
): 'stopped by KILL' | 'stopped by TERM' | 'stopped with nothing to signal' {
  if (signalled.includes('KILL')) return 'stopped by KILL'
  return signalled.includes('TERM') ? 'stopped by TERM' : 'stopped with nothing to signal'
}

function checkLaunched(
  context: EventContext,
  truth: AttemptTruth,
  event: Exclude<AttemptEvent, { kind: 'absent' | 'stopped' }>,
): void {
  const { book } = context
  if ('sizes' in event) checkSizes(context, truth, event.sizes)
  switch (event.kind) {
    case 'started':
      if (event.atMs !== truth.startedMs)
        broken(context, 'started', `at ${event.atMs}, and it was at ${truth.startedMs}`)
      break
    case 'exit':
      checkOutcome(context, truth, event)
      break
    case 'closed':
      checkClosed(context, truth, event)
      break
    case 'progress':
      book.cover('progress told')
      break
  }
}

function checkSizes(context: EventContext, { written }: AttemptTruth, sizes: Sizes): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    if (sizes[stream] > written[stream].length) {
      broken(context, 'sizes', `${stream} has ${written[stream].length} bytes, told are ${sizes[stream]}`)
    }
  }
}

function checkOutcome(
  context: EventContext,
  truth: AttemptTruth,
  { outcome, atMs }: { readonly outcome: Outcome; readonly atMs: number },
): void {
  const { exit } = truth
  if (outcome.type === 'exited') {
    context.book.cover('exit told')
    if (exit?.code === outcome.code && exit.atMs === atMs) return
    broken(context, 'outcome', `exit ${outcome.code} at ${atMs} is told; true is ${JSON.stringify(exit)}`)
  } else if (outcome.type === 'lost') checkLost(context, truth, outcome.cause)
}

function checkLost(
  context: EventContext,
  truth: AttemptTruth,
  cause: Extract<Outcome, { type: 'lost' }>['cause'],
): void {
  const { book, node } = context
  const isTrue = cause === 'reboot' ? truth.boot !== node.boot : truth.wasOrphaned && !truth.commandAlive
  if (cause === 'reboot' || cause === 'killed' || cause === 'unknowable') book.cover(`exit lost: ${cause}`)
  if (truth.exit !== null || !isTrue) {
    broken(context, 'outcome', `lost (${cause}) is told; true is ${JSON.stringify(truth.exit)}`)
  }
}

function checkClosed(
  context: EventContext,
  truth: AttemptTruth,
  event: Extract<AttemptEvent, { kind: 'closed' }>,
): void {
  const { book } = context
  const { sizes, tail, leftRunning } = event
  for (const stream of ['stdout', 'stderr'] as const) {
    const part = tail?.[stream]
    if (part !== undefined) checkTail(context, truth.written[stream], part)
  }
  if (sizes.stdout + sizes.stderr === 0) book.cover('closed and empty')
  if (leftRunning > 0) {
    book.cover('closed with children left running')
    if (!truth.wasSeenOpen) broken(context, 'left', `${leftRunning} are told left running, and none was`)
    return
  }
  // Whatever is written after a release is written into nothing.
  if (truth.isReleased) return
  // A child of a command whose supervisor was killed may write on: nobody waits for it.
  if (truth.wasOrphaned && truth.children > 0) return
  checkFinal(context, truth, event)
}

function checkTail(context: EventContext, written: Buffer, { from, bytes }: TailPart): void {
  context.book.cover('closed with its tail')
  if (!written.subarray(from, from + bytes.length).equals(bytes)) {
    broken(context, 'tail', 'the tail holds other bytes than were written')
  }
}

function checkFinal(
  context: EventContext,
  { written, lost, exit }: AttemptTruth,
  event: Extract<AttemptEvent, { kind: 'closed' }>,
): void {
  const { sizes } = event
  if (sizes.stdout !== written.stdout.length || sizes.stderr !== written.stderr.length) {
    const all = `${written.stdout.length} and ${written.stderr.length}`
    broken(context, 'sizes', `closed with ${sizes.stdout} and ${sizes.stderr} bytes, and there are ${all}`)
  }
  const wasLost = lost.stdout || lost.stderr
  if ((event.lost ?? 0) > 0 && !wasLost) broken(context, 'lost', 'lost output is told, and none was lost')
  if (wasLost && exit !== null && event.lost === undefined) {
    broken(context, 'lost', 'output was lost, and that is not told')
  }
}
