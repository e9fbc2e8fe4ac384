import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Clock, Logger, Random, RunId, TronError } from '@tron/model'
import type { Page, Query, QueryName } from './queries.ts'
import type { Rows, TableName } from './rows.ts'

/** The version of this contract; the host refuses another major and names both. */
export const STORE_API = 1

/** What a third party exports as `store` from its module. */
export interface StoreModule {
  readonly apiVersion: typeof STORE_API
  readonly name: string
  readonly options: StandardSchemaV1
  /** Opens or makes the database and brings its schema up to date. @throws STORE_VERSION for one from a newer version */
  open(options: unknown, host: StoreHost): Promise<Store>
}

/** What the daemon lends a store. */
export interface StoreHost {
  readonly log: Logger
  readonly clock: Clock
  readonly random: Random
}

/** Who asks for the lease, in words shown to people. */
export interface Owner {
  readonly host: string
  readonly pid: number
}

/** The epoch and the nonce of one lease: no two leases of a store ever have the same. */
export interface IssuedPair {
  readonly epoch: number
  readonly nonce: string
}

/** The right to write, held by one scheduler at a time. */
export interface Lease extends IssuedPair {
  /** The newest commit when it was acquired. */
  readonly seq: number
  /** All pairs this store ever issued, this one included, oldest first. */
  readonly issued: readonly IssuedPair[]
  /** Fires, on the holder's own monotonic clock, before anybody else may acquire; also at `release` and when the store is closed. */
  readonly lost: AbortSignal
  /** Lets the next one acquire. Commits that were sent before are taken first; a second call does nothing. */
  release(): Promise<void>
}

/** One row together with the table it belongs to. */
export type Row = { [N in TableName]: { readonly table: N; readonly row: Rows[N] } }[TableName]
/** Names one row. */
export type RowKey = { readonly table: TableName; readonly key: string }
/** Rows that are only ever added. */
export type LogRow = { readonly table: 'audit'; readonly row: Rows['audit'] }

/** One change of the records; the order matters. What decide returned, commit stores and apply takes over: one list. */
export type Change =
  | { readonly put: Row; readonly remove?: never; readonly append?: never }
  | { readonly remove: RowKey; readonly put?: never; readonly append?: never }
  | { readonly append: LogRow; readonly put?: never; readonly remove?: never }

/** Changes that belong together: all of them are stored, or none. */
export interface Commit {
  /** One more than that of the commit before. */
  readonly seq: number
  readonly atMs: number
  readonly changes: readonly Change[]
  /** How far each executor source was taken in, together with what it caused. */
  readonly cursors: Readonly<Record<string, string>>
}

/** What became of a commit. Unless it is `ok` or `ambiguous`, nothing was changed. */
export type CommitResult =
  | { readonly ok: true; readonly seq: number }
  | {
      readonly ok: false
      /** `fenced` and `conflict`: somebody else wrote. `full`, `unavailable`: try again. `ambiguous`: ask lastSeq. */
      readonly why: 'fenced' | 'conflict' | 'full' | 'unavailable' | 'ambiguous'
      readonly error: TronError
    }

/** What is to be removed: whole runs with their actions and attempts. */
export interface PrunePlan {
  readonly runs: readonly RunId[]
  /** At most this many rows in this call. */
  readonly maxRows: number
}

/** Keeps the records of one installation. Every rule here is one of the contract suite. */
export interface Store extends AsyncDisposable {
  /** Whether several schedulers may share it and its lease moves. */
  readonly shared: boolean
  /**
   * Waits for its turn; a new pair with an epoch of at least `atLeastEpoch` and above all issued is durable before it resolves.
   * @throws ALREADY_RUNNING, naming the holder, where waiting is no use (an embedded store that another process holds)
   */
  acquire(
    who: Owner,
    options: { readonly ttlMs: number; readonly atLeastEpoch?: number; readonly signal: AbortSignal },
  ): Promise<Lease>
  /** Live rows only, one snapshot, in pages: start-up does not see history. The snapshot is at `lease.seq` when nothing was committed before. @throws LEASE_LOST */
  load(lease: Lease): AsyncIterable<readonly Row[]>
  /**
   * All or nothing, durable when it resolves, conditional in the same transaction on the lease's pair and on seq - 1. A lease that was released,
   * or that another one followed, is `fenced`. `remove` of a key that is not there changes nothing. Rows become frozen: they are shared, not copied.
   *
   * What can happen while running is answered, never thrown. It rejects, with nothing changed, for a defect of the caller only.
   * @throws INTERNAL, naming table, column and key: a row that does not fit its table; an `append` of a key that exists; a `put` or `remove` in a
   * table that is only appended to, or in `cursors`
   */
  commit(lease: Lease, commit: Commit): Promise<CommitResult>
  /** The newest seq: settles an ambiguous commit. @throws LEASE_LOST once another lease followed: what is newest is then not ours to judge by */
  lastSeq(lease: Lease): Promise<number>
  /** Sees the caller's own commits, never blocks commit. @throws the signal's reason; INTERNAL for a limit out of range */
  query<Q extends QueryName>(query: Query<Q>, options: { readonly signal: AbortSignal }): Promise<Page<Q>>
  /**
   * Committed changes in order, from those after `afterSeq`, then as they come, until the signal or the closing of the store ends it. Never with a gap.
   * @throws NOT_FOUND when they are no longer kept, or `afterSeq` was never reached
   */
  changes(
    afterSeq: number,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<{ readonly seq: number; readonly changes: readonly Change[] }>
  /**
   * Bounded work a call: removes what the plan names, whole runs each in one step, up to `maxRows` rows (one run, if that alone has more). `more`: call
   * again with the same plan. Does not change seq and is not in `changes`.
   * @throws LEASE_LOST where a commit would be fenced
   */
  prune(lease: Lease, plan: PrunePlan): Promise<{ readonly rows: number; readonly more: boolean }>
  /** A consistent copy while writing goes on. */
  backup?(to: string, options: { readonly signal: AbortSignal }): Promise<void>
}
