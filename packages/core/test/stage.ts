import { type Command, type CommandReply, createTron, type Tron, type TronOptions } from '@tron/core'
import type { Executor, ExecutorModule } from '@tron/executor'
import {
  createFakeCluster,
  type FakeCluster,
  type FakeScript,
  fakeExecutorModule,
} from '@tron/executor/testing'
import type { LogStore } from '@tron/logs'
import { createMemoryLogs } from '@tron/logs/testing'
import {
  type ActionSpec,
  type ConfigCheck,
  type ConfigRepository,
  type ConfigSnapshot,
  contentHash,
  type JobId,
  type JobSpec,
  jobId,
  type NodeSpec,
} from '@tron/model'
import {
  createManualClock,
  createMemoryLogger,
  createSeededRandom,
  type ManualClock,
  settle,
} from '@tron/model/testing'
import { MemoryDatabase, memoryStoreModule } from '@tron/store/memory'

/** 5 January 2026, a Monday, at midnight UTC: where a manual clock begins. */
export const START_MS = 1_767_571_200_000
export const MINUTE = 60_000

/** A configuration repository in memory: a test sets the snapshot, listeners hear of it. */
export interface ConfigStage extends ConfigRepository {
  set(snapshot: ConfigSnapshot): Promise<void>
}

export interface Stage {
  readonly clock: ManualClock
  readonly database: MemoryDatabase
  readonly cluster: FakeCluster
  readonly logs: LogStore
  readonly config: ConfigStage
  /** Starts a scheduler on what there is. */
  start(options?: Partial<TronOptions>): Promise<Tron>
  /** Ends a scheduler without a word, as SIGKILL does. */
  crash(tron: Tron): Promise<void>
  command(tron: Tron, subject: Command['subject'], requestId?: string): Promise<CommandReply>
}

/** Executors for a scheduler on these nodes, each changed as it is made. */
export function executorsOf(
  { cluster }: Stage,
  change: (executor: Executor) => Executor,
): TronOptions['executors'] {
  const honest = fakeExecutorModule(cluster)
  const module: ExecutorModule = {
    ...honest,
    create: async (options, host) => change(await honest.create(options, host)),
  }
  return { fake: { module, options: {} } }
}

let requests = 0
let starts = 0

export function createStage(
  snapshot: ConfigSnapshot,
  from: { readonly run?: FakeScript; readonly stage?: Stage; readonly database?: MemoryDatabase } = {},
): Stage {
  const clock = from.stage?.clock ?? createManualClock(START_MS)
  const run = from.run === undefined ? {} : { run: from.run }
  const cluster = from.stage?.cluster ?? createFakeCluster({ clock, ...run })
  const database = from.database ?? new MemoryDatabase()
  const logs = createMemoryLogs()
  const config = createConfigStage(snapshot)
  return {
    clock,
    database,
    cluster,
    logs,
    config,
    start: (options = {}) => {
      starts += 1
      return createTron({
        store: { module: memoryStoreModule(database), options: {} },
        executors: { fake: { module: fakeExecutorModule(cluster), options: {} } },
        logs,
        config,
        clock,
        random: createSeededRandom(starts),
        log: createMemoryLogger(),
        secrets: { resolve: () => Promise.reject(new Error('there are no secrets here')) },
        owner: { host: 'stage', pid: 1 },
        ...options,
      })
    },
    async crash(tron) {
      database.crash()
      await tron[Symbol.asyncDispose]()
    },
    command: (tron, subject, requestId) => {
      requests += 1
      const command = { requestId: requestId ?? `request-${requests}`, actor: 'ann', source: 'test', subject }
      return tron.command(command)
    },
  }
}

function createConfigStage(initial: ConfigSnapshot): ConfigStage {
  const listeners = new Set<(snapshot: ConfigSnapshot) => void>()
  let snapshot = initial
  const unsupported = (): Promise<ConfigCheck> =>
    Promise.reject(new Error('uploads are not part of this stage'))
  return {
    texts: () => Promise.resolve(new Map()),
    read: () => Promise.resolve(snapshot),
    check: unsupported,
    update: unsupported,
    faults: () => [],
    onChange(listener) {
      listeners.add(listener)
      return () => {
        listeners.delete(listener)
      }
    },
    async set(next) {
      snapshot = next
      for (const listener of listeners) listener(next)
      await settle()
    },
  }
}

export type JobWish = Partial<Omit<JobSpec, 'id' | 'hash' | 'actions'>> & {
  readonly cron?: string
  readonly actions?: readonly ActionWish[]
}

export type ActionWish = Partial<ActionSpec> & { readonly name: string }

export function job(name: string, wish: JobWish = {}): JobSpec {
  const { cron = '* * * * *', actions = [{ name: 'first' }], ...rest } = wish
  const spec = {
    id: jobId(`MASTER.${name}`),
    namespace: 'MASTER',
    name,
    node: 'n1',
    schedule: { kind: 'cron', value: cron, jitterMs: 0, zone: 'UTC' } as const,
    enabled: true,
    queueing: true,
    allowOverlap: false,
    runLimit: 50,
    allNodes: false,
    expectedRuntimeMs: 86_400_000,
    monitoring: {},
    held: [],
    actions: actions.map(action),
    ...rest,
  }
  return { ...spec, hash: contentHash(JSON.stringify(spec)) }
}

export function action(wish: ActionWish): ActionSpec {
  return { command: `run ${wish.name}`, requires: [], expectedRuntimeMs: 86_400_000, env: {}, ...wish }
}

export function snapshotOf(...jobs: readonly JobSpec[]): ConfigSnapshot {
  const nodes = Object.fromEntries(['n1', 'n2', 'n3'].map((name) => [name, nodeNamed(name)]))
  const body = {
    zone: 'UTC',
    commandContext: {},
    nodes,
    pools: { pool: ['n1', 'n2'] },
    access: { agent: false, identities: [], connectTimeoutMs: 30_000, shell: 'login' as const },
    jobs: Object.fromEntries(jobs.map((spec) => [spec.id, spec])),
    namespaces: ['MASTER'],
    leftOut: [],
    problems: [],
  }
  return { ...body, hash: contentHash(JSON.stringify(body)) }
}

function nodeNamed(name: string): NodeSpec {
  return { name, hostname: `${name}.example`, username: 'tron', port: 22, executor: 'fake' }
}

/** A run in short: its number, state, and the states of its actions. */
export async function inShort(tron: Tron, id: JobId, number: number): Promise<string> {
  const run = await tron.run(id, { number })
  if (run === undefined) return 'absent'
  const actions = run.actions.map(({ row }) => `${row.name}=${row.state}`)
  return `${run.row.state}: ${actions.join(' ')}`
}

/** All runs of a job in short, newest first. */
export async function history(tron: Tron, id: JobId): Promise<readonly string[]> {
  const runs = await tron.runs(id, { limit: 100 })
  return runs.map(({ row }) => `${row.number} ${row.state}`)
}

/** The ledger of a job's slots, oldest first: minutes after the start, how many, outcome. */
export async function ledger(tron: Tron, id: JobId): Promise<readonly string[]> {
  const slots = await tron.slots(id, { limit: 100 })
  return slots
    .toReversed()
    .map((slot) => `${(slot.fromMs - START_MS) / MINUTE}+${slot.count - 1} ${slot.outcome}`)
}
