import type { JobId, SlotOutcome } from '@tron/model'
import type { JobRow, RunRow, SlotRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'

/** A run that starts this much after its instant is `late`; below, it `ran`. */
const LATE_MS = 10_000

function slotKey(job: JobId, nodeSlot: number, fromMs: number): string {
  return `${job}/${nodeSlot}/${fromMs}`
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
  }
  draft.put({ table: 'slots', row })
}

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
  job: JobId,
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
  }
  draft.put({ table: 'slots', row })
}

/** Adds one slot to the job's open row of held slots, or opens one. Returns the job with its open row. */
export function extendHeld(draft: Draft, job: JobRow, entry: { slotMs: number; reason: string }): JobRow {
  const open = job.openSlot
  const fromMs = open === null ? entry.slotMs : Number(open.key.slice(open.key.lastIndexOf('/') + 1))
  const count = (open?.count ?? 0) + 1
  recordStretch(draft, job.id, {
    stretch: { fromMs, toMs: entry.slotMs, count },
    outcome: 'held',
    reason: entry.reason,
  })
  return { ...job, openSlot: { key: slotKey(job.id, 0, fromMs), count } }
}
