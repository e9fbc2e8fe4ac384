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
  const slotMs = 'slotMs' in cause ? cause.slotMs : null
  const seed = `${job.id}/${'slotMs' in cause ? `s${cause.slotMs}` : `r${cause.request}`}/0`
  const runMs =
    'slotMs' in cause ? cause.slotMs + jitterOf(`${seed}/jitter`, spec.schedule.jitterMs) : cause.runMs
  const run: RunRow = {
    id: runId(job.id, job.nextNumber),
    job: job.id,
    number: job.nextNumber,
    phase: 'pending',
    state: 'scheduled',
    slotMs,
    runMs,
    zone: spec.schedule.zone,
    nodeSlot: 0,
    request: 'request' in cause ? cause.request : null,
    actor: 'request' in cause ? cause.actor : 'schedule',
    manual: 'request' in cause,
    node: drawNode(context, spec.node, seed),
    specHash: job.specHash,
    held: null,
    cancelling: false,
    dueMs: slotMs === null ? null : runMs,
    createdMs: context.nowMs,
    startedMs: null,
    endedMs: null,
    note: null,
    live: true,
  }
  draft.put({ table: 'runs', row: run })
  putActions(draft, context, { run, spec, seed })
  draft.put({
    table: 'jobs',
    row: { ...job, nextNumber: job.nextNumber + 1, lastSlotMs: slotMs ?? job.lastSlotMs },
  })
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
 * Accounts for the slots of a job in (its newest planned slot, untilMs] that nothing was created for, leaving out instants that are accounted for
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
  if (job.lastSlotMs === null) return
  const schedule = context.schedule(context.spec(job.specHash))
  let last = job.lastSlotMs
  let stretch: Stretch | null = null
  const close = () => {
    if (stretch !== null) recordStretch(draft, job.id, { stretch, outcome, reason })
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
  const skipped = Math.max(last, untilMs)
  if (skipped !== job.lastSlotMs) draft.put({ table: 'jobs', row: { ...job, lastSlotMs: skipped } })
}

function grown(stretch: Stretch | null, atMs: number): Stretch {
  return stretch === null
    ? { fromMs: atMs, toMs: atMs, count: 1 }
    : { fromMs: stretch.fromMs, toMs: atMs, count: stretch.count + 1 }
}
