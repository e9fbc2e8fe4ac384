import type { AttemptRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import type { DecideContext } from './context.ts'
import { readOutcome } from './outcome.ts'

/**
 * Whether a stop of an attempt was asked for, and its command ended, and its target has yet to say that no process of it survives. Until then its
 * action has not ended, and nothing of it is released: a child that goes on would run beside whatever comes next.
 */
export function isBeingStopped(attempt: AttemptRow): boolean {
  return attempt.phase === 'ended' && attempt.stopWanted !== null && isUnproved(attempt) && canLeave(attempt)
}

/** Nobody has said that it is stopped, or what was said names survivors. Where the executor cannot tell, that it took the stop is all there is. */
function isUnproved({ stopped }: AttemptRow): boolean {
  return stopped === null || (stopped.survivors !== null && stopped.survivors.length > 0)
}

/** Whether a process of it can be there at all: not of what never ran, nor on a target that was rebooted or is not there any more. */
function canLeave(attempt: AttemptRow): boolean {
  const outcome = readOutcome(attempt.outcome)
  if (outcome?.type !== 'lost') return outcome !== null
  return outcome.cause === 'killed' || outcome.cause === 'unknowable'
}

/** Whether an attempt is to be stopped of which nobody knows yet whether it started: a revoke came too late, or could not be had. */
export function isStartInDoubt({ phase, revokeWanted, stopWanted }: AttemptRow): boolean {
  return phase === 'starting' && !revokeWanted && stopWanted !== null
}

/** Whether its target said of the newest stop that nothing of it survives. */
export function isProvedStopped({ stopped }: AttemptRow): boolean {
  return stopped?.survivors?.length === 0
}

/** Whether something of an attempt is there, or may be, that a stop can end. */
export function isStoppable(attempt: AttemptRow): boolean {
  if (attempt.phase !== 'ended') return true
  return (
    canLeave(attempt) && (attempt.leftRunning > 0 || attempt.output === 'open' || isBeingStopped(attempt))
  )
}

/** Commits the wish that an attempt ends: what has not started is revoked, what runs is signalled. Acting on it comes after the commit. */
export function wantEnd(
  draft: Draft,
  context: DecideContext,
  wanted: { readonly attempt: AttemptRow; readonly signal: 'TERM' | 'KILL' },
): void {
  const { attempt, signal } = wanted
  const stopWanted = attempt.stopWanted === 'KILL' ? 'KILL' : signal
  const row: AttemptRow = {
    ...attempt,
    revokeWanted: attempt.phase === 'starting',
    stopWanted,
    stopAtMs: attempt.stopAtMs ?? context.nowMs,
    stopped: isTaken(attempt, stopWanted) ? attempt.stopped : null,
    // What was released and left processes behind is looked after again.
    live: true,
  }
  draft.put({ table: 'attempts', row })
}

/** The same stop is with an executor that cannot tell what came of it, and its command has not ended. */
function isTaken({ phase, stopWanted, stopped }: AttemptRow, signal: 'TERM' | 'KILL'): boolean {
  return phase !== 'ended' && stopWanted === signal && stopped?.survivors === null
}
