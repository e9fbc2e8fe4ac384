import { isActive, isComplete, isEnded, type JobSpec, type RunState } from '@tron/model'
import type { ActionRow } from '@tron/store'
import { actionSpec, CLEANUP } from './action-spec.ts'

/** A run's actions with what each of them requires. */
export interface ActionSet {
  readonly actions: readonly ActionRow[]
  requires(action: ActionRow): readonly string[]
}

export function actionSet(actions: readonly ActionRow[], spec: JobSpec): ActionSet {
  return { actions, requires: ({ name }) => actionSpec(spec, name)?.requires ?? [] }
}

/** Whether everything that an action requires is complete. What has no action run in this run is ignored, as in Tron. */
export function isSatisfied(set: ActionSet, action: ActionRow): boolean {
  return set.requires(action).every((name) => {
    const required = set.actions.find((other) => other.name === name)
    return required === undefined || isComplete(required.state)
  })
}

/** Neither ended nor active, and waiting for something in this run that is not complete. */
function isBlocked(set: ActionSet, action: ActionRow): boolean {
  return !isEnded(action.state) && !isActive(action.state) && !isSatisfied(set, action)
}

/** Nothing is active, and every regular action is ended or can never start. */
export function isDone(set: ActionSet): boolean {
  if (set.actions.some((action) => isActive(action.state))) return false
  return set.actions.every(
    (action) => action.name === CLEANUP || isEnded(action.state) || isBlocked(set, action),
  )
}

/**
 * The state of a run, derived from its actions by Tron's rules, first match wins; with one difference: a cleanup action that failed makes the run
 * `failed`, where Tron said `unknown`.
 */
export function deriveRunState(set: ActionSet): RunState {
  const any = (state: RunState) => set.actions.some((action) => action.state === state)
  if (set.actions.length === 0) return 'unknown'
  if (set.actions.every((action) => isComplete(action.state))) return 'succeeded'
  if (any('cancelled')) return 'cancelled'
  if (any('running')) return 'running'
  if (any('starting')) return 'starting'
  if (any('failed') && isDone(set)) return 'failed'
  if (any('scheduled')) return 'scheduled'
  if (set.actions.every((action) => action.state === 'queued')) return 'queued'
  return 'unknown'
}

/** What `{cleanup_job_status}` renders to. */
export function cleanupJobStatus(set: ActionSet): 'SUCCESS' | 'FAILURE' | 'UNKNOWN' {
  const regular = set.actions.filter((action) => action.name !== CLEANUP)
  if (regular.some((action) => action.state === 'failed') && isDone(set)) return 'FAILURE'
  return regular.every((action) => isComplete(action.state)) ? 'SUCCESS' : 'UNKNOWN'
}
