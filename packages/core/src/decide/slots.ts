import type { JobId, SlotOutcome } from '@tron/model'
import type { CompiledSchedule } from '@tron/schedule'
import type { JobRow, RunRow, SlotRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'

/** A run that starts this much after its instant is `late`; below, it `ran`. */
const LATE_MS = 10_000

function slotKey(job: JobId, nodeSlot: number, fromMs: number): string {
  return `${job}/${nodeSlot}/${fromMs}`
}

/** A job whose slots up to an instant are accounted for: none of them is planned again, whatever the clock or the configuration does. */
export function accountedTo(job: JobRow, atMs: number): JobRow {
  return { ...job, lastSlotMs: Math.max(job.lastSlotMs ?? atMs, atMs) }
}

/** Writes what became of one slot, over what was written of it before: a queued slot that starts after all is `late`. */
export function recordSlot(
  draft: Draft,
  run: RunRow,
  outcome: { readonly outcome: SlotOutcome; readonly lateMs?: number; readonly reason?: string },
): void {
  if (run.slotMs === null) return
  const row: SlotRow = {
    key: slotKey(run.job, run.nodeSlot, run.slotMs),
    job: run.job,
    nodeSlot: run.nodeSlot,
    fromMs: run.slotMs,
    toMs: run.slotMs,
    count: 1,
    outcome: outcome.outcome,
    lateMs: outcome.lateMs ?? null,
    run: run.id,
    reason: outcome.reason ?? null,
    specHash: run.specHash,
  }
  draft.put({ table: 'slots', row })
  const job = draft.view.jobs.get(run.job)
  if (job === undefined) return
  const lastSlotMs = SETTLED.has(outcome.outcome) ? accountedTo(job, run.slotMs).lastSlotMs : job.lastSlotMs
  // Slots that are held from now on are not adjacent to those before this one.
  if (lastSlotMs !== job.lastSlotMs || job.openSlot !== null)
    draft.put({ table: 'jobs', row: { ...job, lastSlotMs, openSlot: null } })
}

/** What became of a slot for good: it is never planned again. One that was withdrawn or disabled may be, before its instant. */
const SETTLED: ReadonlySet<SlotOutcome> = new Set(['ran', 'late', 'queued', 'skipped'])

/** The slot's run started now. */
export function recordStart(draft: Draft, run: RunRow, nowMs: number): void {
  const lateMs = Math.max(0, nowMs - run.runMs)
  recordSlot(draft, run, { outcome: lateMs >= LATE_MS ? 'late' : 'ran', lateMs })
}

/** A stretch of slots for which nothing was created, as one row. */
export interface Stretch {
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
}

export function recordStretch(
  draft: Draft,
  { id: job, specHash }: JobRow,
  entry: { readonly stretch: Stretch; readonly outcome: SlotOutcome; readonly reason: string },
): void {
  const { stretch, outcome, reason } = entry
  const row: SlotRow = {
    key: slotKey(job, 0, stretch.fromMs),
    job,
    nodeSlot: 0,
    fromMs: stretch.fromMs,
    toMs: stretch.toMs,
    count: stretch.count,
    outcome,
    lateMs: null,
    run: null,
    reason,
    specHash,
  }
  draft.put({ table: 'slots', row })
}

/** Takes one slot out of a row that covers it among others, and was counted with this schedule. The parts before and after keep what the row says, with counts of their own. Returns the parts. */
export function splitStretch(
  draft: Draft,
  schedule: CompiledSchedule,
  split: { readonly row: SlotRow; readonly slotMs: number },
): readonly SlotRow[] {
  const { row, slotMs } = split
  let before = 0
  let lastMs = row.fromMs
  let instant = schedule.next(row.fromMs - 1)
  for (; instant !== null && instant.atMs < slotMs && before < row.count; instant = schedule.next(lastMs)) {
    lastMs = instant.atMs
    before += 1
  }
  // An instant of another schedule is covered and not counted.
  if (instant?.atMs !== slotMs && row.fromMs !== slotMs) return [row]
  const next = schedule.next(slotMs)
  const after = row.count - before - 1
  const parts = [
    ...(before > 0 ? [{ ...row, toMs: lastMs, count: before }] : []),
    ...(after > 0 && next !== null
      ? [{ ...row, key: slotKey(row.job, row.nodeSlot, next.atMs), fromMs: next.atMs, count: after }]
      : []),
  ]
  for (const part of parts) draft.put({ table: 'slots', row: part })
  return parts
}

/** Adds one slot to the job's open row of held slots, or opens one. Returns the job with its open row. */
export function extendHeld(draft: Draft, job: JobRow, entry: { slotMs: number; reason: string }): JobRow {
  const open = job.openSlot
  const fromMs = open === null ? entry.slotMs : Number(open.key.slice(open.key.lastIndexOf('/') + 1))
  const count = (open?.count ?? 0) + 1
  recordStretch(draft, job, {
    stretch: { fromMs, toMs: entry.slotMs, count },
    outcome: 'held',
    reason: entry.reason,
  })
  return { ...job, openSlot: { key: slotKey(job.id, 0, fromMs), count } }
}
