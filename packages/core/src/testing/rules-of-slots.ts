import type { JobRow, RunRow, SlotRow } from '@tron/store'
import { naiveInstants, type Rhythm } from './naive-schedule.ts'
import { type Moved, type Records, type SeenCommit, unheardNodes } from './records.ts'
import { instantText } from './story.ts'
import type { Verdict } from './verdict.ts'

/** What the naive model needs to know of a job's configuration: its rhythm and zone, by the hash of its spec. */
export type Rhythms = (specHash: string) => { readonly rhythm: Rhythm; readonly zone: string } | undefined

interface Judging {
  readonly seen: SeenCommit
  readonly records: Records
  readonly verdict: Verdict
  readonly rhythms: Rhythms
  readonly ledger: Ledger
  /** Whether a command of a slot was launched, and its node still knows. */
  readonly hasRun: (job: string, slotMs: number) => boolean
}

/** Which instants of each job have an outcome, as the rows said when they were written. */
export interface Ledger {
  /** Since when a job is enabled, by the clock of who enabled it. */
  readonly enabledMs: Map<string, number>
  /** Since when a job has the schedule that it has, by the clock of who changed it. */
  readonly scheduledMs: Map<string, number>
  /** The row that covers an instant. */
  covering(job: string, atMs: number): SlotRow | undefined
  put(row: SlotRow): void
  /** The other rows whose time has an instant in common with that of a row. */
  beside(row: SlotRow): readonly SlotRow[]
}

/** @param rows those that are there already */
export function createLedger(rows: Iterable<SlotRow>): Ledger {
  const jobs = new Map<string, SlotRow[]>()
  const ledger: Ledger = {
    enabledMs: new Map(),
    scheduledMs: new Map(),
    covering: (job, atMs) => jobs.get(job)?.findLast((row) => row.fromMs <= atMs && row.toMs >= atMs),
    put(row) {
      const list = jobs.get(row.job) ?? []
      jobs.set(row.job, list)
      const index = list.findLastIndex((other) => other.key === row.key)
      if (index >= 0) list[index] = row
      else insert(list, row)
    },
    beside: (row) =>
      (jobs.get(row.job) ?? []).filter(
        ({ key, fromMs, toMs }) => key !== row.key && fromMs <= row.toMs && toMs >= row.fromMs,
      ),
  }
  for (const row of rows) ledger.put(row)
  return ledger
}

function insert(list: SlotRow[], row: SlotRow): void {
  const after = list.findLastIndex((other) => other.fromMs <= row.fromMs)
  list.splice(after + 1, 0, row)
}

/** Rules on the slots that one commit can break. */
export function judgeSlots(judging: Judging): void {
  const { seen } = judging
  const slots = [...seen.moved.slots.values()].flatMap(({ after }) => after ?? [])
  // A row that is split and what takes its place come in one commit: they are judged by what there is after it.
  for (const row of slots) judging.ledger.put(row)
  for (const row of slots) judgeSlot(judging, row)
  for (const moved of seen.moved.jobs.values()) judgeJob(judging, moved)
  const jobs = new Set(
    [...seen.moved.runs.values()].flatMap(({ before, after }) => (after ?? before)?.job ?? []),
  )
  for (const job of jobs) judgeNext(judging, judging.records.tables.jobs.get(job))
  for (const { before, after } of seen.moved.runs.values()) {
    if (after === undefined || after.slotMs === null) continue
    if (before === undefined) judgeNew(judging, after)
    else if (before.slotMs !== after.slotMs) judgeLeft(judging, before)
    if (after.phase === 'pending' || after.phase === 'queued') judgePlanned(judging, after)
    else judgeSettled(judging, after)
  }
}

function judgeSlot(judging: Judging, row: SlotRow): void {
  const { verdict, ledger } = judging
  for (const other of ledger.beside(row)) {
    if (!shareInstant(judging, row, other)) continue
    const text = `slot ${row.key} (${row.outcome}) is covered by ${other.key} (${other.outcome}, ${other.count}) too`
    verdict.fail('slot-once', text, [row.job])
  }
  if (row.specHash === null || judging.rhythms(row.specHash) === undefined) {
    verdict.fail('slot-counted', `slot ${row.key} (${row.outcome}) names no schedule that there ever was`, [
      row.job,
    ])
    return
  }
  if (row.outcome === 'missed') judgeMissed(judging, row)
  const expected = row.run === null && row.count > 1 ? instantsOf(judging, row, row) : null
  if (expected === null || expected === row.count) return
  const text = `slot ${row.key} (${row.outcome}) counts ${row.count} instants where the schedule has ${expected}`
  verdict.fail('slot-counted', text, [row.job])
}

/** What ran was not missed, once all nodes were heard. */
function judgeMissed({ records, verdict, rhythms, hasRun }: Judging, row: SlotRow): void {
  const known = rhythms(row.specHash ?? '')
  if (known === undefined || unheardNodes(records).length > 0) return
  const instants = naiveInstants(known.rhythm, known.zone, { fromMs: row.fromMs - 1, toMs: row.toMs })
  const ran = instants.find((atMs) => hasRun(row.job, atMs))
  if (ran === undefined) return
  verdict.fail(
    'slot-accounted',
    `the slot of ${row.job} at ${instantText(ran)} is called missed, and it ran`,
    [row.job],
  )
}

/** An instant of an older schedule may stand in a stretch of the newer one, which does not count it. */
function shareInstant(judging: Judging, row: SlotRow, other: SlotRow): boolean {
  if (row.count === 1 && other.count > 1) return false
  if (other.count > 1 || row.count === 1) return true
  return instantsOf(judging, row, { fromMs: other.fromMs, toMs: other.fromMs }) !== 0
}

/** How many instants the schedule that a row was counted with names from one to another; null where that is not known. */
function instantsOf(
  { rhythms }: Judging,
  { specHash }: SlotRow,
  { fromMs, toMs }: { readonly fromMs: number; readonly toMs: number },
): number | null {
  const known = rhythms(specHash ?? '')
  return known === undefined
    ? null
    : naiveInstants(known.rhythm, known.zone, { fromMs: fromMs - 1, toMs }).length
}

/** Nobody catches up with what passed while a job was disabled. */
function judgeNew({ seen, verdict, ledger }: Judging, run: RunRow): void {
  const enabledMs = ledger.enabledMs.get(run.job)
  if (run.slotMs === null || run.phase !== 'pending' || enabledMs === undefined || seen.reordered) return
  if (run.slotMs > enabledMs) return
  const text = `${run.id} is planned for ${instantText(run.slotMs)}, when its job was disabled`
  verdict.fail('slot-accounted', text, [run.job])
}

/** The slot that a run was planned for, and is not any more, has an outcome, or is still to come. */
function judgeLeft({ records, verdict, rhythms, ledger, seen }: Judging, run: RunRow): void {
  if (run.slotMs === null || ledger.covering(run.job, run.slotMs) !== undefined) return
  const hash = records.tables.jobs.get(run.job)?.specHash
  const known = hash === undefined ? undefined : rhythms(hash)
  if (known === undefined || run.slotMs <= seen.commit.atMs) return
  if (naiveInstants(known.rhythm, known.zone, { fromMs: run.slotMs - 1, toMs: run.slotMs }).length > 0) return
  const text = `${run.id} left its slot at ${instantText(run.slotMs)}, which has no outcome`
  verdict.fail('slot-accounted', text, [run.job])
}

/** A run may only be planned for an instant that the schedule names. */
function judgePlanned(
  { seen, verdict, rhythms }: Judging,
  run: {
    readonly id: string
    readonly job: string
    readonly slotMs: number | null
    readonly specHash: string
  },
): void {
  const known = rhythms(run.specHash)
  // One that is due when its schedule changes stays what it was planned for.
  if (known === undefined || run.slotMs === null || run.slotMs <= seen.commit.atMs) return
  const range = { fromMs: run.slotMs - 1, toMs: run.slotMs }
  if (naiveInstants(known.rhythm, known.zone, range).length === 1) return
  verdict.fail('slot-accounted', `${run.id} is planned for an instant that its schedule does not name`, [
    run.job,
  ])
}

function judgeSettled(
  { verdict, ledger }: Judging,
  run: { readonly id: string; readonly job: string; readonly slotMs: number | null; readonly phase: string },
): void {
  if (run.slotMs === null) return
  const row = ledger.covering(run.job, run.slotMs)
  if (row === undefined || (row.run === run.id && row.outcome === 'queued')) {
    const outcome = row?.outcome ?? 'nothing'
    verdict.fail('slot-settled', `${run.id} is ${run.phase}, and its slot says ${outcome}`, [run.id, run.job])
  }
}

function judgeJob(judging: Judging, { before, after }: Moved<JobRow>): void {
  if (after === undefined) return
  judgeNext(judging, after)
  if (before !== undefined && !isOn(before) && isOn(after))
    judging.ledger.enabledMs.set(after.id, judging.seen.commit.atMs)
  noteSchedule(judging, before, after)
  const range = passedOver(before, after)
  const known = judging.rhythms(after.specHash)
  if (range === null || known === undefined) return
  const { records, verdict, ledger } = judging
  const planned = new Set(
    [...records.openRuns(after.id)].map((id) => records.tables.runs.get(id)?.slotMs ?? null),
  )
  // What was planned under another schedule was withdrawn; the new schedule counts from then on.
  const sinceMs = Math.max(range.fromMs, ledger.scheduledMs.get(after.id) ?? -Infinity)
  for (const atMs of naiveInstants(known.rhythm, known.zone, { ...range, fromMs: sinceMs })) {
    if (planned.has(atMs) || ledger.covering(after.id, atMs) !== undefined) continue
    const text = `the slot of ${after.id} at ${instantText(atMs)} was passed over`
    verdict.fail('slot-accounted', text, [after.id])
    return
  }
}

/** A run that was due when its schedule changed keeps its slot: only what comes after the change is owed by the new schedule. */
function noteSchedule({ rhythms, ledger, seen }: Judging, before: JobRow | undefined, after: JobRow): void {
  if (before === undefined || before.specHash === after.specHash) return
  const [old, now] = [rhythms(before.specHash), rhythms(after.specHash)]
  if (old?.zone === now?.zone && JSON.stringify(old?.rhythm) === JSON.stringify(now?.rhythm)) return
  ledger.scheduledMs.set(after.id, seen.commit.atMs)
}

function isOn({ enabled, removed }: JobRow): boolean {
  return enabled && !removed
}

/** The time by which a job's newest slot moved on; null where it did not, or nothing was owed. */
function passedOver(
  before: JobRow | undefined,
  after: JobRow,
): { readonly fromMs: number; readonly toMs: number } | null {
  if (before === undefined || before.removed || before.lastSlotMs === null || after.lastSlotMs === null)
    return null
  return after.lastSlotMs > before.lastSlotMs ? { fromMs: before.lastSlotMs, toMs: after.lastSlotMs } : null
}

function judgeNext({ records, verdict, rhythms }: Judging, job: JobRow | undefined): void {
  if (job === undefined || !job.enabled || job.removed || rhythms(job.specHash) === undefined) return
  const waits = [...records.openRuns(job.id)].some((id) => {
    const phase = records.tables.runs.get(id)?.phase
    return phase === 'pending' || phase === 'queued'
  })
  if (!waits) verdict.fail('next-slot', `${job.id} is enabled and nothing is planned for it`, [job.id])
}
