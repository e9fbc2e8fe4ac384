import type { Outcome, StartReply } from '@tron/executor'
import { type AttemptId, TRON_EXIT } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import { type AttemptEnd, endAction, endStopped, putAction, putAttempt } from './action-life.ts'
import type { DecideContext } from './context.ts'
import type { ObservedEvent } from './input.ts'
import { readOutcome, verdictOf } from './outcome.ts'
import { advanceRun, leaveMemory } from './run-life.ts'
import { isBeingStopped, isProvedStopped, isStartInDoubt } from './stopping.ts'

type EventOf<K extends ObservedEvent['event']['kind']> = Extract<ObservedEvent['event'], { kind: K }>

/**
 * Takes the events of one batch in, then carries on each run that they touched, once. Events come at least once: what is known already changes
 * nothing.
 */
export function takeEvents(draft: Draft, context: DecideContext, events: readonly ObservedEvent[]): void {
  const runs = new Set<string>()
  for (const observed of events) {
    const attempt = draft.view.attempts.get(observed.event.id)
    if (attempt !== undefined) runs.add(attempt.run)
    takeEvent(draft, context, observed)
  }
  for (const run of runs) advanceRun(draft, context, run)
  // Not every end of an attempt is followed by a release.
  for (const { event } of events) {
    if (event.kind === 'absent' || event.kind === 'stopped') leaveAfter(draft, event.id)
  }
}

function leaveAfter(draft: Draft, id: AttemptId): void {
  const attempt = draft.view.attempts.get(id)
  if (attempt?.live === false) leaveMemory(draft, attempt.run)
}

function takeEvent(draft: Draft, context: DecideContext, observed: ObservedEvent): void {
  const { event } = observed
  const attempt = draft.view.attempts.get(event.id)
  if (attempt === undefined) return
  switch (event.kind) {
    case 'started':
      takeStarted(draft, attempt, event)
      break
    case 'exit':
      takeExit(draft, attempt, event)
      break
    case 'closed':
      takeClosed(draft, { attempt, event, complete: observed.complete })
      break
    case 'stopped':
      takeStopped(draft, attempt, event)
      break
    case 'absent':
      takeAbsent(draft, context, { attempt, event })
      break
  }
}

function takeStarted(draft: Draft, attempt: AttemptRow, event: EventOf<'started'>): void {
  const reason = event.reason ?? null
  if (attempt.phase === 'running') sayWhy(draft, attempt, reason)
  if (attempt.phase !== 'starting') return
  putAttempt(draft, {
    ...attempt,
    phase: 'running',
    startedMs: event.atMs,
    handle: event.handle ?? attempt.handle,
    revokeWanted: false,
  })
  const action = draft.view.actions.get(attempt.action)
  if (action?.attempt === attempt.id && action.state === 'starting') {
    putAction(draft, { ...action, state: 'running', reason })
  }
}

/** Says on the action of an attempt why it has not started yet, or why its end may not be told; null while nothing is to be said. */
function sayWhy(draft: Draft, attempt: AttemptRow, reason: string | null): void {
  const action = draft.view.actions.get(attempt.action)
  if (action?.attempt !== attempt.id || action.state !== attempt.phase || action.reason === reason) return
  putAction(draft, { ...action, reason })
}

function takeExit(draft: Draft, attempt: AttemptRow, event: EventOf<'exit'>): void {
  if (attempt.phase === 'ended') return
  const ended: AttemptRow = {
    ...attempt,
    phase: 'ended',
    startedMs: attempt.startedMs ?? attempt.createdMs,
    endedMs: event.atMs,
    outcome: { ...event.outcome },
    stdout: event.sizes.stdout,
    stderr: event.sizes.stderr,
    revokeWanted: false,
  }
  putAttempt(draft, ended)
  endAction(draft, ended, endOf(ended, event))
}

/** What the end of an attempt means for its action, with what is to be said of a stop. */
function endOf(attempt: AttemptRow, exit: { readonly outcome: Outcome; readonly atMs: number }): AttemptEnd {
  return { ...verdictOf(exit.outcome), atMs: exit.atMs, note: stopNote(attempt, exit) }
}

/** A stop that met a command which ended by itself with 0 came too late, and says by how much. */
function stopNote(
  attempt: AttemptRow,
  exit: { readonly outcome: Outcome; readonly atMs: number },
): string | null {
  if (attempt.stopWanted === null || attempt.stopAtMs === null) return null
  if (exit.outcome.type !== 'exited' || exit.outcome.code !== 0) return null
  const lateMs = attempt.stopAtMs - exit.atMs
  return lateMs > 0 ? `stop came ${lateMs} ms late` : 'the command ended with 0 after it was told to stop'
}

function takeClosed(
  draft: Draft,
  taken: { readonly attempt: AttemptRow; readonly event: EventOf<'closed'>; readonly complete: boolean },
): void {
  const { attempt, event, complete } = taken
  if (attempt.output === 'complete' || attempt.output === 'gone') return
  putAttempt(draft, {
    ...attempt,
    stdout: event.sizes.stdout,
    stderr: event.sizes.stderr,
    output: complete ? 'complete' : 'closed',
    // A stop may have ended what was counted before.
    leftRunning: isProvedStopped(attempt) ? 0 : event.leftRunning,
    lost: event.lost ?? 0,
    note: closedNote(attempt, event),
  })
}

function closedNote(attempt: AttemptRow, event: EventOf<'closed'>): string | null {
  const notes = attempt.note === null ? [] : [attempt.note]
  if (event.leftRunning > 0) notes.push(`left running: ${event.leftRunning}`)
  if (event.lost !== undefined && event.lost > 0) {
    notes.push('output was lost: the node could not write all of it')
  }
  return notes.length === 0 ? null : notes.join('; ')
}

function takeStopped(draft: Draft, attempt: AttemptRow, event: EventOf<'stopped'>): void {
  const { atMs, signalled, survivors } = event
  putStopped(draft, attempt, { atMs, signalled, survivors })
  const action = draft.view.actions.get(attempt.action)
  if (survivors.length === 0 || action === undefined) return
  const note = `${survivors.length} processes survived the stop: ${survivors.join(', ')}`
  putAction(draft, { ...action, note })
}

/** The executor took a stop, and cannot tell what will have come of it: more will not be known. */
export function takeStopTaken(draft: Draft, context: DecideContext, id: AttemptId): void {
  const attempt = draft.view.attempts.get(id)
  if (attempt === undefined || attempt.stopWanted === null || attempt.stopped !== null) return
  const signalled = [attempt.stopWanted]
  putStopped(draft, attempt, { atMs: context.nowMs, signalled, survivors: null })
  advanceRun(draft, context, attempt.run)
  leaveAfter(draft, id)
}

/** Notes what is known of a stop; an action that waited for it, and for nothing else, ends. */
function putStopped(draft: Draft, attempt: AttemptRow, stopped: NonNullable<AttemptRow['stopped']>): void {
  const row = { ...attempt, stopped }
  const leftRunning = isProvedStopped(row) ? 0 : attempt.leftRunning
  const isOpen = !attempt.released || isBeingStopped(row)
  putAttempt(draft, { ...row, leftRunning, live: attempt.live && isOpen })
  const outcome = readOutcome(attempt.outcome)
  if (outcome === null || attempt.endedMs === null || isBeingStopped(row)) return
  endStopped(draft, row, endOf(row, { outcome, atMs: attempt.endedMs }))
}

function takeAbsent(
  draft: Draft,
  context: DecideContext,
  taken: { readonly attempt: AttemptRow; readonly event: EventOf<'absent'> },
): void {
  const { attempt, event } = taken
  // Where nobody knows of it any more, nobody can say what is left of it.
  if (isBeingStopped(attempt)) {
    putStopped(draft, attempt, { atMs: context.nowMs, signalled: [], survivors: null })
  }
  const ended = draft.view.attempts.get(attempt.id) ?? attempt
  if (ended.phase === 'ended' && ended.output === 'open') {
    const note = `its output is gone: ${event.reason}`
    putAttempt(draft, { ...ended, output: 'gone', note, released: true, live: false })
  }
  // A start that has not been confirmed is simply asked for again, under the same id, unless it is not wanted any more.
  if (attempt.phase === 'running' || isStartInDoubt(attempt)) endTraceless(draft, context, taken)
}

/** Ends what was started, or may have been, and of which its target knows nothing. */
function endTraceless(
  draft: Draft,
  context: DecideContext,
  { attempt, event }: { readonly attempt: AttemptRow; readonly event: EventOf<'absent'> },
): void {
  if (attempt.phase === 'starting' && event.proof === 'never-started') {
    endRevoked(draft, context, { attempt, ended: { type: 'absent' } })
    return
  }
  closeUnstarted(draft, attempt, { type: 'absent', nowMs: context.nowMs })
  const started = attempt.phase === 'running' ? '' : 'whether it started is not known, and '
  const reason = `${started}the node holds no trace of it: ${event.reason}`
  const end = { state: 'unknown', exitStatus: null, atMs: context.nowMs, reason, note: null } as const
  endAction(draft, attempt, end)
}

/** Ends an attempt that left nothing at its target, or nothing that can be had. */
function closeUnstarted(
  draft: Draft,
  attempt: AttemptRow,
  ended: { readonly type: string; readonly nowMs: number; readonly released?: boolean },
): void {
  putAttempt(draft, {
    ...attempt,
    phase: 'ended',
    endedMs: ended.nowMs,
    outcome: { type: ended.type },
    output: ended.type === 'absent' ? 'gone' : 'complete',
    released: ended.released ?? true,
    live: !(ended.released ?? true),
    revokeWanted: false,
  })
}

/** Takes the answers to start requests in: accepted ones wait for `started`, refused ones end. */
export function takeStartReplies(
  draft: Draft,
  context: DecideContext,
  taken: { readonly replies: readonly StartReply[]; readonly maybeSent: readonly AttemptId[] },
): void {
  const runs = new Set<string>()
  for (const reply of taken.replies) {
    const attempt = draft.view.attempts.get(reply.id)
    if (attempt?.phase !== 'starting' || reply.result !== 'refused') continue
    const neverLeft = reply.code === 'UNREACHABLE' && !taken.maybeSent.includes(reply.id)
    if (reply.retry && !neverLeft) {
      sayWhy(draft, attempt, `not started yet: ${reply.reason}`)
      continue
    }
    closeUnstarted(draft, attempt, { type: 'refused', nowMs: context.nowMs })
    endAction(draft, attempt, {
      state: 'failed',
      exitStatus: TRON_EXIT.nodeError,
      atMs: context.nowMs,
      reason: `never started: ${reply.reason}`,
      note: null,
    })
    runs.add(attempt.run)
  }
  for (const run of runs) {
    advanceRun(draft, context, run)
    leaveMemory(draft, run)
  }
}

/** `revoked` proves that an attempt never started and never will. */
export function takeRevoked(draft: Draft, context: DecideContext, id: AttemptId): void {
  const attempt = draft.view.attempts.get(id)
  if (attempt?.phase !== 'starting') return
  endRevoked(draft, context, { attempt, ended: { type: 'revoked', released: false } })
  advanceRun(draft, context, attempt.run)
}

function endRevoked(
  draft: Draft,
  context: DecideContext,
  { attempt, ended }: { readonly attempt: AttemptRow; readonly ended: { type: string; released?: boolean } },
): void {
  closeUnstarted(draft, attempt, { ...ended, nowMs: context.nowMs })
  endAction(draft, attempt, {
    state: 'failed',
    exitStatus: TRON_EXIT.stopped,
    atMs: context.nowMs,
    reason: 'stopped before it started',
    note: null,
  })
}

/** The start had won against the revoke, or its executor knows of no revokes: now it takes a stop. */
export function takeRevokeLost(draft: Draft, context: DecideContext, id: AttemptId): void {
  const attempt = draft.view.attempts.get(id)
  if (attempt === undefined || attempt.phase === 'ended') return
  putAttempt(draft, {
    ...attempt,
    revokeWanted: false,
    stopWanted: attempt.stopWanted ?? 'TERM',
    stopAtMs: attempt.stopAtMs ?? context.nowMs,
  })
}

/** The target emptied the attempt's directory: it is history. */
export function takeReleased(draft: Draft, id: AttemptId): void {
  const attempt = draft.view.attempts.get(id)
  if (attempt === undefined) return
  putAttempt(draft, { ...attempt, released: true, live: isBeingStopped(attempt) })
  leaveMemory(draft, attempt.run)
}

/** All of the output is here, can never be, or was lost and is to be fetched again while its target still holds it. */
export function takeOutput(
  draft: Draft,
  taken: {
    readonly id: AttemptId
    readonly output: 'complete' | 'gone' | 'closed'
    readonly note: string | null
  },
): void {
  const attempt = draft.view.attempts.get(taken.id)
  if (attempt === undefined || attempt.released) return
  putAttempt(draft, { ...attempt, output: taken.output, note: taken.note ?? attempt.note })
}
