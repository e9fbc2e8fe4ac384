import { TronError } from '@tron/model'
import type { CommittedChanges } from './change-feed.ts'
import { checkCommit } from './check-commit.ts'
import type {
  Commit,
  CommitResult,
  IssuedPair,
  Lease,
  Owner,
  PrunePlan,
  Row,
  Store,
  StoreHost,
  StoreModule,
} from './contract.ts'
import { STORE_API } from './contract.ts'
import { MemoryDatabase } from './memory-database.ts'
import { type AcquireOptions, acquireLease, type HeldLease } from './memory-lease.ts'
import { planQuery } from './plan-query.ts'
import type { Page, Query, QueryName } from './queries.ts'
import { leaseLost, outOfTurn, refusal, storeClosed } from './refusals.ts'
import { rowsFor } from './unsafe-row.ts'

type Host = Pick<StoreHost, 'clock' | 'random'>

const PAGE_ROWS = 500

/** Opens the reference store on a database in memory: every rule of the contract in its plainest form, and quick enough to simulate years. */
export function createMemoryStore(database: MemoryDatabase, host: Host): Store {
  return new MemoryStore(database, host)
}

/** The same as a module; without a database of one's own, its records end with the process. */
export function memoryStoreModule(database: MemoryDatabase = new MemoryDatabase()): StoreModule {
  return {
    apiVersion: STORE_API,
    name: 'memory',
    options: { '~standard': { version: 1, vendor: 'tron', validate: (value) => ({ value }) } },
    open: async (_options, host) => createMemoryStore(database, host),
  }
}

class MemoryStore implements Store {
  readonly shared: boolean
  readonly #database: MemoryDatabase
  readonly #host: Host
  readonly #generation: number
  readonly #closing = new AbortController()
  #held: HeldLease | null = null

  constructor(database: MemoryDatabase, host: Host) {
    this.shared = database.shared
    this.#database = database
    this.#host = host
    this.#generation = database.generation
  }

  async acquire(who: Owner, options: AcquireOptions): Promise<Lease> {
    this.#assertOpen()
    const signal = AbortSignal.any([options.signal, this.#closing.signal])
    const held = await acquireLease({ database: this.#database, host: this.#host }, who, {
      ...options,
      signal,
    })
    this.#held = held
    return held.lease
  }

  async *load(lease: Lease): AsyncIterable<readonly Row[]> {
    this.#assertNewest(lease)
    const rows = this.#database.snapshot()
    for (let at = 0; at < rows.length; at += PAGE_ROWS) yield rows.slice(at, at + PAGE_ROWS)
  }

  async commit(lease: Lease, commit: Commit): Promise<CommitResult> {
    const checked = checkCommit(commit)
    if (!this.#isOpen()) return refusal('unavailable', storeClosed())
    const fault = this.#database.takeFault()
    const result = this.#take(lease, checked, fault !== undefined && isKept(fault))
    if (fault?.kind === 'late') await fault.until
    return fault === undefined || fault.kind === 'late' || fault.kind === 'fenced'
      ? result
      : askedFor(fault.kind)
  }

  async lastSeq(lease: Lease): Promise<number> {
    this.#assertNewest(lease)
    return this.#database.seq
  }

  async query<Q extends QueryName>(
    query: Query<Q>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Page<Q>> {
    signal.throwIfAborted()
    this.#assertOpen()
    const { rows, more } = this.#database.query(planQuery(query))
    return { rows: rowsFor<Q>(rows), more }
  }

  changes(afterSeq: number, { signal }: { readonly signal: AbortSignal }): AsyncIterable<CommittedChanges> {
    const either = AbortSignal.any([signal, this.#closing.signal])
    return this.#database.feed.read(afterSeq, { signal: either })
  }

  async prune(lease: Lease, plan: PrunePlan): Promise<{ readonly rows: number; readonly more: boolean }> {
    this.#assertNewest(lease)
    return this.#database.prune(plan)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // A process that was killed gives nothing back.
    if (this.#isOpen()) this.#held?.end()
    this.#held = null
    this.#closing.abort(storeClosed())
  }

  /** The commit as the contract has it; kept out of the records where a test wants it so. */
  #take(lease: IssuedPair, commit: Commit, keptOut: boolean): CommitResult {
    if (!this.#holds(lease)) return refusal('fenced', leaseLost(lease))
    if (commit.seq !== this.#database.seq + 1)
      return refusal('conflict', outOfTurn(commit.seq, this.#database.seq))
    if (!keptOut) this.#database.apply(commit)
    return { ok: true, seq: commit.seq }
  }

  #isOpen(): boolean {
    return !this.#closing.signal.aborted && this.#generation === this.#database.generation
  }

  #assertOpen(): void {
    if (!this.#isOpen()) throw storeClosed()
  }

  #holds(lease: IssuedPair): boolean {
    const held = this.#held?.lease
    return (
      held?.nonce === lease.nonce &&
      this.#database.isNewest(lease) &&
      this.#database.holder?.nonce === lease.nonce
    )
  }

  #assertNewest(lease: IssuedPair): void {
    this.#assertOpen()
    if (!this.#holds(lease)) throw leaseLost(lease)
  }
}

function isKept(fault: { readonly kind: string; readonly applied?: boolean }): boolean {
  return fault.kind === 'full' || fault.kind === 'unavailable' || fault.applied === false
}

function askedFor(why: 'full' | 'unavailable' | 'ambiguous'): CommitResult {
  return refusal(why, new TronError('STORE_DEGRADED', `a test asked for a commit that is ${why}`))
}
