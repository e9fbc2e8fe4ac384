import {
  type ActionSpec,
  attemptIdOf,
  formatStartKey,
  isEnded,
  type JobSpec,
  type JsonValue,
  type NodeSpec,
  type Target,
  TRON_EXIT,
  targetKey,
} from '@tron/model'
import type { ActionRow, AttemptRow, RunRow, StopAsked } from '@tron/store'
import { renderCommand, tronEnvironment } from '@tron/template'
import type { Draft } from '../tables/tables.ts'
import { actionSpec, CLEANUP } from './action-spec.ts'
import type { DecideContext } from './context.ts'
import { actionSet, cleanupJobStatus } from './run-state.ts'
import { isBeingStopped } from './stopping.ts'

/** Shown as the command of an action whose template could not be rendered. */
const UNRENDERED = 'false # Command failed to render correctly. See the Tron error log.'

export function putAction(draft: Draft, row: ActionRow): void {
  draft.put({ table: 'actions', row })
}

export function putAttempt(draft: Draft, row: AttemptRow): void {
  draft.put({ table: 'attempts', row })
}

/** Where a node's attempts run. */
export function targetOf(node: NodeSpec): Target {
  return {
    executor: node.executor,
    node: node.name,
    address: `${node.username}@${node.hostname}:${node.port}`,
  }
}

/** Where the attempts of actions run that name an executor: a cluster chooses the machine itself, so it is one target. */
export function clusterOf(executor: string): Target {
  return { executor, node: executor, address: '' }
}

/** What only the executor of an action reads of a start: its container, or the shell for executors over the node protocol. */
function executorSpec(context: DecideContext, spec: ActionSpec | undefined): JsonValue {
  return spec?.container ?? { shell: context.snapshot.access.shell }
}

/**
 * Decides one start of an action: from here on its attempt wants to be started, and only this attempt moves the action. A command that cannot be
 * rendered, or a node that is gone, fails the action instead.
 */
export function startAction(draft: Draft, context: DecideContext, id: string): void {
  const action = draft.view.actions.get(id)
  const run = action === undefined ? undefined : draft.view.runs.get(action.run)
  if (action === undefined || run === undefined) return
  const spec = context.spec(run.specHash)
  const node = context.snapshot.nodes[action.node]
  if (node === undefined) {
    const reason = `node "${action.node}" is no longer in the configuration`
    failUnstarted(draft, context, { action, exitStatus: TRON_EXIT.nodeError, reason, command: null })
    return
  }
  const rendered = renderCommand(
    action.originalCommand,
    renderContext(draft, context, { action, run, spec, node }),
  )
  if (!rendered.ok) {
    const failure = { exitStatus: TRON_EXIT.invalidCommand, reason: rendered.reason, command: UNRENDERED }
    failUnstarted(draft, context, { action, ...failure })
    return
  }
  const attempt = newAttempt(context, { action, run, spec, node, command: rendered.text })
  putAttempt(draft, attempt)
  putAction(draft, {
    ...action,
    state: 'starting',
    starts: action.starts + 1,
    attempt: attempt.id,
    verdict: null,
    startedMs: context.nowMs,
    endedMs: null,
    exitStatus: null,
    reason: null,
    command: rendered.text,
  })
}

interface Starting {
  readonly action: ActionRow
  readonly run: RunRow
  readonly spec: JobSpec
  readonly node: NodeSpec
}

function renderContext(draft: Draft, context: DecideContext, starting: Starting) {
  const { action, run, spec, node } = starting
  const set = actionSet(draft.view.actions.by('run', run.id), spec)
  return {
    job: run.job,
    runNumber: run.number,
    runMs: run.runMs,
    zone: run.zone,
    manual: run.manual,
    action: action.name,
    node: node.hostname,
    cleanupJobStatus: action.name === CLEANUP ? cleanupJobStatus(set) : ('UNKNOWN' as const),
    lastSuccessRunMs: draft.view.jobs.get(run.job)?.lastSuccessRunMs ?? null,
    nowMs: context.nowMs,
    commandContext: context.snapshot.commandContext,
  }
}

function newAttempt(context: DecideContext, starting: Starting & { readonly command: string }): AttemptRow {
  const { action, run, spec, node } = starting
  const cause = run.slotMs === null ? { request: run.request ?? run.id } : { slotMs: run.slotMs }
  const ordinal = action.starts
  const startKey = formatStartKey({
    job: run.job,
    cause,
    nodeSlot: run.nodeSlot,
    action: action.name,
    ordinal,
  })
  const own = actionSpec(spec, action.name)
  const target = own?.executor === undefined ? targetOf(node) : clusterOf(own.executor)
  return {
    id: attemptIdOf(context.installation, startKey),
    action: action.id,
    run: run.id,
    job: run.job,
    ordinal,
    startKey,
    runNumber: run.number,
    configHash: run.specHash,
    target,
    targetKey: targetKey(target),
    command: starting.command,
    env: { ...own?.env, ...tronEnvironment(run.job, run.number, action.name) },
    spec: executorSpec(context, own),
    phase: 'starting',
    createdMs: context.nowMs,
    startedMs: null,
    endedMs: null,
    outcome: null,
    handle: null,
    revokeWanted: false,
    stopWanted: null,
    stopAtMs: null,
    stopped: null,
    stdout: 0,
    stderr: 0,
    output: 'open',
    leftRunning: 0,
    lost: 0,
    released: false,
    note: null,
    live: true,
  }
}

function failUnstarted(
  draft: Draft,
  context: DecideContext,
  failed: {
    readonly action: ActionRow
    readonly exitStatus: number
    readonly reason: string
    readonly command: string | null
  },
): void {
  const { action, exitStatus, reason, command } = failed
  putAction(draft, {
    ...action,
    state: 'failed',
    startedMs: context.nowMs,
    endedMs: context.nowMs,
    exitStatus,
    exitStatuses: [...action.exitStatuses, exitStatus],
    reason,
    command,
  })
}

/** How an attempt came to its end, for the action that it may move. */
export interface AttemptEnd {
  readonly state: 'succeeded' | 'failed' | 'unknown'
  readonly exitStatus: number | null
  readonly atMs: number
  readonly reason: string | null
  readonly note: string | null
}

/**
 * Takes the end of an attempt over to its action run: only the current attempt moves it, an operator's verdict stays, and what was being cancelled is
 * cancelled. Whatever does not move it is kept as a note. One that is being stopped ends when it is known that nothing of it survives.
 */
export function endAction(draft: Draft, attempt: AttemptRow, end: AttemptEnd): void {
  const action = draft.view.actions.get(attempt.action)
  if (action === undefined) return
  const counted = { ...action, exitStatuses: [...action.exitStatuses, end.exitStatus] }
  if (!isMovedBy(action, attempt)) putAction(draft, { ...counted, note: lateNote(action, end) })
  else if (isBeingStopped(attempt)) {
    putAction(draft, { ...counted, state: 'running', exitStatus: end.exitStatus, reason: UNPROVED })
  } else moveToEnd(draft, counted, end)
}

/** Ends an action whose command ended before all of it was stopped: nothing of it survives now. */
export function endStopped(draft: Draft, attempt: AttemptRow, end: AttemptEnd): void {
  const action = draft.view.actions.get(attempt.action)
  if (action !== undefined && isMovedBy(action, attempt)) moveToEnd(draft, action, end)
}

const UNPROVED = 'its command ended; whether anything of it survives the stop is not known yet'

function isMovedBy(action: ActionRow, attempt: AttemptRow): boolean {
  return action.attempt === attempt.id && !isEnded(action.state)
}

function moveToEnd(draft: Draft, action: ActionRow, end: AttemptEnd): void {
  putAction(draft, {
    ...action,
    state: action.cancelling ? 'cancelled' : end.state,
    cancelling: false,
    endedMs: end.atMs,
    exitStatus: end.exitStatus,
    reason: action.cancelling ? cancelReason(action, end) : end.reason,
    note: end.note,
  })
}

/** Who cancelled it, and what is to be said of its end beside that. */
function cancelReason({ verdict }: ActionRow, { reason }: AttemptEnd): string | null {
  const by = verdict === null ? null : `cancelled by ${verdict}`
  return by === null || reason === null ? (by ?? reason) : `${by}; ${reason}`
}

/** Notes who asked for a stop, each once. */
export function noteStop(draft: Draft, action: ActionRow, asked: StopAsked): void {
  const { stopsAsked } = action
  const isNoted = stopsAsked.some(({ verb, actor }) => verb === asked.verb && actor === asked.actor)
  if (!isNoted) putAction(draft, { ...action, stopsAsked: [...stopsAsked, asked] })
}

function lateNote(action: ActionRow, end: AttemptEnd): string {
  const status = end.exitStatus === null ? 'without an exit status' : `with exit status ${end.exitStatus}`
  const cause =
    action.verdict === null ? 'after it was superseded' : `after it was ${action.state} by ${action.verdict}`
  return `the command ended ${status} ${cause}`
}
