/** The states of an action run, as in Tron 3. */
export const ACTION_STATES = [
  'scheduled',
  'waiting',
  'queued',
  'starting',
  'running',
  'succeeded',
  'failed',
  'skipped',
  'cancelled',
  'unknown',
] as const

/** The state of an action of a run. */
export type ActionState = (typeof ACTION_STATES)[number]

/** A job run's state is derived from those of its actions and uses the same words. */
export type RunState = ActionState

/** A job's status, derived from its runs. */
export type JobStatus = 'enabled' | 'disabled' | 'running' | 'unknown'

/** Nothing more happens to an action run in one of these by itself. */
export function isEnded(state: ActionState): boolean {
  return isComplete(state) || isBroken(state)
}

/** Satisfies what requires it. */
export function isComplete(state: ActionState): boolean {
  return state === 'succeeded' || state === 'skipped'
}

/** Ended, and satisfies nothing that requires it. */
export function isBroken(state: ActionState): boolean {
  return state === 'failed' || state === 'cancelled' || state === 'unknown'
}

/** A command of it is, or is about to be, on a node. */
export function isActive(state: ActionState): boolean {
  return state === 'starting' || state === 'running'
}

/** Exit statuses that no process reported: Tron 3's own numbers, which clients know. */
export const TRON_EXIT = {
  invalidCommand: -1,
  nodeError: -2,
  stopped: -3,
  triggerTimeout: -4,
  lost: -12,
} as const

/** What became of a slot, the instant that a schedule names. Every slot ends with exactly one of these. */
export const SLOT_OUTCOMES = [
  'ran',
  'late',
  'queued',
  'skipped',
  'missed',
  'disabled',
  'held',
  'withdrawn',
  'found on node',
] as const

/** What became of one slot. */
export type SlotOutcome = (typeof SLOT_OUTCOMES)[number]
