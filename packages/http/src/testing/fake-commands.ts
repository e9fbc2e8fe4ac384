import type {
  ActionVerb,
  ActionView,
  Command,
  CommandReply,
  EngineStatus,
  JobView,
  RunView,
} from '@tron/core'
import { type ActionState, isEnded, type JobId, TronError } from '@tron/model'
import { sampleRun } from './sample-views.ts'

/** A job of the fake and its runs, newest first. */
export interface Kept {
  view: JobView
  runs: readonly RunView[]
}

/** The answer to a command that was done. */
export function done(text: string, runs: CommandReply['runs'] = []): CommandReply {
  return { outcome: 'done', text, runs }
}

/** The answer to a command about what is not there. */
export function notFound(text: string): CommandReply {
  return { outcome: 'not-found', text, runs: [] }
}

/** The answer to a command under the request id of another. */
export function reused(text: string): CommandReply {
  return { outcome: 'reused', text, runs: [] }
}

function refused(text: string): CommandReply {
  return { outcome: 'refused', text, runs: [] }
}

/** What an engine answers that does not work; undefined for one that does. */
export function refusalOf(status: EngineStatus): CommandReply | undefined {
  const text = status.reason ?? 'not working'
  if (status.state === 'fenced') return { outcome: 'fenced', text, runs: [] }
  if (status.state === 'store-degraded') return { outcome: 'degraded', text, runs: [] }
  return undefined
}

/** Throws what an engine that does not work says to an update. */
export function throwRefusal(status: EngineStatus): void {
  const refusal = refusalOf(status)
  if (refusal === undefined) return
  throw new TronError(refusal.outcome === 'fenced' ? 'FENCED' : 'STORE_DEGRADED', refusal.text)
}

/** Does at once what is asked, without a node. */
export function obey(jobs: Map<JobId, Kept>, { subject }: Command): CommandReply {
  switch (subject.kind) {
    case 'job':
      return obeyJob(jobs.get(subject.job), subject)
    case 'run':
      return obeyRun(findKept(jobs, subject.run), subject.run, subject.verb)
    case 'action':
      return obeyAction(findKept(jobs, subject.run), subject)
    default:
      return subject satisfies never
  }
}

function findKept(jobs: Map<JobId, Kept>, run: string): Kept | undefined {
  return [...jobs.values()].find((kept) => kept.runs.some((one) => one.row.id === run))
}

const gone: CommandReply = { outcome: 'not-found', text: 'It is gone', runs: [] }

function obeyJob(
  kept: Kept | undefined,
  subject: Extract<Command['subject'], { kind: 'job' }>,
): CommandReply {
  if (kept === undefined) return gone
  const { view } = kept
  if (subject.verb === 'start') {
    const run = sampleRun(view.spec, view.row.nextNumber, {
      state: 'running',
      row: { manual: true, runMs: subject.runMs ?? 0 },
    })
    kept.view = { ...view, row: { ...view.row, nextNumber: view.row.nextNumber + 1 } }
    kept.runs = [run, ...kept.runs]
    return done(`Created JobRun:${run.row.id}`, [run.row.id])
  }
  const enabled = subject.verb === 'enable'
  kept.view = { ...view, row: { ...view.row, enabled }, status: enabled ? 'enabled' : 'disabled' }
  return done(`Job:${view.row.id} is ${enabled ? 'enabled' : 'disabled'}`)
}

const RUN_STATES = { start: 'running', cancel: 'cancelled', stop: 'failed' } as const

function obeyRun(kept: Kept | undefined, id: string, verb: keyof typeof RUN_STATES): CommandReply {
  const run = kept?.runs.find((one) => one.row.id === id)
  if (kept === undefined || run === undefined) return gone
  if (isEnded(run.row.state)) return refused(`Failed to ${verb}, JobRun:${id} in state ${run.row.state}`)
  const state = RUN_STATES[verb]
  const next: RunView = {
    ...run,
    row: { ...run.row, state },
    actions: run.actions.map((action) => inState(action, state)),
  }
  kept.runs = kept.runs.map((one) => (one === run ? next : one))
  return done(`JobRun:${id} now in state ${state}`)
}

function inState(action: ActionView, state: ActionState): ActionView {
  return { ...action, row: { ...action.row, state } }
}

const ACTION_STATE: Record<ActionVerb, ActionState> = {
  start: 'running',
  success: 'succeeded',
  fail: 'failed',
  skip: 'skipped',
  cancel: 'cancelled',
  stop: 'failed',
  kill: 'failed',
}

function obeyAction(
  kept: Kept | undefined,
  subject: Extract<Command['subject'], { kind: 'action' }>,
): CommandReply {
  const run = kept?.runs.find((one) => one.row.id === subject.run)
  const action = run?.actions.find((one) => one.row.name === subject.action)
  if (kept === undefined || run === undefined || action === undefined) return gone
  const { verb } = subject
  if (verb === 'stop' || verb === 'kill') return done(`Attempting to ${verb} ActionRun: ${action.row.id}`)
  if (isEnded(action.row.state)) {
    return refused(`Failed to ${verb} on ${action.row.id}. State is ${action.row.state}.`)
  }
  const state = ACTION_STATE[verb]
  const actions = run.actions.map((one) => (one === action ? inState(action, state) : one))
  const changed = { ...run, actions }
  kept.runs = kept.runs.map((one) => (one === run ? changed : one))
  return done(`ActionRun: ${action.row.id} now in state ${state}`)
}
