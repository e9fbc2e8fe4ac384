import {
  type ActionSpec,
  actionRunId,
  drawFrom,
  isEnded,
  type JobId,
  type JobSpec,
  type RunId,
  type RunState,
  runId,
} from '@tron/model'
import { jitterOf } from '@tron/schedule'
import type { ActionRow, JobRow, RunRow } from '@tron/store'
import type { Draft, View } from '../tables/tables.ts'
import type { DecideContext } from './context.ts'
import { recordStretch, type Stretch } from './slots.ts'

/** More slots than this in one stretch are not counted one by one; the row says how far it counted. */
const COUNT_LIMIT = 100_000

/** The run of a job that waits for its instant, if any: there is at most one. */
export function pendingRun(view: View, job: JobId): RunRow | undefined {
  return view.runs.by('jobState', `${job} scheduled`).find((run) => run.phase === 'pending')
}

/** The queued run of a job that came first. */
export function oldestQueued(view: View, job: JobId): RunRow | undefined {
  return view.runs
    .by('jobState', `${job} queued`)
    .filter((run) => run.phase === 'queued')
    .toSorted((a, b) => a.number - b.number)[0]
}

/** The newest slot that a run waits for or that is accounted for: what is newer is still owed. */
function newestSlot(view: View, job: JobRow): number | null {
  const waiting = pendingRun(view, job.id) ?? oldestQueued(view, job.id)
  if (waiting === undefined || waiting.slotMs === null) return job.lastSlotMs
  return Math.max(waiting.slotMs, job.lastSlotMs ?? waiting.slotMs)
}

/** A slot as its run waits for it. The jitter is drawn alike by everybody who plans it. */
export function plannedFor(
  context: DecideContext,
  spec: JobSpec,
  slotMs: number,
): { readonly slotMs: number; readonly runMs: number; readonly dueMs: number } {
  const seed = `${slotSeed(spec.id, slotMs)}/jitter`
  const { jitterMs } = spec.schedule
  const atMs = slotMs + jitterOf(context.schedule(spec), slotMs, { seed, jitterMs })
  return { slotMs, runMs: atMs, dueMs: atMs }
}

/** What is drawn for a slot is drawn from this. */
export function slotSeed(job: JobId, slotMs: number): string {
  return `${job}/s${slotMs}/0`
}

/** Makes the next slot of an enabled job a pending run, unless one is pending or queued already. */
export function planNext(draft: Draft, context: DecideContext, id: JobId): void {
  const job = draft.view.jobs.get(id)
  if (job === undefined || !job.enabled || job.removed) return
  if (pendingRun(draft.view, id) !== undefined || oldestQueued(draft.view, id) !== undefined) return
  const spec = context.spec(job.specHash)
  const instant = context.schedule(spec).next(job.lastSlotMs ?? context.nowMs)
  if (instant === null) return
  createRun(draft, context, { job, spec, cause: { slotMs: instant.atMs } })
}

/** What asked for a run. */
type Cause =
  | { readonly slotMs: number }
  | { readonly request: string; readonly actor: string; readonly runMs: number }

/** Creates a run with its actions: pending for a slot, for the caller to start at once for a request. */
export function createRun(
  draft: Draft,
  context: DecideContext,
  wanted: { readonly job: JobRow; readonly spec: JobSpec; readonly cause: Cause },
): RunRow {
  const { job, spec, cause } = wanted
  const seed = 'slotMs' in cause ? slotSeed(job.id, cause.slotMs) : `${job.id}/r${cause.request}/0`
  const when =
    'slotMs' in cause
      ? plannedFor(context, spec, cause.slotMs)
      : ({ slotMs: null, runMs: cause.runMs, dueMs: null } as const)
  const run: RunRow = {
    id: runId(job.id, job.nextNumber),
    job: job.id,
    number: job.nextNumber,
    phase: 'pending',
    state: 'scheduled',
    ...when,
    zone: spec.schedule.zone,
    nodeSlot: 0,
    request: 'request' in cause ? cause.request : null,
    actor: 'request' in cause ? cause.actor : 'schedule',
    manual: 'request' in cause,
    node: drawNode(context, spec.node, seed),
    specHash: job.specHash,
    held: null,
    cancelling: false,
    createdMs: context.nowMs,
    startedMs: null,
    endedMs: null,
    note: null,
    live: true,
  }
  draft.put({ table: 'runs', row: run })
  putActions(draft, context, { run, spec, seed })
  draft.put({ table: 'jobs', row: { ...job, nextNumber: job.nextNumber + 1 } })
  return run
}

/** Writes a run's actions anew, as its spec has them: for a run that has not started. */
export function putActions(
  draft: Draft,
  context: DecideContext,
  made: { readonly run: RunRow; readonly spec: JobSpec; readonly seed: string },
): void {
  const { run, spec, seed } = made
  const all = spec.cleanup === undefined ? spec.actions : [...spec.actions, spec.cleanup]
  for (const [position, action] of all.entries()) {
    const node =
      action.node === undefined ? run.node : drawNode(context, action.node, `${seed}/${action.name}`)
    draft.put({ table: 'actions', row: newAction(run, action, { position, node }) })
  }
}

function newAction(
  run: RunRow,
  spec: ActionSpec,
  placed: { readonly position: number; readonly node: string },
): ActionRow {
  return {
    id: actionRunId(run.id, spec.name),
    run: run.id,
    job: run.job,
    number: run.number,
    name: spec.name,
    position: placed.position,
    state: 'scheduled',
    node: placed.node,
    starts: 0,
    attempt: null,
    verdict: null,
    stopsAsked: [],
    cancelling: false,
    startedMs: null,
    endedMs: null,
    exitStatus: null,
    exitStatuses: [],
    reason: null,
    note: null,
    originalCommand: spec.command,
    command: null,
    live: true,
  }
}

/** The node itself, or one of the pool's, drawn alike by everybody who holds the same configuration and seed. */
export function drawNode(context: DecideContext, name: string, seed: string): string {
  const pool = context.snapshot.pools[name]
  if (pool === undefined || pool.length === 0) return name
  return pool[drawFrom(seed, pool.length)] ?? name
}

/** Puts every action of a run that has not started into a state, but for those that an operator gave a verdict on. */
export function setUnstarted(draft: Draft, run: RunId, state: RunState): void {
  for (const action of draft.view.actions.by('run', run)) {
    if (!isEnded(action.state)) draft.put({ table: 'actions', row: { ...action, state } })
  }
}

/**
 * Accounts for the slots of a job in (its newest slot, untilMs] that nothing was created for, leaving out instants that are accounted for
 * otherwise, and moves the job past them.
 */
export function passOver(
  draft: Draft,
  context: DecideContext,
  passed: {
    readonly job: JobRow
    readonly untilMs: number
    readonly outcome: 'missed' | 'disabled'
    readonly reason: string
    readonly except?: ReadonlySet<number>
  },
): void {
  const { job, untilMs, outcome, reason } = passed
  const newest = newestSlot(draft.view, job)
  if (newest === null || newest >= untilMs) return
  const schedule = context.schedule(context.spec(job.specHash))
  let last = newest
  let stretch: Stretch | null = null
  const close = () => {
    if (stretch !== null) recordStretch(draft, job, { stretch, outcome, reason })
    stretch = null
  }
  for (let counted = 0; counted < COUNT_LIMIT; counted += 1) {
    const instant = schedule.next(last)
    if (instant === null || instant.atMs > untilMs) break
    last = instant.atMs
    if (passed.except?.has(last) === true) close()
    else stretch = grown(stretch, last)
  }
  close()
  // What comes now is no longer adjacent to a row that was open.
  draft.put({ table: 'jobs', row: { ...job, lastSlotMs: untilMs, openSlot: null } })
}

/**
 * Accounts for the slots that passed while a job was disabled. The one that was planned when it was disabled has a row of its own already: the job stands
 * just before it, so that it is planned again where the job is enabled in time.
 */
export function passDisabled(draft: Draft, context: DecideContext, job: JobRow): void {
  const except = new Set(job.lastSlotMs === null ? [] : [job.lastSlotMs + 1])
  const reason = 'the job was disabled'
  passOver(draft, context, { job, untilMs: context.nowMs, outcome: 'disabled', reason, except })
}

function grown(stretch: Stretch | null, atMs: number): Stretch {
  return stretch === null
    ? { fromMs: atMs, toMs: atMs, count: 1 }
    : { fromMs: stretch.fromMs, toMs: atMs, count: stretch.count + 1 }
}
