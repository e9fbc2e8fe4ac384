import type { ActionView, JobView, RunView } from '@tron/core'
import {
  type ActionSpec,
  type ActionState,
  actionRunId,
  attemptIdOf,
  type JobId,
  type JobSpec,
  jobId,
  type NodeSpec,
  runId,
  targetKey,
} from '@tron/model'

/** A node of samples. */
export const SAMPLE_NODE: NodeSpec = {
  name: 'b1',
  hostname: 'b1.example',
  username: 'tron',
  port: 22,
  executor: 'ssh',
}

/** An action as configured; all but the name may be left out. */
export function sampleAction(name: string, parts: Partial<ActionSpec> = {}): ActionSpec {
  return { name, command: `run ${name}`, requires: [], expectedRuntimeMs: 86_400_000, env: {}, ...parts }
}

/** A job of one action, hourly, in UTC; parts replace what differs. */
export function sampleJob(id: string, parts: Partial<JobSpec> = {}): JobSpec {
  const [namespace = '', name = ''] = id.split('.')
  return {
    id: jobId(id),
    namespace,
    name,
    node: 'batch',
    schedule: { kind: 'cron', value: '0 * * * *', jitterMs: 0, zone: 'UTC' },
    enabled: true,
    queueing: true,
    allowOverlap: false,
    runLimit: 50,
    allNodes: false,
    expectedRuntimeMs: 86_400_000,
    monitoring: {},
    actions: [sampleAction('work')],
    held: [],
    hash: `hash of ${id}`,
    ...parts,
  }
}

/** A job's row as it is before anything ran. */
export function sampleJobRow(spec: JobSpec, parts: Partial<JobView['row']> = {}): JobView['row'] {
  return {
    id: spec.id,
    specHash: spec.hash,
    enabled: spec.enabled,
    configEnabled: spec.enabled,
    removed: false,
    nextNumber: 0,
    lastSlotMs: null,
    openSlot: null,
    lastSuccessNumber: null,
    lastSuccessMs: null,
    lastSuccessRunMs: null,
    blocked: null,
    ...parts,
  }
}

/** A view of a job that is enabled and waits for its next run. */
export function sampleJobView(spec: JobSpec, parts: Partial<JobView> = {}): JobView {
  return {
    row: sampleJobRow(spec),
    spec,
    status: spec.enabled ? 'enabled' : 'disabled',
    nodes: [SAMPLE_NODE],
    nextRunMs: null,
    held: spec.held,
    ...parts,
  }
}

/** A run with all actions of its spec in one state; none of them has an attempt. */
export function sampleRun(
  spec: JobSpec,
  number: number,
  parts: { readonly state: ActionState; readonly row?: Partial<RunView['row']> },
): RunView {
  const actions = spec.cleanup === undefined ? spec.actions : [...spec.actions, spec.cleanup]
  return {
    row: { ...sampleRunRow(spec, number, parts.state), ...parts.row },
    spec,
    node: SAMPLE_NODE,
    actions: actions.map((action, position) =>
      sampleActionView(spec.id, number, { action, position, state: parts.state }),
    ),
  }
}

/** An action run of a sample run. */
export function sampleActionView(
  job: JobId,
  number: number,
  parts: { readonly action: ActionSpec; readonly position: number; readonly state: ActionState },
): ActionView {
  const run = runId(job, number)
  return {
    row: {
      id: actionRunId(run, parts.action.name),
      run,
      job,
      number,
      name: parts.action.name,
      position: parts.position,
      state: parts.state,
      node: SAMPLE_NODE.name,
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
      originalCommand: parts.action.command,
      command: null,
      live: true,
    },
    spec: parts.action,
    rawCommand: parts.action.command,
    node: SAMPLE_NODE,
    attempts: [],
  }
}

/** One finished attempt of an action run. */
export function sampleAttempt(
  view: ActionView,
  parts: Partial<ActionView['attempts'][number]> = {},
): ActionView['attempts'][number] {
  const startKey = `${view.row.job}/s0/0/${view.row.name}/0`
  const target = { executor: 'ssh', node: SAMPLE_NODE.name, address: 'tron@b1.example:22' }
  return {
    id: attemptIdOf('sample', startKey),
    action: view.row.id,
    run: view.row.run,
    job: view.row.job,
    ordinal: 0,
    startKey,
    runNumber: view.row.number,
    configHash: 'hash',
    target,
    targetKey: targetKey(target),
    command: view.row.command ?? view.row.originalCommand,
    env: {},
    spec: {},
    phase: 'ended',
    createdMs: 0,
    startedMs: null,
    endedMs: null,
    outcome: { type: 'exited', code: 0 },
    handle: null,
    revokeWanted: false,
    stopWanted: null,
    stopAtMs: null,
    stopped: null,
    stdout: 0,
    stderr: 0,
    output: 'complete',
    leftRunning: 0,
    lost: 0,
    released: true,
    note: null,
    live: false,
    ...parts,
  }
}

function sampleRunRow(spec: JobSpec, number: number, state: ActionState): RunView['row'] {
  return {
    id: runId(spec.id, number),
    job: spec.id,
    number,
    phase: state === 'scheduled' ? 'pending' : 'open',
    state,
    slotMs: null,
    runMs: 0,
    zone: spec.schedule.zone,
    nodeSlot: 0,
    request: null,
    actor: 'schedule',
    manual: false,
    node: SAMPLE_NODE.name,
    specHash: spec.hash,
    held: null,
    cancelling: false,
    dueMs: null,
    createdMs: 0,
    startedMs: null,
    endedMs: null,
    note: null,
    live: true,
  }
}
