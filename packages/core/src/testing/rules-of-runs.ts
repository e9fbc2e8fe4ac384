import { type ActionState, isActive, isComplete, isEnded, type JobSpec } from '@tron/model'
import type { ActionRow, Rows, RunRow } from '@tron/store'
import type { Moved, Records, SeenCommit } from './records.ts'
import { awaitsProof } from './rules-of-acts.ts'
import type { Verdict } from './verdict.ts'

/** How an action run's state may change without an operator. */
const MOVES: Readonly<Record<ActionState, readonly ActionState[]>> = {
  scheduled: [
    'waiting',
    'queued',
    'starting',
    'running',
    'succeeded',
    'failed',
    'unknown',
    'cancelled',
    'skipped',
  ],
  queued: [
    'waiting',
    'starting',
    'running',
    'succeeded',
    'failed',
    'unknown',
    'cancelled',
    'skipped',
    'scheduled',
  ],
  waiting: ['starting', 'running', 'succeeded', 'failed', 'unknown', 'cancelled', 'skipped'],
  starting: ['running', 'succeeded', 'failed', 'unknown', 'cancelled'],
  running: ['succeeded', 'failed', 'unknown', 'cancelled'],
  succeeded: [],
  failed: [],
  skipped: [],
  cancelled: [],
  unknown: [],
}

interface Judging {
  readonly seen: SeenCommit
  readonly records: Records
  readonly verdict: Verdict
}

/** Rules on actions and runs that one commit can break. */
export function judgeRuns(judging: Judging): void {
  const { seen } = judging
  for (const moved of seen.moved.actions.values()) judgeAction(judging, moved)
  for (const moved of seen.moved.runs.values()) judgeRun(judging, moved)
  judgeVerdicts(judging)
  const runs = new Set([...seen.moved.actions.values()].flatMap(({ after }) => after?.run ?? []))
  for (const run of runs) judgeProgress(judging, run)
}

/** What may start in a run has started. */
function judgeProgress({ records, verdict }: Judging, id: string): void {
  const run = records.tables.runs.get(id)
  const spec = run === undefined ? undefined : records.tables.specs.get(run.specHash)?.body
  if (run === undefined || spec === undefined || run.held !== null || run.cancelling) return
  if (run.phase !== 'open' && run.phase !== 'ended') return
  const all = actionsOf(records, id)
  const idle = all.find(
    (action) =>
      action.state === 'waiting' && action.name !== 'cleanup' && missingFor(action, spec, all) === undefined,
  )
  if (idle === undefined) return
  verdict.fail('never-stuck', `${idle.id} waits for nothing, and its run is ${run.phase}`, [idle.id])
}

function judgeAction(judging: Judging, { before, after }: Moved<ActionRow>): void {
  const { seen } = judging
  if (before === undefined || after === undefined || before.state === after.state) return
  judgeCancelled(judging, after)
  if (!seen.commanded.has(after.id)) judgeMove(judging, before, after)
  if (isCommanded(seen, after)) return
  if (isActive(after.state) && !isActive(before.state) && !seen.reordered) judgeStart(judging, after)
}

const VERDICTS: ReadonlyMap<string, ActionState> = new Map([
  ['success', 'succeeded'],
  ['fail', 'failed'],
  ['skip', 'skipped'],
])

/** The last verdict that a commit answers is in the records with it. */
function judgeVerdicts({ seen, records, verdict }: Judging): void {
  const given = new Map<string, { readonly verb: string; readonly actor: string }>()
  for (const { after } of seen.moved.audit.values()) if (after?.ok === true) given.set(after.subject, after)
  for (const [id, { verb, actor }] of given) {
    const wanted = VERDICTS.get(verb)
    const action = records.tables.actions.get(id)
    if (wanted === undefined || action === undefined || action.state === wanted) continue
    verdict.fail('verdict-final', `${id} was called ${wanted} by ${actor}, and is ${action.state}`, [id])
  }
}

/** Cancelled means that the node answered. */
function judgeCancelled({ records, verdict }: Judging, action: ActionRow): void {
  const attempt = action.attempt === null ? undefined : records.tables.attempts.get(action.attempt)
  if (action.state !== 'cancelled' || attempt === undefined) return
  if (awaitsProof(attempt)) {
    const text = `${action.id} is cancelled, and whether anything of it is left was not told`
    verdict.fail('stop-proved', text, [action.id])
  }
  if (attempt.phase === 'ended') return
  verdict.fail('true-outcome', `${action.id} is cancelled, and its command is ${attempt.phase}`, [action.id])
}

/** A move that no operator asked for: a command on the run moves its actions along the table as well. */
function judgeMove({ seen, verdict }: Judging, before: ActionRow, after: ActionRow): void {
  if (!MOVES[before.state].includes(after.state) && !seen.reordered) {
    verdict.fail('legal-moves', `${after.id} went from ${before.state} to ${after.state}`, [after.id])
  }
  // A take-over writes what was planned anew, from what nodes hold of it.
  const anew = seen.moved.meta.has('takeOver')
  if (!anew && before.verdict !== null && isEnded(before.state)) {
    const text = `${after.id} was ${before.state} by ${before.verdict}, and became ${after.state}`
    verdict.fail('verdict-final', text, [after.id])
  }
  if (after.state === 'unknown' && after.reason === null) {
    verdict.fail('honest-unknown', `${after.id} is unknown and does not say why`, [after.id])
  }
}

/** Whether a command in this commit is about the action, its run or its job. */
function isCommanded({ commanded }: SeenCommit, row: ActionRow): boolean {
  return commanded.size > 0 && (commanded.has(row.id) || commanded.has(row.run) || commanded.has(row.job))
}

function judgeStart(judging: Judging, action: ActionRow): void {
  const { records, verdict } = judging
  const run = records.tables.runs.get(action.run)
  const spec = run === undefined ? undefined : records.tables.specs.get(run.specHash)?.body
  if (run === undefined || spec === undefined) return
  if (run.held !== null || run.cancelling || spec.held.length > 0) {
    const why = run.held ?? spec.held.join('; ')
    verdict.fail('held-starts-nothing', `${action.id} started although nothing may: ${why}`, [action.id])
  }
  const missing = missingFor(action, spec, actionsOf(records, run.id))
  if (missing === undefined) return
  verdict.fail('requirements', `${action.id} started while ${missing.id} was ${missing.state}`, [action.id])
}

/** What an action has to wait for and did not. */
function missingFor(action: ActionRow, spec: JobSpec, all: readonly ActionRow[]): ActionRow | undefined {
  if (action.name === 'cleanup') return all.find((other) => other.id !== action.id && isActive(other.state))
  const required = new Set(spec.actions.find(({ name }) => name === action.name)?.requires)
  return all.find((other) => required.has(other.name) && !isComplete(other.state))
}

export function actionsOf(records: Records, run: string): readonly ActionRow[] {
  return [...records.of('actions', run)].flatMap((id) => records.tables.actions.get(id) ?? [])
}

const ACTIVE: ReadonlySet<string> = new Set(['running', 'starting', 'waiting'])

function judgeRun(judging: Judging, { before, after }: Moved<RunRow>): void {
  const { records, verdict } = judging
  if (after === undefined) return
  if (openedByItself(judging, before, after)) judgeOpened(judging, after)
  if (after.phase === 'queued' && !isBehindAnother(records, after)) {
    verdict.fail('never-stuck', `${after.id} is queued, and no run of its job is active`, [after.id])
  }
  judgeSlotOnce(judging, after)
  const waiting = [...records.openRuns(after.job)].filter((id) => isWaiting(records.tables.runs.get(id)))
  if (waiting.length > 1) {
    verdict.fail('one-waiting', `${waiting.join(' and ')} wait at the same time`, [after.job, ...waiting])
  }
}

function isWaiting(run: RunRow | undefined): boolean {
  return run?.phase === 'pending' || run?.phase === 'queued'
}

function openedByItself({ seen }: Judging, before: RunRow | undefined, after: RunRow): boolean {
  if (after.phase !== 'open' || !isWaiting(before) || after.manual || seen.reordered) return false
  return (
    !seen.commanded.has(after.id) && ![...seen.commanded].some((subject) => subject.startsWith(after.job))
  )
}

/** A slot is one run, but for runs that were taken back before they started. */
function judgeSlotOnce({ records, verdict }: Judging, run: RunRow): void {
  if (run.phase === 'ended' && run.startedMs === null) return
  for (const id of records.runsOfSlot(run)) {
    const other = records.tables.runs.get(id)
    if (id === run.id || other === undefined || other.startedMs === null) continue
    verdict.fail('slot-once', `${run.id} is planned for the slot of ${id}, which has run`, [run.id, id])
  }
}

function isBehindAnother(records: Records, run: Rows['runs']): boolean {
  return [...records.openRuns(run.job)].some(
    (id) => id !== run.id && records.tables.runs.get(id)?.phase === 'open',
  )
}

/** A run that started by itself. */
function judgeOpened(judging: Judging, run: RunRow): void {
  const { records, verdict } = judging
  const job = records.tables.jobs.get(run.job)
  if (job !== undefined && (!job.enabled || job.removed)) {
    verdict.fail('held-starts-nothing', `${run.id} started although its job is disabled`, [run.id])
  }
  judgeOverlap(judging, run)
}

function judgeOverlap({ records, verdict }: Judging, run: Rows['runs']): void {
  if (records.tables.specs.get(run.specHash)?.body.allowOverlap !== false) return
  for (const id of records.openRuns(run.job)) {
    const other = records.tables.runs.get(id)
    if (id === run.id || other === undefined || other.phase !== 'open' || !ACTIVE.has(other.state)) continue
    verdict.fail('overlap', `${run.id} started while ${other.id} was ${other.state}`, [run.id, other.id])
  }
}
