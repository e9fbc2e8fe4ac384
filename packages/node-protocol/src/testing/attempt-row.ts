import type { ExecutorEvent, Outcome, Sizes, StartRequest, Stream } from '@tron/executor'
import type { AttemptId } from '@tron/model'

/** What the scheduler of a simulation has committed about one attempt: it outlives every process. */
export interface AttemptRow {
  readonly id: AttemptId
  readonly request: StartRequest
  /** The source whose events may speak of it. */
  readonly source: string
  /** Whether it is on a node that invents what it says: what such a node says of its own attempts is not judged. */
  readonly isHostile: boolean
  phase: 'starting' | 'running' | 'ended'
  outcome: Outcome | null
  output: 'open' | 'closed' | 'complete'
  sizes: Sizes
  leftRunning: number
  readonly logs: Record<Stream, Buffer>
  revokeWanted: boolean
  stopWanted: 'TERM' | 'KILL' | null
  /** It was told that nothing of it survived the newest stop. */
  isStopped: boolean
  released: boolean
  /** An earlier request may have reached its node. */
  maybeSent: boolean
  /** Why it can never be launched from now on; null while it can. */
  never: { readonly rule: 'unreachable' | 'refused' | 'revoked' | 'absent'; readonly why: string } | null
}

/** What is committed, as a store would keep it. */
export interface CommittedState {
  readonly rows: Map<AttemptId, AttemptRow>
  readonly cursors: Record<string, string>
}

export function createRow(request: StartRequest, source: string, isHostile: boolean): AttemptRow {
  return {
    id: request.id,
    request,
    source,
    isHostile,
    phase: 'starting',
    outcome: null,
    output: 'open',
    sizes: { stdout: 0, stderr: 0 },
    leftRunning: 0,
    logs: { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) },
    revokeWanted: false,
    stopWanted: null,
    isStopped: false,
    released: false,
    maybeSent: false,
    never: null,
  }
}

/** Nothing will be asked about it any more. */
export function isDone(row: AttemptRow): boolean {
  return row.released
}

/** A stop of it is wanted, and nobody has said yet that nothing of it is there. */
export function isToBeStopped(row: AttemptRow): boolean {
  if (row.stopWanted === null || row.isStopped || row.never !== null) return false
  if (row.phase !== 'ended') return row.phase === 'running'
  const { outcome } = row
  return outcome?.type !== 'lost' || outcome.cause === 'killed' || outcome.cause === 'unknowable'
}

/** Wants a stop, or a harder one. What has ended may have left something behind. */
export function wantStop(row: AttemptRow, signal: 'TERM' | 'KILL'): void {
  row.stopWanted = signal
  row.isStopped = false
}

/** An attempt that never ran, and has nothing that could be released. */
export function endUnstarted(row: AttemptRow, never: NonNullable<AttemptRow['never']>): void {
  row.never = never
  row.phase = 'ended'
  row.output = 'complete'
  // A revoked one has a folder that must be emptied.
  row.released = never.rule === 'unreachable'
}

/** Its node lost all that there was of it, and more was to come. */
function endLost(row: AttemptRow): void {
  if (row.phase === 'starting' || row.output !== 'open') return
  row.phase = 'ended'
  row.output = 'complete'
  row.released = true
}

/** Takes one event in; what is known already changes nothing. */
export function applyEvent(row: AttemptRow, event: ExecutorEvent): void {
  switch (event.kind) {
    case 'started':
      if (row.phase === 'starting') row.phase = 'running'
      row.revokeWanted = false
      break
    case 'exit':
      if (row.phase === 'ended') break
      row.phase = 'ended'
      row.outcome = event.outcome
      row.sizes = event.sizes
      break
    case 'closed':
      applyClosed(row, event)
      break
    case 'stopped':
      row.isStopped ||= row.stopWanted !== null && event.survivors.length === 0
      break
    case 'absent':
      endLost(row)
      break
    case 'progress':
    case 'target':
      break
  }
}

function applyClosed(row: AttemptRow, event: Extract<ExecutorEvent, { kind: 'closed' }>): void {
  if (row.output === 'complete') return
  row.sizes = event.sizes
  row.leftRunning = event.leftRunning
  for (const stream of ['stdout', 'stderr'] as const) {
    const part = event.tail?.[stream]
    if (part !== undefined) appendLog(row, stream, part)
  }
  row.output = hasAllOutput(row) ? 'complete' : 'closed'
}

/** Adds bytes to a log where they belong; what is there already is left as it is. */
export function appendLog(
  row: AttemptRow,
  stream: Stream,
  part: { readonly from: number; readonly bytes: Uint8Array },
): void {
  const log = row.logs[stream]
  if (part.from > log.length || part.from + part.bytes.length <= log.length) return
  row.logs[stream] = Buffer.concat([log, part.bytes.subarray(log.length - part.from)])
}

export function hasAllOutput({ logs, sizes }: AttemptRow): boolean {
  return logs.stdout.length >= sizes.stdout && logs.stderr.length >= sizes.stderr
}
