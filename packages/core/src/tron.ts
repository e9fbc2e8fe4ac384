import type { ExecutorModule } from '@tron/executor'
import type { LogStore } from '@tron/logs'
import type {
  ActionSpec,
  Clock,
  ConfigRepository,
  JobId,
  JobSpec,
  JobStatus,
  JsonValue,
  Logger,
  NodeSpec,
  Random,
  RunId,
  SecretResolver,
} from '@tron/model'
import type { ActionRow, AttemptRow, JobRow, RunRow, SlotRow, StoreModule } from '@tron/store'
import type { Command, CommandReply } from './command.ts'
import type { Input } from './decide/input.ts'

/** What the engine is made of. It opens the store, acquires the lease, and only then creates the executors, which need its fence. */
export interface TronOptions {
  readonly store: { readonly module: StoreModule; readonly options: unknown }
  /** By the name that targets refer to. */
  readonly executors: Readonly<Record<string, { readonly module: ExecutorModule; readonly options: unknown }>>
  readonly logs: LogStore
  readonly config: ConfigRepository
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly secrets: SecretResolver
  /** Shown to people who find a node or the store held by this scheduler. */
  readonly owner: { readonly host: string; readonly pid: number }
  /** The operator's act after a restore: replace foreign holders of the nodes, import what they hold, only then plan. */
  readonly takeOver?: boolean
  /** Sees every input with the instant it is decided at: what is recorded replays to the same changes. */
  readonly record?: (input: Input, nowMs: number) => void
  /** The installation that the caller's records say this is; a store without one takes it over, else one is drawn. */
  readonly installation?: string
}

/**
 * `starting` loads and connects, `working` does its job, `fenced` found another scheduler on a node or store and only reads,
 * `store-degraded` cannot commit and retries, `taking-over` imports from the nodes, `stopped` was disposed.
 */
export type EngineState = 'starting' | 'working' | 'fenced' | 'store-degraded' | 'taking-over' | 'stopped'

/** How the scheduler is and whom it can reach. Times are milliseconds since the epoch. */
export interface EngineStatus {
  readonly state: EngineState
  /** Why it is not `working`; null when it is. */
  readonly reason: string | null
  readonly installation: string
  readonly epoch: number
  readonly startedMs: number
  readonly seq: number
  /** Nodes that a take-over could not ask yet: jobs that could have run there start nothing until they answer, or `recoverWithout`. */
  readonly waitingFor: readonly string[]
  /** Every node that the configuration or a live attempt names. */
  readonly targets: readonly TargetStatus[]
}

/** What is known of one node, as an executor reaches it. */
export interface TargetStatus {
  readonly node: string
  readonly executor: string
  readonly address: string
  /** `unknown` until the executor said something. */
  readonly state: 'unknown' | 'reachable' | 'unreachable' | 'fenced' | 'replaced' | 'full'
  readonly reason: string
  /** Its node is no longer in the configuration; live attempts keep it. */
  readonly draining: boolean
  /** Attempts that are not released. */
  readonly attempts: number
}

/** A job with what follows from its configuration now. */
export interface JobView {
  readonly row: JobRow
  readonly spec: JobSpec
  readonly status: JobStatus
  /** The node or nodes of its pool, resolved now. */
  readonly nodes: readonly NodeSpec[]
  readonly nextRunMs: number | null
  /** Why it starts nothing: what its configuration asks for and this build does not do, a node that could not be asked. */
  readonly held: readonly string[]
}

/** A run with its actions, and the configuration that it was created under. */
export interface RunView {
  readonly row: RunRow
  readonly spec: JobSpec
  readonly node: NodeSpec
  /** In the order of the configuration, cleanup last. */
  readonly actions: readonly ActionView[]
}

/** An action of a run with its attempts. */
export interface ActionView {
  readonly row: ActionRow
  /** As the run was created; null for an action that its spec no longer tells. */
  readonly spec: ActionSpec | null
  /** The template in the present configuration; null when the action is gone from it. */
  readonly rawCommand: string | null
  readonly node: NodeSpec
  /** Oldest first. */
  readonly attempts: readonly AttemptRow[]
}

/** Which run: its number, or how far from the newest (0 is the newest). */
export type RunSelector = { readonly number: number } | { readonly fromNewest: number }

/** The end of an output, and how much of the whole it is. */
export interface OutputView {
  readonly lines: readonly string[]
  /** Bytes of the whole stream, over all attempts. */
  readonly bytes: number
  /** False while more may come, or while some of it could not be fetched; `reason` says why. */
  readonly complete: boolean
  readonly reason: string | null
}

/** One committed change of state, for metrics, logs and live views. */
export interface EngineChange {
  readonly seq: number
  readonly atMs: number
  readonly kind: 'job' | 'run' | 'action'
  readonly id: string
  readonly from: string | null
  readonly to: string
}

/** Tron as a library. Disposing stops the engine and leaves runs running on their nodes. */
export interface Tron extends AsyncDisposable {
  status(): EngineStatus
  jobs(): readonly JobView[]
  job(id: JobId): JobView | undefined
  /** Newest first; at most 10,000. */
  runs(job: JobId, page: { readonly limit: number; readonly before?: number }): Promise<readonly RunView[]>
  run(job: JobId, which: RunSelector): Promise<RunView | undefined>
  /** One action over a job's runs, newest first; at most 10,000. */
  actionHistory(job: JobId, action: string, page: { readonly limit: number }): Promise<readonly ActionView[]>
  slots(job: JobId, page: { readonly limit: number; readonly before?: number }): Promise<readonly SlotRow[]>
  /**
   * The last `lines` lines of an action's output, all attempts one after the other; at most 1 MiB is looked at. Waits up to 2 s for an ended action's
   * output to be complete, then says that it is not.
   */
  output(
    run: RunId,
    action: string,
    request: { readonly stream: 'stdout' | 'stderr'; readonly lines: number },
  ): Promise<OutputView>
  command(command: Command): Promise<CommandReply>
  /** The answer that a request got before; null for a new one. `reused` where its id belongs to a request in other words. */
  answered(request: { readonly requestId: string; readonly asked: string }): Promise<CommandReply | null>
  /**
   * An update is refused while the engine does not work, as a command is, and resolves when the engine has committed it.
   *
   * @throws FENCED, STORE_DEGRADED, of which the latter may also come when it was stored: it says so, and it is applied later
   */
  readonly config: ConfigRepository
  /**
   * Committed changes of state from now on, until the signal ends it.
   * @throws NOT_FOUND to a reader that falls 10,000 changes behind; it has missed none before
   */
  changes(options: { readonly signal: AbortSignal }): AsyncIterable<EngineChange>
  /** Gives up waiting for a node that a take-over could not reach; jobs that it held back go on. `not-found` for one that is not waited for. */
  recoverWithout(
    node: string,
    by: { readonly actor: string; readonly source: string; readonly requestId: string },
  ): Promise<CommandReply>
  /** Facts for `--json` and support: sizes of tables and queues. */
  stats(): Readonly<Record<string, JsonValue>>
}

/** Starts an engine. @throws TronError where the store, a module, or the configuration refuses */
export type CreateTron = (options: TronOptions) => Promise<Tron>
