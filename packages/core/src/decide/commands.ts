import { actionRunId, isEnded, type RunId } from '@tron/model'
import type { ActionRow, AttemptRow, JobRow, RunRow } from '@tron/store'
import type { ActionVerb, Command, CommandReply, JobVerb, RunVerb } from '../command.ts'
import type { Draft } from '../tables/tables.ts'
import { noteStop, putAction, startAction } from './action-life.ts'
import { CLEANUP } from './action-spec.ts'
import type { DecideContext } from './context.ts'
import { createRun, oldestQueued, passDisabled, pendingRun, planNext } from './plan.ts'
import { accepts, advanceRun, endUnstarted, heldReasons, openRun, putRun, reopenRun } from './run-life.ts'
import { runRequest } from './run-request.ts'
import { accountedTo, recordSlot, recordStart } from './slots.ts'
import { isBeingStopped, isStoppable, wantEnd } from './stopping.ts'

type Subject<K extends Command['subject']['kind']> = Extract<Command['subject'], { kind: K }>

/** Decides an operator's command. Refusals change nothing. */
export function decideCommand(draft: Draft, context: DecideContext, command: Command): CommandReply {
  const { subject } = command
  switch (subject.kind) {
    case 'job':
      return commandJob(draft, context, { command, subject })
    case 'run':
      return commandRun(draft, context, { command, subject })
    case 'action':
      return commandAction(draft, context, { command, subject })
  }
}

const done = (text: string, runs: readonly RunId[] = []): CommandReply => ({ outcome: 'done', text, runs })
const refused = (text: string): CommandReply => ({ outcome: 'refused', text, runs: [] })
const notFound = (text: string): CommandReply => ({ outcome: 'not-found', text, runs: [] })

function commandJob(
  draft: Draft,
  context: DecideContext,
  asked: { readonly command: Command; readonly subject: Subject<'job'> },
): CommandReply {
  const { command, subject } = asked
  const job = draft.view.jobs.get(subject.job)
  if (job === undefined || job.removed) return notFound(`No job named ${subject.job}`)
  const verbs: Readonly<Record<JobVerb, () => CommandReply>> = {
    start: () => startJob(draft, context, { job, command, askedMs: subject.runMs }),
    enable: () => enableJob(draft, context, job),
    disable: () => {
      disableJob(draft, context, { job, reason: `disabled by ${command.actor}` })
      return done(`Job:${job.id} is disabled`)
    },
  }
  return verbs[subject.verb]()
}

function startJob(
  draft: Draft,
  context: DecideContext,
  asked: { readonly job: JobRow; readonly command: Command; readonly askedMs: number | undefined },
): CommandReply {
  const { job, command, askedMs } = asked
  const spec = context.spec(job.specHash)
  const held = heldReasons(spec.held, job.blocked)
  if (held !== null) return refused(`Failed to start, Job:${job.id} is held: ${held}`)
  const request = runRequest(command.requestId, askedMs)
  const cause = { request, actor: command.actor, runMs: askedMs ?? context.nowMs }
  const run = createRun(draft, context, { job, spec, cause })
  openRun(draft, context, run)
  return done(`Created JobRun:${run.id}`, [run.id])
}

function enableJob(draft: Draft, context: DecideContext, job: JobRow): CommandReply {
  if (!job.enabled) {
    passDisabled(draft, context, job)
    const after = draft.view.jobs.get(job.id) ?? job
    draft.put({ table: 'jobs', row: { ...after, enabled: true } })
    planNext(draft, context, job.id)
  }
  return done(`Job:${job.id} is enabled`)
}

/** Cancels what waits for its instant or in the queue; what runs goes on. */
export function disableJob(
  draft: Draft,
  context: DecideContext,
  disabled: { readonly job: JobRow; readonly reason: string },
): void {
  const { job, reason } = disabled
  draft.put({ table: 'jobs', row: { ...job, enabled: false, openSlot: null } })
  const waiting = [pendingRun(draft.view, job.id), oldestQueued(draft.view, job.id)]
  for (const run of waiting) {
    if (run === undefined) continue
    endUnstarted(draft, context, { run, reason })
    recordSlot(draft, run, { outcome: 'disabled', reason })
    const after = draft.view.jobs.get(job.id)
    if (after === undefined || run.slotMs === null) continue
    // Not where a new schedule names instants before it.
    const next = context.schedule(context.spec(after.specHash)).next(after.lastSlotMs ?? context.nowMs)
    if (next !== null && next.atMs < run.slotMs) continue
    draft.put({ table: 'jobs', row: accountedTo(after, run.slotMs - 1) })
  }
}

/** A run that is being removed is as good as gone: were it to go on, its records would vanish under it. */
function knownRun(draft: Draft, id: RunId): RunRow | undefined {
  return draft.view.trash.get(id) === undefined ? draft.view.runs.get(id) : undefined
}

interface AskedOfRun {
  readonly command: Command
  readonly run: RunRow
}

function commandRun(
  draft: Draft,
  context: DecideContext,
  asked: { readonly command: Command; readonly subject: Subject<'run'> },
): CommandReply {
  const run = knownRun(draft, asked.subject.run)
  if (run === undefined) return notFound(`No run ${asked.subject.run}`)
  const of = { command: asked.command, run }
  const verbs: Readonly<Record<RunVerb, () => CommandReply>> = {
    start: () => startRun(draft, context, of),
    cancel: () => cancelRun(draft, context, of),
    stop: () => stopRun(draft, context, of),
  }
  return verbs[asked.subject.verb]()
}

function stateOf(draft: Draft, run: RunRow): string {
  return draft.view.runs.get(run.id)?.state ?? run.state
}

function startRun(draft: Draft, context: DecideContext, { run }: AskedOfRun): CommandReply {
  if (run.phase !== 'pending' && run.phase !== 'queued') {
    return refused(`Failed to start, JobRun:${run.id} in state ${run.state}`)
  }
  const held = heldReasons(context.spec(run.specHash).held, draft.view.jobs.get(run.job)?.blocked ?? null)
  if (held !== null) return refused(`Failed to start, JobRun:${run.id} is held: ${held}`)
  recordStart(draft, run, context.nowMs)
  openRun(draft, context, run)
  planNext(draft, context, run.job)
  return done(`JobRun:${run.id} now in state ${stateOf(draft, run)}`)
}

function cancelRun(draft: Draft, context: DecideContext, { command, run }: AskedOfRun): CommandReply {
  const reason = `cancelled by ${command.actor}`
  if (run.phase === 'pending' || run.phase === 'queued') {
    endUnstarted(draft, context, { run, reason })
    recordSlot(draft, run, { outcome: 'skipped', reason })
    planNext(draft, context, run.job)
    return done(`JobRun:${run.id} now in state cancelled`)
  }
  if (run.phase === 'ended') return refused(`Failed to cancel, JobRun:${run.id} in state ${run.state}`)
  putRun(draft, { ...run, cancelling: true, held: reason })
  for (const action of draft.view.actions.by('run', run.id)) {
    const attempt = action.attempt === null ? undefined : draft.view.attempts.get(action.attempt)
    if (attempt !== undefined && isThere(attempt) && !isEnded(action.state)) {
      putAction(draft, { ...action, cancelling: true, verdict: command.actor })
      wantEnd(draft, context, { attempt, signal: 'TERM' })
    }
  }
  advanceRun(draft, context, run.id)
  const after = draft.view.runs.get(run.id) ?? run
  const waiting = after.cancelling ? '; cancelling, the nodes have yet to answer' : ''
  return done(`JobRun:${run.id} now in state ${after.state}${waiting}`)
}

function stopRun(draft: Draft, context: DecideContext, { command, run }: AskedOfRun): CommandReply {
  const active = draft.view.attempts.by('run', run.id).filter(isStoppable)
  if (run.phase !== 'open' && active.length === 0) {
    return refused(`Failed to stop, JobRun:${run.id} in state ${run.state}`)
  }
  if (run.phase === 'open') putRun(draft, { ...run, held: `stopped by ${command.actor}` })
  for (const attempt of active) {
    wantStop(draft, context, { attempt, signal: 'TERM', actor: command.actor })
  }
  advanceRun(draft, context, run.id)
  return done(`Attempting to stop JobRun: ${run.id}`)
}

/** Its action waits for it: for its command, or for the rest of it that is being stopped. */
function isThere(attempt: AttemptRow): boolean {
  return attempt.phase !== 'ended' || isBeingStopped(attempt)
}

interface AskedOfAction extends AskedOfRun {
  readonly action: ActionRow
}

function commandAction(
  draft: Draft,
  context: DecideContext,
  asked: { readonly command: Command; readonly subject: Subject<'action'> },
): CommandReply {
  const { command, subject } = asked
  const run = knownRun(draft, subject.run)
  const action = draft.view.actions.get(actionRunId(subject.run, subject.action))
  if (run === undefined || action === undefined) return notFound(`No action ${subject.run}.${subject.action}`)
  const of = { command, run, action }
  const verbs: Readonly<Record<ActionVerb, () => CommandReply>> = {
    start: () => startOne(draft, context, of),
    success: () => giveVerdict(draft, context, { ...of, verb: 'success', state: 'succeeded' }),
    fail: () => giveVerdict(draft, context, { ...of, verb: 'fail', state: 'failed' }),
    skip: () => giveVerdict(draft, context, { ...of, verb: 'skip', state: 'skipped' }),
    cancel: () => cancelAction(draft, context, of),
    stop: () => stopAction(draft, context, { ...of, signal: 'TERM' }),
    kill: () => stopAction(draft, context, { ...of, signal: 'KILL' }),
  }
  return verbs[subject.verb]()
}

function illegal(verb: ActionVerb, action: ActionRow): CommandReply {
  return refused(`Failed to ${verb} on ${action.id}. State is ${action.state}.`)
}

function actionDone(draft: Draft, action: ActionRow): CommandReply {
  const state = draft.view.actions.get(action.id)?.state ?? action.state
  return done(`ActionRun: ${action.id} now in state ${state}`)
}

/** What a run stays held for where an operator says so of one of its actions: nobody says with a failure, or of the cleanup, that the rest shall go on. */
function heldOn({ run, action }: AskedOfAction, verb: ActionVerb): RunRow['held'] {
  return verb === 'fail' || action.name === CLEANUP ? run.held : null
}

function startOne(draft: Draft, context: DecideContext, asked: AskedOfAction): CommandReply {
  const { run, action } = asked
  if (run.phase === 'pending' || run.phase === 'queued') {
    return refused(`Failed to start ${action.id}: its job run is still ${run.state}. Start the run instead.`)
  }
  if (!accepts(action, 'start')) return illegal('start', action)
  reopenRun(draft, run, heldOn(asked, 'start'))
  startAction(draft, context, action.id)
  advanceRun(draft, context, run.id)
  return actionDone(draft, action)
}

function giveVerdict(
  draft: Draft,
  context: DecideContext,
  asked: AskedOfAction & {
    readonly verb: 'success' | 'fail' | 'skip'
    readonly state: 'succeeded' | 'failed' | 'skipped'
  },
): CommandReply {
  const { run, action, command, verb, state } = asked
  if (!accepts(action, verb)) return illegal(verb, action)
  putAction(draft, {
    ...action,
    state,
    verdict: command.actor,
    cancelling: false,
    // What is skipped has ended already.
    endedMs: state === 'skipped' ? action.endedMs : context.nowMs,
    exitStatus: judgedStatus(draft, action, state),
    reason: `${verb} by ${command.actor}`,
  })
  // An ended run goes on if the verdict lets something of it start; a pending one is not started by it.
  reopenRun(draft, run, heldOn(asked, verb))
  advanceRun(draft, context, run.id)
  return actionDone(draft, action)
}

/** A verdict is not what the command said: success is 0 as in Tron, a failure has no status, and what is skipped keeps what was reported, if anything was. */
function judgedStatus(
  draft: Draft,
  { attempt, exitStatuses }: ActionRow,
  state: 'succeeded' | 'failed' | 'skipped',
): number | null {
  if (state !== 'skipped') return state === 'succeeded' ? 0 : null
  const current = attempt === null ? undefined : draft.view.attempts.get(attempt)
  // What is not in memory has ended; of what has not, the newest status is another one's.
  return current === undefined || current.phase === 'ended' ? (exitStatuses.at(-1) ?? null) : null
}

function cancelAction(draft: Draft, context: DecideContext, asked: AskedOfAction): CommandReply {
  const { run, action, command } = asked
  if (!accepts(action, 'cancel')) return illegal('cancel', action)
  const reason = `cancelled by ${command.actor}`
  const attempt = action.attempt === null ? undefined : draft.view.attempts.get(action.attempt)
  if (attempt !== undefined && isThere(attempt)) {
    putAction(draft, { ...action, cancelling: true, verdict: command.actor })
    wantEnd(draft, context, { attempt, signal: 'TERM' })
    return done(
      `ActionRun: ${action.id} now in state ${action.state}; cancelling, the node has yet to answer`,
    )
  }
  putAction(draft, {
    ...action,
    state: 'cancelled',
    verdict: command.actor,
    endedMs: context.nowMs,
    reason,
  })
  advanceRun(draft, context, run.id)
  return actionDone(draft, action)
}

function stopAction(
  draft: Draft,
  context: DecideContext,
  asked: AskedOfAction & { readonly signal: 'TERM' | 'KILL' },
): CommandReply {
  const { action, command, signal } = asked
  const verb = signal === 'TERM' ? 'stop' : 'kill'
  const attempt = action.attempt === null ? undefined : draft.view.attempts.get(action.attempt)
  if (attempt === undefined || !isStoppable(attempt)) {
    return refused(`Failed to ${verb} ${action.id}: no command of it is running. State is ${action.state}.`)
  }
  wantStop(draft, context, { attempt, signal, actor: command.actor })
  return done(`Attempting to ${verb} ActionRun: ${action.id}`)
}

function wantStop(
  draft: Draft,
  context: DecideContext,
  wanted: { readonly attempt: AttemptRow; readonly signal: 'TERM' | 'KILL'; readonly actor: string },
): void {
  const { attempt, signal, actor } = wanted
  const action = draft.view.actions.get(attempt.action)
  if (action !== undefined) noteStop(draft, action, { verb: signal === 'TERM' ? 'stop' : 'kill', actor })
  wantEnd(draft, context, { attempt, signal })
}
