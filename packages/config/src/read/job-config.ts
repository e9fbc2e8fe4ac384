import {
  canonicalJson,
  contentHash,
  isIdentifier,
  type JobId,
  type JobSpec,
  jobId,
  type ScheduleSpec,
} from '@tron/model'
import { checkShape } from '../problems/check-shape.ts'
import { jobSchema, type RawJob } from '../schema/job.ts'
import { asJson } from '../unsafe-json.ts'
import { isKnown, member, type Place } from '../yaml/located.ts'
import { type ActionsConfig, checkNode, readActions, readCleanup } from './action-config.ts'
import { type Held, heldByJob, heldByNode } from './held.ts'
import type { JobScope, PublishedBy, WantedTrigger } from './job-scope.ts'
import { type NamedEntry, namedEntries, UNNAMED } from './named-entries.ts'
import { scheduleAt } from './schedule-config.ts'
import { upstreamOf } from './trigger-graph.ts'

export interface JobsConfig {
  readonly jobs: readonly JobSpec[]
  readonly triggers: readonly WantedTrigger[]
  readonly published: readonly PublishedBy[]
}

const JOBS = {
  what: 'a job',
  accepts: isIdentifier,
  accepted: 'letters, digits, _ and -, starting with a letter or _, at most 255',
  keys: { all: new Set(Object.keys(jobSchema.shape)), telling: ['name', 'node', 'schedule', 'actions'] },
  form: (text: string) =>
    [
      isIdentifier(text) ? text : 'NAME',
      'node: NODE, schedule: SCHEDULE, actions: {NAME: {command: COMMAND}}',
    ] as const,
}

/** Reads the jobs of a namespace. Those with faults are left out; the faults are in the scope's list. */
export function readJobs(document: Place, scope: JobScope): JobsConfig {
  const place = member(document, 'jobs')
  if (place === undefined) return { jobs: [], triggers: [], published: [] }
  const { entries } = namedEntries(place, JOBS, scope.problems)
  const read = entries.map((entry) => readJob(entry, scope))
  return {
    jobs: read.flatMap(({ job }) => (job === null ? [] : [job])),
    triggers: read.flatMap(({ triggers }) => triggers),
    published: read.flatMap(({ published }) => published),
  }
}

interface ReadJob {
  readonly job: JobSpec | null
  readonly triggers: readonly WantedTrigger[]
  readonly published: readonly PublishedBy[]
}

function readJob({ name, place, isNamed }: NamedEntry, scope: JobScope): ReadJob {
  const { problems } = scope
  const before = problems.errors
  const raw = checkShape(jobSchema, place, problems)
  checkNode(place, scope)
  const schedule = isKnown(member(place, 'schedule')) ? readSchedule(place, raw, scope) : null
  const actions = readActions(place, scope)
  const cleanup = readCleanup(place, scope)
  const own = raw === null ? [] : heldByJob(raw, place, problems)
  const id = jobId(`${scope.namespace}.${isIdentifier(name) ? name : UNNAMED}`)
  const triggers = [...actions.triggers, ...cleanup.triggers].flatMap(({ by, text, at, path }) => {
    const upstream = upstreamOf(text, id)
    return upstream === null ? [] : [{ by: `${id}.${by}`, ...upstream, at, path }]
  })
  const published = [...actions.published, ...cleanup.published].map(({ action, triggers: names }) => ({
    action: `${id}.${action}`,
    triggers: names,
  }))
  const isWrong = !isNamed || problems.errors > before
  if (raw === null || schedule === null || isWrong) return { job: null, triggers, published }
  if (isKnown(member(place, 'namespace'))) remarkNamespace(place, scope)
  const byMaster = heldByNode(place, scope.heldByMaster, problems)
  const byNode = heldByNode(place, scope.heldByNode.get(raw.node) ?? [], problems)
  const held = distinct([...byMaster, ...own, ...byNode, ...actions.held, ...cleanup.held])
  return { job: jobSpec(raw, { id, name, schedule, actions, cleanup, held, scope }), triggers, published }
}

/** Each reason once, where it is asked for first. */
function distinct(held: readonly Held[]): readonly Held[] {
  const places = new Map<string, string>()
  for (const { reason, at } of held) if (!places.has(reason)) places.set(reason, at)
  return Array.from(places, ([reason, at]) => ({ reason, at }))
}

interface JobParts {
  readonly id: JobId
  readonly name: string
  readonly schedule: ScheduleSpec
  readonly actions: ActionsConfig
  readonly cleanup: ActionsConfig
  readonly held: readonly Held[]
  readonly scope: JobScope
}

function jobSpec(raw: RawJob, parts: JobParts): JobSpec {
  const [cleanup] = parts.cleanup.actions
  const { id, name, schedule, held, scope } = parts
  const job: Omit<JobSpec, 'hash'> = {
    id,
    namespace: scope.namespace,
    name,
    node: raw.node,
    schedule,
    enabled: raw.enabled,
    queueing: raw.queueing,
    allowOverlap: raw.allow_overlap,
    runLimit: raw.run_limit,
    allNodes: raw.all_nodes,
    expectedRuntimeMs: raw.expected_runtime,
    ...(raw.max_runtime === undefined ? {} : { maxRuntimeMs: raw.max_runtime }),
    monitoring: raw.monitoring,
    actions: parts.actions.actions,
    ...(cleanup === undefined ? {} : { cleanup }),
    held: held.map(({ reason }) => reason),
  }
  return {
    ...job,
    ...(held.length === 0 ? {} : { heldAt: held.map(({ at }) => at) }),
    ...(raw.description === undefined ? {} : { description: raw.description }),
    ...(raw.owner === undefined ? {} : { owner: raw.owner }),
    hash: contentHash(canonicalJson(asJson(job))),
  }
}

function readSchedule(job: Place, raw: RawJob | null, scope: JobScope): ScheduleSpec | null {
  const place = member(job, 'schedule')
  if (place === undefined) return null
  const schedule = scheduleAt(place, scope.problems, scope.schedules)
  if (schedule === null) return null
  return {
    ...schedule,
    zone: raw?.time_zone ?? scope.zone,
    // Left out where it changes nothing, so that saying so is no change of the job.
    ...(raw?.dst === undefined || raw.dst === 'auto' ? {} : { dst: raw.dst }),
  }
}

function remarkNamespace(place: Place, { namespace, problems }: JobScope): void {
  const found = member(place, 'namespace')
  if (found === undefined || found.located.json === namespace) return
  problems.warning(
    { at: found.keyAt, path: found.path },
    `"namespace" has no effect: the job is in the namespace ${namespace}`,
  )
}
