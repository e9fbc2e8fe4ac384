import { isActive, isEnded } from '@tron/model'
import type { ActionRow, RunRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import { putAction, startAction } from './action-life.ts'
import { CLEANUP } from './action-spec.ts'
import type { DecideContext } from './context.ts'
import { noteEnd } from './last-success.ts'
import { oldestQueued, planNext, plannedFor, setUnstarted } from './plan.ts'
import { type ActionSet, actionSet, deriveRunState, isDone, isSatisfied } from './run-state.ts'
import { extendHeld, recordSlot, recordStart } from './slots.ts'
import { heldFor } from './take-over.ts'

export function putRun(draft: Draft, row: RunRow): void {
  draft.put({ table: 'runs', row })
}

/** A pending or queued run's time has come: it starts, queues behind an active one, is skipped, or is held. */
export function fireRun(draft: Draft, context: DecideContext, run: RunRow): void {
  const job = draft.view.jobs.get(run.job)
  if (job === undefined) return
  const spec = context.spec(run.specHash)
  const reasons = heldReasons(spec.held, job.blocked)
  if (reasons !== null) {
    holdSlot(draft, context, { run, reason: reasons })
    return
  }
  // Not by the state that is shown: an action that was cancelled makes it `cancelled` while others run. What is open has something active.
  const busy = !spec.allowOverlap && draft.view.runs.by('jobPhase', `${run.job} open`).length > 0
  if (busy && spec.queueing) {
    queueRun(draft, run)
    return
  }
  if (busy) {
    endUnstarted(draft, context, { run, reason: 'the run before it had not ended' })
    recordSlot(draft, run, { outcome: 'skipped', reason: 'the run before it had not ended' })
  } else {
    recordStart(draft, run, context.nowMs)
    openRun(draft, context, run)
  }
  planNext(draft, context, run.job)
}

/** Why a job starts nothing; null when it may. */
export function heldReasons(held: readonly string[], blocked: string | null): string | null {
  const all = heldFor(held, blocked)
  return all.length === 0 ? null : all.join('; ')
}

/** The slot passes unused; the same pending run waits for the next one, so that no number is spent on it. */
function holdSlot(draft: Draft, context: DecideContext, held: { run: RunRow; reason: string }): void {
  const { run, reason } = held
  const job = draft.view.jobs.get(run.job)
  if (job === undefined || run.slotMs === null) return
  // Slots that passed while nobody worked are accounted for already.
  const since = Math.max(run.slotMs, job.lastSlotMs ?? run.slotMs)
  const spec = context.spec(run.specHash)
  const schedule = context.schedule(spec)
  const instant = schedule.next(since)
  const next = extendHeld(draft, job, { slotMs: run.slotMs, reason })
  const isOfSchedule = schedule.next(run.slotMs - 1)?.atMs === run.slotMs
  const adjacent = isOfSchedule && since === run.slotMs ? {} : { openSlot: null }
  draft.put({ table: 'jobs', row: { ...next, ...adjacent, lastSlotMs: since } })
  // One that was queued waits for an instant again: nothing that ends would start it.
  if (run.phase === 'queued') setUnstarted(draft, run.id, 'scheduled')
  const pending = { ...run, phase: 'pending', state: 'scheduled' } as const
  if (instant === null) putRun(draft, { ...pending, dueMs: null })
  else putRun(draft, { ...pending, ...plannedFor(context, spec, instant.atMs) })
}

function queueRun(draft: Draft, run: RunRow): void {
  if (run.phase === 'queued') return
  setUnstarted(draft, run.id, 'queued')
  putRun(draft, { ...run, phase: 'queued', state: 'queued', dueMs: null })
  recordSlot(draft, run, { outcome: 'queued' })
}

/** Starts a run: from here on its actions start as soon as what they require is complete. */
export function openRun(draft: Draft, context: DecideContext, run: RunRow): void {
  setUnstarted(draft, run.id, 'waiting')
  putRun(draft, { ...run, phase: 'open', state: 'waiting', dueMs: null, startedMs: context.nowMs })
  advanceRun(draft, context, run.id)
}

/** Ends a run that never started, without running its cleanup. */
export function endUnstarted(
  draft: Draft,
  context: DecideContext,
  ended: { readonly run: RunRow; readonly reason: string },
): void {
  const { run, reason } = ended
  for (const action of draft.view.actions.by('run', run.id)) {
    // What an operator gave a verdict on keeps it.
    if (isEnded(action.state)) putAction(draft, { ...action, live: false })
    else putAction(draft, { ...action, state: 'cancelled', reason, live: false })
  }
  putRun(draft, {
    ...run,
    phase: 'ended',
    state: 'cancelled',
    dueMs: null,
    endedMs: context.nowMs,
    note: reason,
    live: false,
  })
}

/**
 * Carries an open run as far as it goes now: starts what may start, then cleanup, then ends it. Called after every change to one of its actions;
 * calling it once more changes nothing.
 */
export function advanceRun(draft: Draft, context: DecideContext, id: string): void {
  const run = draft.view.runs.get(id)
  if (run?.phase !== 'open') return
  startSatisfied(draft, context, run)
  const set = readSet(draft, context, run)
  if (set.actions.some((action) => isActive(action.state))) {
    showState(draft, run, set)
    return
  }
  if (run.cancelling) cancelRest(draft, run, set)
  if (startCleanup(draft, context, run)) {
    showState(draft, run, readSet(draft, context, run))
    return
  }
  endRun(draft, context, run)
}

function readSet(draft: Draft, context: DecideContext, run: RunRow): ActionSet {
  return actionSet(draft.view.actions.by('run', run.id), context.spec(run.specHash))
}

function showState(draft: Draft, run: RunRow, set: ActionSet): void {
  const state = deriveRunState(set)
  if (state !== run.state) putRun(draft, { ...run, state })
}

function startSatisfied(draft: Draft, context: DecideContext, run: RunRow): void {
  if (run.cancelling || run.held !== null) return
  const set = readSet(draft, context, run)
  for (const action of set.actions) {
    if (action.name === CLEANUP || action.state !== 'waiting') continue
    if (isSatisfied(set, action)) startAction(draft, context, action.id)
  }
}

/** What is left of a run that was cancelled, once nothing of it is active. */
function cancelRest(draft: Draft, run: RunRow, set: ActionSet): void {
  for (const action of set.actions) {
    if (!isEnded(action.state)) putAction(draft, { ...action, state: 'cancelled', reason: run.held })
  }
}

/**
 * What is left of a run that was held waits for an operator, who may start it or not. The state of the run is what comes of it without one: what nothing but
 * the hold kept from starting counts as cancelled, and the cleanup as skipped.
 */
function withoutRest(run: RunRow, set: ActionSet): ActionSet {
  if (run.held === null) return set
  const stateOf = (action: ActionRow) => {
    if (isEnded(action.state)) return action.state
    if (action.name === CLEANUP) return 'skipped'
    return isSatisfied(set, action) ? 'cancelled' : action.state
  }
  return { ...set, actions: set.actions.map((action) => ({ ...action, state: stateOf(action) })) }
}

/** Starts the cleanup action if it is its turn. Returns whether it runs now. */
function startCleanup(draft: Draft, context: DecideContext, run: RunRow): boolean {
  if (run.cancelling || run.held !== null) return false
  const cleanup = draft.view.actions.by('run', run.id).find((action) => action.name === CLEANUP)
  if (cleanup === undefined || isEnded(cleanup.state)) return false
  if (!isDone(readSet(draft, context, run))) return false
  startAction(draft, context, cleanup.id)
  const after = draft.view.actions.get(cleanup.id)
  return after !== undefined && isActive(after.state)
}

function endRun(draft: Draft, context: DecideContext, run: RunRow): void {
  const set = readSet(draft, context, run)
  const state = deriveRunState(withoutRest(run, set))
  const endedMs = lastEndMs(run, set) ?? context.nowMs
  const ended: RunRow = { ...run, phase: 'ended', state, cancelling: false, endedMs }
  putRun(draft, ended)
  noteEnd(draft, context, ended)
  leaveMemory(draft, run.id)
  const queued = oldestQueued(draft.view, run.job)
  if (queued !== undefined) fireRun(draft, context, queued)
  planNext(draft, context, run.job)
}

/** When the last of a run's actions ended, however late that was told; null where none has an end. The clock of a node may be behind ours. */
function lastEndMs(run: RunRow, set: ActionSet): number | null {
  const ends = set.actions.flatMap(({ endedMs }) => endedMs ?? [])
  return ends.length === 0 ? null : Math.max(run.startedMs ?? Number.NEGATIVE_INFINITY, ...ends)
}

/** An ended run without a live attempt is history: it stays in the store only. */
export function leaveMemory(draft: Draft, id: string): void {
  const run = draft.view.runs.get(id)
  if (run?.phase !== 'ended') return
  if (draft.view.attempts.by('run', id).some((attempt) => attempt.live)) return
  for (const action of draft.view.actions.by('run', id)) putAction(draft, { ...action, live: false })
  putRun(draft, { ...run, live: false })
}

/**
 * Opens a run that had ended, after an operator changed one of its actions. It goes on with all that is left: what it was held for is over with it, unless it
 * is to be held on.
 */
export function reopenRun(draft: Draft, run: RunRow, held: RunRow['held']): void {
  if (run.phase === 'ended') putRun(draft, { ...run, phase: 'open', held, endedMs: null, live: true })
}

/** An action's place in the state table: the states in which Tron accepts each command. */
export function accepts(action: ActionRow, verb: 'start' | 'success' | 'fail' | 'skip' | 'cancel'): boolean {
  return LEGAL[verb].has(action.state)
}

const LEGAL: Readonly<Record<'start' | 'success' | 'fail' | 'skip' | 'cancel', ReadonlySet<string>>> = {
  start: new Set(['scheduled', 'waiting', 'queued']),
  success: new Set([
    'scheduled',
    'queued',
    'waiting',
    'starting',
    'running',
    'unknown',
    'succeeded',
    'failed',
    'cancelled',
  ]),
  fail: new Set([
    'scheduled',
    'queued',
    'waiting',
    'starting',
    'running',
    'unknown',
    'succeeded',
    'cancelled',
  ]),
  skip: new Set(['succeeded', 'failed', 'cancelled']),
  cancel: new Set(['scheduled', 'queued', 'waiting', 'starting', 'running']),
}
