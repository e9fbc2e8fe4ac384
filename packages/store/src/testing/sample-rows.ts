import { actionRunId, attemptIdOf, type JobSpec, jobId, runId, type Target, targetKey } from '@tron/model'
import type {
  ActionRow,
  AttemptRow,
  AuditRow,
  JobRow,
  MetaRow,
  RunRow,
  SlotRow,
  SpecRow,
  TrashRow,
} from '../rows.ts'

/** The job that sample rows belong to unless another is given. */
export const SAMPLE_JOB = 'ns.nightly'

const TARGET: Target = { executor: 'ssh', node: 'web1', address: 'batch@10.0.0.1:22' }
/** 1 Nov 2026, 00:00 UTC. */
const BASE_MS = 1_793_491_200_000

const SPEC: JobSpec = {
  id: jobId(SAMPLE_JOB),
  namespace: 'ns',
  name: 'nightly',
  node: 'web1',
  schedule: { kind: 'cron', value: '* * * * *', jitterMs: 0, zone: 'UTC' },
  enabled: true,
  queueing: true,
  allowOverlap: false,
  runLimit: 50,
  allNodes: false,
  expectedRuntimeMs: 86_400_000,
  monitoring: {},
  actions: [{ name: 'extract', command: 'true', requires: [], expectedRuntimeMs: 86_400_000, env: {} }],
  held: [],
  hash: 'c0ffee',
}

/** A row of `meta`. */
export function sampleMeta(over: Partial<MetaRow> = {}): MetaRow {
  return { key: 'installation', value: 'abc', ...over }
}

/** A row of `specs`. */
export function sampleSpec(over: Partial<SpecRow> = {}): SpecRow {
  return { hash: 'c0ffee', body: SPEC, ...over }
}

/** A row of `jobs`. */
export function sampleJob(over: Partial<JobRow> = {}): JobRow {
  return {
    id: jobId(SAMPLE_JOB),
    specHash: 'c0ffee',
    enabled: true,
    configEnabled: true,
    removed: false,
    nextNumber: 0,
    lastSlotMs: null,
    openSlot: null,
    lastSuccessNumber: null,
    lastSuccessMs: null,
    lastSuccessRunMs: null,
    blocked: null,
    ...over,
  }
}

/** Run `number` of a job: live and running. */
export function sampleRun(number: number, over: Partial<RunRow> = {}): RunRow {
  const job = over.job ?? jobId(SAMPLE_JOB)
  return {
    id: runId(job, number),
    job,
    number,
    phase: 'open',
    state: 'running',
    slotMs: BASE_MS,
    runMs: BASE_MS,
    zone: 'UTC',
    nodeSlot: 0,
    request: null,
    actor: 'schedule',
    manual: false,
    node: 'web1',
    specHash: 'c0ffee',
    held: null,
    cancelling: false,
    dueMs: null,
    createdMs: BASE_MS,
    startedMs: BASE_MS + 5,
    endedMs: null,
    note: null,
    live: true,
    ...over,
  }
}

/** An action of a run: live and running. */
export function sampleAction(run: RunRow, name: string, over: Partial<ActionRow> = {}): ActionRow {
  return {
    id: actionRunId(run.id, name),
    run: run.id,
    job: run.job,
    number: run.number,
    name,
    position: 0,
    state: 'running',
    node: 'web1',
    starts: 1,
    attempt: null,
    verdict: null,
    cancelling: false,
    startedMs: BASE_MS + 5,
    endedMs: null,
    exitStatus: null,
    stopsAsked: [],
    exitStatuses: [],
    reason: null,
    note: null,
    originalCommand: 'echo {shortdate}',
    command: 'echo 2026-11-01',
    live: true,
    ...over,
  }
}

/** Attempt `ordinal` of an action: live and running. */
export function sampleAttempt(
  action: ActionRow,
  ordinal: number,
  over: Partial<AttemptRow> = {},
): AttemptRow {
  const startKey = `${action.job}/s${BASE_MS}/0/${action.name}/${ordinal}`
  return {
    id: attemptIdOf('testing', `${action.run} ${startKey}`),
    action: action.id,
    run: action.run,
    job: action.job,
    ordinal,
    startKey,
    runNumber: action.number,
    configHash: 'c0ffee',
    target: TARGET,
    targetKey: targetKey(TARGET),
    command: 'echo 2026-11-01',
    env: { LANG: 'C.UTF-8' },
    spec: null,
    phase: 'running',
    createdMs: BASE_MS + ordinal,
    startedMs: BASE_MS + 5,
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
    ...over,
  }
}

/** What became of one slot of a job. */
export function sampleSlot(fromMs: number, over: Partial<SlotRow> = {}): SlotRow {
  const job = over.job ?? jobId(SAMPLE_JOB)
  const nodeSlot = over.nodeSlot ?? 0
  return {
    key: `${job}/${nodeSlot}/${fromMs}`,
    job,
    nodeSlot,
    fromMs,
    toMs: fromMs,
    count: 1,
    outcome: 'ran',
    lateMs: null,
    run: null,
    reason: null,
    specHash: null,
    ...over,
  }
}

/** One command of an operator. */
export function sampleAudit(request: string, over: Partial<AuditRow> = {}): AuditRow {
  return {
    request,
    atMs: BASE_MS,
    actor: 'ann',
    source: 'api',
    verb: 'start',
    subject: SAMPLE_JOB,
    ok: true,
    reply: { outcome: 'done', text: 'started ns.nightly.0', runs: [] },
    ...over,
  }
}

/** Output of a run that is to be removed. */
export function sampleTrash(number: number): TrashRow {
  const job = jobId(SAMPLE_JOB)
  return { key: runId(job, number), job, number }
}
