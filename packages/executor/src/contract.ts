import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { AttemptId, Clock, JsonValue, Logger, Random, SecretRef, Target } from '@tron/model'

/** The version of this contract; the host refuses another major and names both. */
export const EXECUTOR_API = 1

/** What a third party exports as `executor` from its module. */
export interface ExecutorModule {
  readonly apiVersion: typeof EXECUTOR_API
  readonly name: string
  /** Checks `options` of the daemon's settings before `create` sees them. */
  readonly options: StandardSchemaV1
  /** Makes the executor; connects lazily. `host.fence` is fixed for its life. */
  create(options: unknown, host: ExecutorHost): Promise<Executor>
}

/** What the daemon lends an executor. */
export interface ExecutorHost {
  /** The name in the daemon's settings under which targets refer to it. */
  readonly name: string
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
  readonly fence: Fence
  secret(ref: SecretRef): Promise<string>
}

/** One (epoch, nonce) that a store issued to a scheduler that started. */
export interface FencePair {
  readonly epoch: number
  readonly nonce: string
}

/** Who may act: the pair of this start, and what it may replace on a target. */
export interface Fence extends FencePair {
  readonly installation: string
  /** Shown to people who find a target held: host, pid, since when. */
  readonly holder: string
  /** Every pair that this store ever issued: only these may be replaced without an operator. */
  readonly issued: readonly FencePair[]
  /** Nodes on which a take-over by the operator may replace a foreign pair. */
  readonly takeOver: readonly string[]
}

/** What an executor can do. What it cannot, core does without and says so. */
export interface Capabilities {
  /** Who makes sure that an id starts at most once: the target, a look-up before, nobody. */
  readonly startOnce: 'enforced' | 'checked' | 'none'
  /** Whether the target itself refuses a scheduler that was deposed. */
  readonly fence: 'enforced' | 'none'
  /** Attempts outlive the connection and the scheduler. */
  readonly adopt: boolean
  readonly stop: 'proved' | 'requested' | 'none'
  /** Output is readable from any byte, only after the end, or never. */
  readonly output: 'offsets' | 'whole' | 'none'
  readonly streams: readonly Stream[]
  /** Can hold a start until an instant. */
  readonly notBefore: boolean
  /** Limits it can enforce. */
  readonly resources: readonly string[]
}

/** An output stream of a command. */
export type Stream = 'stdout' | 'stderr'

/** A target and how to reach it. `settings` are what the configuration says for executors (the snapshot's `access`). */
export interface TargetConfig {
  readonly target: Target
  readonly settings: JsonValue
}

/** One attempt to be started. A request that comes again under its id starts nothing new. */
export interface StartRequest {
  readonly id: AttemptId
  /** In clear, so that what a target holds can be read without the database. */
  readonly startKey: string
  readonly runNumber: number
  readonly configHash: string
  readonly target: Target
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly notBeforeMs?: number
  /** What only this kind of executor understands. */
  readonly spec: JsonValue
}

/** What became of one request; only `refused` says that it starts nothing. */
export type StartReply =
  | { readonly id: AttemptId; readonly result: 'accepted' | 'exists' }
  | {
      readonly id: AttemptId
      readonly result: 'refused'
      readonly retry: boolean
      /** `UNREACHABLE` is a promise: this request provably never left the daemon. `FENCED`: somebody else holds the target. */
      readonly code: string
      readonly reason: string
    }

/** Which of a start and its revoking came first at the target; `unreachable` leaves it open. */
export interface RevokeReply {
  readonly id: AttemptId
  readonly result: 'revoked' | 'started' | 'unreachable' | 'unsupported'
}

/** An attempt that was started, or may have been, and where. */
export interface AttemptRef {
  readonly id: AttemptId
  readonly target: Target
  /** What `started` gave, for executors that need it to find the attempt again. */
  readonly handle?: string
}

/** Bytes written so far, for each stream. */
export interface Sizes {
  readonly stdout: number
  readonly stderr: number
}

/** What a command used, as far as its target measured it. */
export interface Usage {
  readonly wallMs?: number
  readonly cpuMs?: number
  readonly peakBytes?: number
}

/** How a command ended. `legacyCode` is the exit status that Tron 3 showed for it. */
export type Outcome =
  | { readonly type: 'exited'; readonly code: number }
  /** Only where the target can tell; a POSIX sh cannot: 128 + n is `exited`. */
  | { readonly type: 'signalled'; readonly signal: string }
  | {
      readonly type: 'lost'
      readonly cause: 'reboot' | 'killed' | 'replaced' | 'evicted' | 'unknowable'
      readonly legacyCode: number
    }

/** The last bytes of a stream, sent along so that a small log is complete in one commit. */
export interface TailPart {
  /** The offset of the first byte. */
  readonly from: number
  readonly bytes: Uint8Array
}

/** The ends of the streams; a stream that is left out is read. */
export type Tail = { readonly [S in Stream]?: TailPart }

/** What happened at a target; `atMs` is milliseconds since the epoch. */
export type ExecutorEvent =
  /** It runs. With a reason where more of it may not be told, or not its true end; told again where that changes. */
  | {
      readonly kind: 'started'
      readonly id: AttemptId
      readonly atMs: number
      readonly handle?: string
      readonly reason?: string
      readonly facts?: JsonValue
    }
  /** The command ended; `sizes` so far. */
  | {
      readonly kind: 'exit'
      readonly id: AttemptId
      readonly atMs: number
      readonly outcome: Outcome
      readonly sizes: Sizes
      readonly usage?: Usage
    }
  /** The output is final. `leftRunning` processes kept it open until the drain ended; at least `lost` bytes could not be written. */
  | {
      readonly kind: 'closed'
      readonly id: AttemptId
      readonly sizes: Sizes
      readonly tail?: Tail
      readonly leftRunning: number
      readonly lost?: number
    }
  | { readonly kind: 'progress'; readonly id: AttemptId; readonly sizes: Sizes }
  /** A stop was carried out; no survivors means proved where `capabilities.stop` is `proved`. */
  | {
      readonly kind: 'stopped'
      readonly id: AttemptId
      readonly atMs: number
      readonly signalled: readonly string[]
      readonly survivors: readonly string[]
    }
  /** The answer of adopt, or of a stop, for an id that the target does not hold. */
  | {
      readonly kind: 'absent'
      readonly id: AttemptId
      readonly proof: 'never-started' | 'none'
      readonly reason: string
    }
  | {
      readonly kind: 'target'
      readonly target: Target
      readonly state: 'reachable' | 'unreachable' | 'fenced' | 'replaced' | 'full'
      readonly reason: string
      readonly facts?: JsonValue
    }

/** Events of one source, and the cursor that stands behind the last of them. */
export interface EventBatch {
  /** Names the sequence that `cursor` belongs to; for nodes the target's key. */
  readonly source: string
  readonly cursor: string
  readonly events: readonly ExecutorEvent[]
}

/** Who holds a target's fence, and in words for people. */
export interface Holder extends FencePair {
  readonly holder: string
}

/** An attempt as its target keeps it, whoever started it. */
export interface InventoryEntry {
  readonly id: AttemptId
  readonly startKey: string
  readonly runNumber: number
  readonly configHash: string
  readonly phase: 'reserved' | 'launched' | 'ended' | 'revoked'
  /** When it was launched, where the target knows. */
  readonly startedMs?: number
  readonly endedMs?: number
  readonly outcome?: Outcome
  readonly sizes: Sizes
  /** Its output was given back and removed. */
  readonly released: boolean
}

/** The signal means: nobody waits for the answer any more. It undoes nothing. */
export interface CallOptions {
  readonly signal: AbortSignal
}

/** Starts attempts on targets and tells what becomes of them. Every rule here is one of the contract suite. */
export interface Executor extends AsyncDisposable {
  readonly capabilities: Capabilities
  /** Says what should be reachable, again and again, in full; may connect lazily. */
  setTargets(targets: readonly TargetConfig[]): Promise<void>
  /**
   * Resolves when the intent is durable at the target; `exists` is success. A request that provably never left answers `refused`,
   * `UNREACHABLE`; a rejection or a time-out means "unknown", after which core asks again under the same id, never under another.
   */
  start(requests: readonly StartRequest[], options: CallOptions): Promise<readonly StartReply[]>
  /** Makes exactly one of started (with exit and closed following where they happened), exit, absent follow for each id as events, or its target's `unreachable`. */
  adopt(refs: readonly AttemptRef[], options: CallOptions): Promise<void>
  /** "This id shall never start": competes with start for the same once-only steps, whoever is first wins. */
  revoke(refs: readonly AttemptRef[], options: CallOptions): Promise<readonly RevokeReply[]>
  /**
   * Idempotent, remembered without a live connection; `exit` then tells what happened. `stopped` follows each stop, also of what has ended and may have
   * left something behind, and names survivors; whoever was not told before this executor ended asks the next one again.
   */
  stop(ref: AttemptRef, how: { readonly signal: 'TERM' | 'KILL'; readonly graceMs: number }): Promise<void>
  /**
   * At least once, ordered for each attempt: started, exit, closed; `stopped` may follow exit. Asking for the next batch acknowledges the one
   * before. `from` holds the committed cursor of each source; one that is too old is legal.
   */
  events(from: Readonly<Record<string, string>>, options: CallOptions): AsyncIterable<EventBatch>
  /** The stream's bytes from an offset, at the reader's pace; ends at the size that `closed` stated, or at what there is now. */
  read(ref: AttemptRef, stream: Stream, from: number, options: CallOptions): AsyncIterable<Uint8Array>
  /** Only for ended or revoked attempts whose output is safe; empties, never frees the id. Answers those that are released now, and those that
   * the target does not hold: it lost its disk, or kept them long enough. */
  release(refs: readonly AttemptRef[]): Promise<readonly AttemptId[]>
  /** Who holds the target's fence; null when nobody does. Needs no fence, changes nothing. @throws UNREACHABLE */
  inspect(target: Target): Promise<Holder | null>
  /** What the target holds of this installation; works when fenced. @throws UNREACHABLE */
  inventory(target: Target): AsyncIterable<readonly InventoryEntry[]>
}
