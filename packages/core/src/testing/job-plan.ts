import {
  type ActionSpec,
  type ConfigSnapshot,
  contentHash,
  type JobSpec,
  jobId,
  type NodeSpec,
} from '@tron/model'
import { cronOf, type Rhythm } from './naive-schedule.ts'

/** A job as a simulation plans it. */
export interface JobPlan {
  readonly name: string
  readonly rhythm: Rhythm
  readonly zone: string
  readonly jitterMs: number
  /** A node, or `pool`. */
  readonly node: string
  readonly actions: readonly ActionPlan[]
  readonly cleanup: boolean
  readonly queueing: boolean
  readonly allowOverlap: boolean
  readonly enabled: boolean
  readonly runLimit: number
  readonly held: readonly string[]
}

export interface ActionPlan {
  readonly name: string
  readonly requires: readonly string[]
  readonly node?: string
}

export const NODES = ['n1', 'n2', 'n3'] as const
/** A node that the configuration has at times only. */
export const GUEST = 'n4'
const EXECUTOR = 'fake'
const DAY = 86_400_000

/** What stands in the configuration's files, as a simulation plans them. */
export interface FilesPlan {
  readonly jobs: readonly JobPlan[]
  /** As whom commands run on a node: with another user, a node has another address. */
  readonly users: Readonly<Record<string, string>>
  /** The nodes of `pool`. */
  readonly pool: readonly string[]
}

/** The files that a plan begins with. */
export function firstFiles(jobs: readonly JobPlan[]): FilesPlan {
  return { jobs, users: {}, pool: NODES }
}

/** What the engine is configured with. A job that is put onto the guest brings it along. */
export function snapshotOf({ jobs, users, pool }: FilesPlan, zone: string): ConfigSnapshot {
  const guests = jobs.some(({ node }) => node === GUEST) ? [GUEST] : []
  const specs = jobs.map(specOf)
  const body = {
    zone,
    commandContext: {},
    nodes: Object.fromEntries([...NODES, ...guests].map((name) => [name, nodeNamed(name, users[name])])),
    pools: { pool: [...pool] },
    access: { agent: false, identities: [], connectTimeoutMs: 30_000, shell: 'login' as const },
    jobs: Object.fromEntries(specs.map((spec) => [spec.id, spec])),
    namespaces: ['MASTER'],
    leftOut: [],
    problems: [],
  }
  return { ...body, hash: contentHash(JSON.stringify(body)) }
}

function specOf(job: JobPlan): JobSpec {
  const spec = {
    id: jobId(`MASTER.${job.name}`),
    namespace: 'MASTER',
    name: job.name,
    node: job.node,
    schedule: { kind: 'cron', value: cronOf(job.rhythm), jitterMs: job.jitterMs, zone: job.zone } as const,
    enabled: job.enabled,
    queueing: job.queueing,
    allowOverlap: job.allowOverlap,
    runLimit: job.runLimit,
    allNodes: false,
    expectedRuntimeMs: DAY,
    monitoring: {},
    actions: job.actions.map(actionOf),
    ...(job.cleanup ? { cleanup: actionOf({ name: 'cleanup', requires: [] }) } : {}),
    held: job.held,
  }
  return { ...spec, hash: contentHash(JSON.stringify(spec)) }
}

function actionOf({ name, requires, node }: ActionPlan): ActionSpec {
  const own = node === undefined ? {} : { node }
  return { name, command: `run ${name} {runid}`, requires, expectedRuntimeMs: DAY, env: {}, ...own }
}

/** A node of the configuration. */
export function nodeNamed(name: string, username = 'tron'): NodeSpec {
  return { name, hostname: `${name}.example`, username, port: 22, executor: EXECUTOR }
}
