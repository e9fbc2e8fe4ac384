import type { InventoryEntry } from '@tron/executor'
import {
  type JobId,
  type JobSpec,
  parseStartKey,
  runId,
  type StartKey,
  type Target,
  targetKey,
} from '@tron/model'
import type { ActionRow, AttemptRow, JobRow, RunRow, SlotRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import { endAction, putAction, putAttempt } from './action-life.ts'
import { putNewJob } from './configure.ts'
import type { DecideContext } from './context.ts'
import { noteFoundNumber } from './found-numbers.ts'
import type { Input } from './input.ts'
import { verdictOf } from './outcome.ts'
import { oldestQueued, passOver, pendingRun, plannedFor, putActions } from './plan.ts'
import { advanceRun, leaveMemory, putRun } from './run-life.ts'
import { askedRunTime } from './run-request.ts'
import { recordSlot, splitStretch } from './slots.ts'
import { putTakeOver, readTakeOver } from './take-over.ts'

type Found = Extract<Input, { kind: 'import' }>['found'][number]

/** After a take-over numbers go on this far above the highest known: one that was shown but never started leaves no trace on a node. */
const NUMBER_GAP = 100

const HELD = 'found on its node at the take-over; start what is left of it by hand'

/**
 * Brings the records in step with what nodes hold after the state was restored from an older copy: what was planned is withdrawn, runs that the copy does not know
 * are entered with their attempts, their slots become `found on node`, the slots in between `missed`, and numbers go on with a gap.
 */
export function importFound(
  draft: Draft,
  context: DecideContext,
  input: Extract<Input, { kind: 'import' }>,
): void {
  for (const row of input.history) draft.put(row)
  if (input.first) {
    for (const job of draft.view.jobs.all()) withdraw(draft, job)
  }
  const slots = new Map<JobId, Set<number>>()
  const covering = [...input.covering]
  const touched = new Set<string>()
  for (const found of input.found) {
    const key = parseStartKey(found.entry.startKey)
    const job = jobOf(draft, context, { id: key.job, number: found.entry.runNumber })
    if (job === undefined) continue
    if ('slotMs' in key.cause) remember(slots, key.job, key.cause.slotMs)
    touched.add(importEntry(draft, context, { found, key, job, covering }))
  }
  if (input.first) {
    for (const job of draft.view.jobs.all()) goOn(draft, context, { job, found: slots.get(job.id) })
  } else passFound(draft, context, slots)
  const takeOver = readTakeOver(draft.view)
  const isOpen = (node: string) => !input.done.includes(node)
  putTakeOver(draft, context, {
    ...takeOver,
    nodes: takeOver.nodes.filter(isOpen),
    without: takeOver.without.filter(isOpen),
    first: false,
  })
  // Only now: a run that ends plans the next one, which must see all slots accounted for.
  for (const row of input.history) if (row.table === 'runs') touched.add(row.row.id)
  for (const run of touched) {
    advanceRun(draft, context, run)
    leaveMemory(draft, run)
  }
}

/** The job of what was found. One that came after the copy was made is entered if the configuration has it; otherwise its numbers are kept for when it does. */
function jobOf(
  draft: Draft,
  context: DecideContext,
  { id, number }: { readonly id: JobId; readonly number: number },
): JobRow | undefined {
  const spec = context.snapshot.jobs[id]
  if (draft.view.jobs.get(id) === undefined) {
    if (spec === undefined) noteFoundNumber(draft, id, number)
    else putNewJob(draft, spec)
  }
  return draft.view.jobs.get(id)
}

function remember(slots: Map<JobId, Set<number>>, job: JobId, slotMs: number): void {
  const known = slots.get(job)
  if (known === undefined) slots.set(job, new Set([slotMs]))
  else known.add(slotMs)
}

/** Takes back what had not started: its slot is accounted for anew, as found, missed or planned again. */
function withdraw(draft: Draft, job: JobRow): void {
  for (const run of [pendingRun(draft.view, job.id), oldestQueued(draft.view, job.id)]) {
    if (run === undefined) continue
    for (const action of draft.view.actions.by('run', run.id)) {
      draft.remove({ table: 'actions', key: action.id })
    }
    draft.remove({ table: 'runs', key: run.id })
    if (run.slotMs === null) continue
    // Where slots after it passed already, they have their outcome; only this one is still to get its own.
    const isPassed = (draft.view.jobs.get(job.id)?.lastSlotMs ?? -Infinity) >= run.slotMs
    if (isPassed) recordSlot(draft, run, { outcome: 'missed', reason: 'before the take-over' })
    else recordSlot(draft, run, { outcome: 'withdrawn', reason: 'by a take-over' })
    const before = draft.view.jobs.get(job.id) ?? job
    if (!isPassed) draft.put({ table: 'jobs', row: { ...before, lastSlotMs: run.slotMs - 1 } })
  }
}

function goOn(
  draft: Draft,
  context: DecideContext,
  left: { readonly job: JobRow; readonly found: ReadonlySet<number> | undefined },
): void {
  const { job, found } = left
  draft.put({ table: 'jobs', row: { ...job, nextNumber: job.nextNumber + NUMBER_GAP, openSlot: null } })
  const after = draft.view.jobs.get(job.id) ?? job
  if (job.removed) return
  const passed = job.enabled
    ? ({ outcome: 'missed', reason: 'before the take-over' } as const)
    : ({ outcome: 'disabled', reason: 'the job was disabled' } as const)
  // Runs of slots to come may have been started by hand.
  const all = { job: after, untilMs: Math.max(context.nowMs, ...(found ?? [])), ...passed }
  passOver(draft, context, found === undefined ? all : { ...all, except: found })
  // Whoever ran them may have had a clock that is ahead of ours: what ran is not planned again.
  const newest = Math.max(...(found ?? [-Infinity]))
  const passedTo = draft.view.jobs.get(job.id)
  if (passedTo !== undefined && newest > (passedTo.lastSlotMs ?? -Infinity)) {
    draft.put({ table: 'jobs', row: { ...passedTo, lastSlotMs: newest } })
  }
}

/** Slots to come whose runs were started by hand, as a node tells late: they are not planned again. */
function passFound(
  draft: Draft,
  context: DecideContext,
  slots: ReadonlyMap<JobId, ReadonlySet<number>>,
): void {
  for (const [id, except] of slots) {
    const job = draft.view.jobs.get(id)
    const passed = {
      untilMs: Math.max(...except),
      outcome: 'missed',
      reason: 'before the take-over',
    } as const
    if (job !== undefined) passOver(draft, context, { job, ...passed, except })
  }
}

interface Importing {
  readonly found: Found
  readonly key: StartKey
  readonly job: JobRow
  /** Rows of the ledger that cover more than one slot, as they are now. */
  readonly covering: SlotRow[]
}

/** Enters one attempt that a node holds. Returns its run. */
function importEntry(draft: Draft, context: DecideContext, importing: Importing): string {
  const run = runFor(draft, context, importing)
  const { entry, target } = importing.found
  putBegin(draft, run, entry.startedMs)
  const known = draft.view.attempts.get(entry.id)
  const action = draft.view.actions.by('run', run.id).find((row) => row.name === importing.key.action)
  if (known !== undefined || action === undefined || run.phase !== 'open') return run.id
  const attempt = importedAttempt(action, importing, target)
  putAttempt(draft, attempt)
  if (importing.key.ordinal < action.starts) return run.id
  putAction(draft, {
    ...action,
    state: attempt.phase === 'starting' ? 'starting' : 'running',
    starts: importing.key.ordinal + 1,
    attempt: attempt.id,
    startedMs: entry.startedMs ?? null,
  })
  if (attempt.phase === 'ended') endImported(draft, context, { attempt, entry })
  return run.id
}

/** A run that was found began with the first of its starts, and nodes tell of them in any order. One that this copy knew began when it says. */
function putBegin(draft: Draft, run: RunRow, startedMs: number | undefined): void {
  const beganMs = run.startedMs ?? Number.POSITIVE_INFINITY
  if (run.note !== HELD || startedMs === undefined || startedMs >= beganMs) return
  const isAsked = run.request !== null && askedRunTime(run.request) === null
  putRun(draft, { ...run, startedMs, runMs: isAsked ? startedMs : run.runMs })
}

function runFor(draft: Draft, context: DecideContext, importing: Importing): RunRow {
  const { key, job, found } = importing
  const same = draft.view.runs
    .by('job', key.job)
    .find((run) =>
      'slotMs' in key.cause ? run.slotMs === key.cause.slotMs : run.request === key.cause.request,
    )
  if (same !== undefined) return same
  const current = draft.view.jobs.get(job.id) ?? job
  const taken = draft.view.runs.get(runId(job.id, found.entry.runNumber)) !== undefined
  const number = taken ? current.nextNumber : found.entry.runNumber
  const run = importedRun(context, { ...importing, job: current }, number)
  putRun(draft, run)
  putActions(draft, context, {
    run,
    spec: context.spec(current.specHash),
    seed: found.entry.startKey,
  })
  for (const action of draft.view.actions.by('run', run.id)) {
    putAction(draft, { ...action, state: 'waiting' })
  }
  uncover(draft, context, { run, covering: importing.covering })
  recordSlot(draft, run, { outcome: 'found on node', reason: `on ${found.target.node}, at the take-over` })
  const after = draft.view.jobs.get(job.id) ?? current
  const nextNumber = Math.max(after.nextNumber, number + 1)
  draft.put({ table: 'jobs', row: { ...after, nextNumber } })
  return run
}

/** A slot that was found stands in a row of its own: the one that covered it, because nobody knew of it, is split. */
function uncover(
  draft: Draft,
  context: DecideContext,
  found: { readonly run: RunRow; readonly covering: SlotRow[] },
): void {
  const { run, covering } = found
  const { slotMs } = run
  const job = draft.view.jobs.get(run.job)
  if (slotMs === null || job === undefined) return
  const at = covering.findIndex((row) => row.job === run.job && row.fromMs <= slotMs && row.toMs >= slotMs)
  const stated = covering[at]
  if (stated === undefined) return
  // Held slots may have come since it was read.
  const open = job.openSlot?.key === stated.key ? job.openSlot : null
  const row = open === null ? stated : { ...stated, count: open.count, toMs: job.lastSlotMs ?? stated.toMs }
  // The schedule may have changed since.
  const schedule = context.schedule(context.spec(stated.specHash ?? job.specHash))
  covering.splice(at, 1, ...splitStretch(draft, schedule, { row, slotMs }))
}

function importedRun(context: DecideContext, importing: Importing, number: number): RunRow {
  const { key, job, found } = importing
  const slotMs = 'slotMs' in key.cause ? key.cause.slotMs : null
  const spec = context.spec(job.specHash)
  return {
    id: runId(job.id, number),
    job: job.id,
    number,
    phase: 'open',
    state: 'running',
    slotMs,
    runMs: runTimeOf(context, spec, key),
    zone: spec.schedule.zone,
    nodeSlot: key.nodeSlot,
    request: 'request' in key.cause ? key.cause.request : null,
    actor: 'request' in key.cause ? 'unknown' : 'schedule',
    manual: slotMs === null,
    node: found.target.node,
    specHash: job.specHash,
    held: HELD,
    cancelling: false,
    dueMs: null,
    createdMs: context.nowMs,
    startedMs: null,
    endedMs: null,
    note: HELD,
    live: true,
  }
}

/** The run time of a found run: what asked for it says it, but for a start by hand without a date. */
function runTimeOf(context: DecideContext, spec: JobSpec, { cause }: StartKey): number {
  if ('slotMs' in cause) return plannedFor(context, spec, cause.slotMs).runMs
  return askedRunTime(cause.request) ?? context.nowMs
}

function importedAttempt(action: ActionRow, importing: Importing, target: Target): AttemptRow {
  const { entry } = importing.found
  // What ended and was not released is adopted like what runs: its exit and its output come as events.
  const over = entry.released || entry.phase === 'revoked'
  const phase = over ? 'ended' : entry.phase === 'reserved' ? 'starting' : 'running'
  return {
    id: entry.id,
    action: action.id,
    run: action.run,
    job: action.job,
    ordinal: importing.key.ordinal,
    startKey: entry.startKey,
    runNumber: entry.runNumber,
    configHash: entry.configHash,
    target,
    targetKey: targetKey(target),
    command: action.originalCommand,
    env: {},
    spec: null,
    phase,
    createdMs: entry.startedMs ?? 0,
    startedMs: entry.startedMs ?? null,
    endedMs: entry.endedMs ?? null,
    outcome: entry.outcome === undefined ? null : { ...entry.outcome },
    handle: null,
    // What was reserved and never launched must not start now, with a command that nobody knows any more.
    revokeWanted: phase === 'starting',
    stopWanted: null,
    stopAtMs: null,
    stopped: null,
    stdout: entry.sizes.stdout,
    stderr: entry.sizes.stderr,
    output: over ? 'gone' : 'open',
    leftRunning: 0,
    lost: 0,
    released: over,
    note: over
      ? 'its output was given back to the scheduler before the take-over, and is not in this copy'
      : null,
    live: !over,
  }
}

function endImported(
  draft: Draft,
  context: DecideContext,
  ended: { readonly attempt: AttemptRow; readonly entry: InventoryEntry },
): void {
  const { attempt, entry } = ended
  const end =
    entry.outcome === undefined
      ? ({ state: 'failed', exitStatus: null, reason: 'stopped before it started' } as const)
      : verdictOf(entry.outcome)
  endAction(draft, attempt, { ...end, atMs: entry.endedMs ?? context.nowMs, note: attempt.note })
}
