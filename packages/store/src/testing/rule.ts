import assert from 'node:assert/strict'
import type { Change, Commit, CommitResult, Lease, Owner, Row, Store } from '../contract.ts'
import type { Page, Query, QueryName } from '../queries.ts'
import type { TableName } from '../rows.ts'

/** How a commit can be made to fail for the suite. */
export type SuiteFault = 'full' | 'unavailable' | 'ambiguous, taken' | 'ambiguous, not taken'

/** One database, empty when made, and what the suite does to it. */
export interface StoreFixture extends AsyncDisposable {
  /** Opens a store on the database, as one more process would. */
  open(): Promise<Store>
  /** Every store that is open ends as by SIGKILL: nothing is closed or flushed. What `open` gives afterwards sees what was durable at this instant. */
  crash(): Promise<void>
  /** Makes the next commit of this store fail in this way. Left out, or false: this fixture cannot, and the rules that need it are skipped. */
  failNext?(store: Store, fault: SuiteFault): Promise<boolean>
  /** Shared stores only: the holder's connection is cut, so that it cannot renew its lease. */
  cutOff?(store: Store): Promise<void>
  /** Opens a store on the database after a newer version of Tron has changed it. Left out where records outlive no version. */
  openNewer?(): Promise<Store>
  /** Somewhere for `Store.backup` to write to, and a store opened on what was written there. Left out: backups are not tried. */
  backupPlace?(): Promise<BackupPlace>
}

/** Somewhere for a backup to go. */
export interface BackupPlace {
  readonly to: string
  open(): Promise<Store>
}

/** One rule of the contract, as data. */
export interface StoreRule {
  /** Stable: reports and deliberately broken stores name it. */
  readonly name: string
  /** Why the rule does not apply to this store; undefined where it does. */
  readonly inapplicable?: (store: Store, fixture: StoreFixture) => Promise<string | undefined>
  /** Throws where the rule is broken. */
  check(fixture: StoreFixture): Promise<void>
}

/** A rule is not checked, and why. */
export class RuleSkipped extends Error {}

const OWNER: Owner = { host: 'host-a', pid: 4242 }
/** How long the leases of the rules last unless renewed. */
export const TTL_MS = 2000

/** Opens a store, acquires its lease, and keeps count of its commits. */
export async function start(fixture: StoreFixture): Promise<Session> {
  const store = await fixture.open()
  return new Session(store, await acquire(store))
}

/** Acquires as the suite's usual owner. */
export function acquire(store: Store, atLeastEpoch?: number): Promise<Lease> {
  const options = { ttlMs: TTL_MS, signal: AbortSignal.timeout(120_000) }
  return store.acquire(OWNER, atLeastEpoch === undefined ? options : { ...options, atLeastEpoch })
}

/** One store with its lease. */
export class Session implements AsyncDisposable {
  readonly store: Store
  readonly lease: Lease
  seq: number

  constructor(store: Store, lease: Lease) {
    this.store = store
    this.lease = lease
    this.seq = lease.seq
  }

  /** Sends the next commit and expects it to be taken. */
  async commit(...changes: readonly Change[]): Promise<void> {
    const result = await this.try({ changes })
    assert.deepEqual(result, { ok: true, seq: this.seq }, 'the commit should have been taken')
  }

  /** Sends a commit, by default the next one, and returns the answer. */
  async try(over: Partial<Commit>): Promise<CommitResult> {
    const commit = { seq: this.seq + 1, atMs: 1, changes: [], cursors: {}, ...over }
    const result = await this.store.commit(this.lease, commit)
    if (result.ok) this.seq = result.seq
    return result
  }

  /** All that `load` yields. */
  load(): Promise<readonly Row[]> {
    return loadAll(this.store, this.lease)
  }

  query<Q extends QueryName>(query: Query<Q>): Promise<Page<Q>> {
    return this.store.query(query, { signal: AbortSignal.timeout(120_000) })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.store[Symbol.asyncDispose]()
  }
}

/** All that `load` yields, in one list. */
export async function loadAll(store: Store, lease: Lease): Promise<readonly Row[]> {
  const rows: Row[] = []
  for await (const page of store.load(lease)) rows.push(...page)
  return rows
}

/** The rows in an order that does not depend on the store: `load` promises none. */
export function sortRows(rows: readonly Row[]): readonly Row[] {
  return rows.toSorted((a, b) => (label(a) < label(b) ? -1 : 1))
}

/** The rows of one table. */
export function rowsOfTable(rows: readonly Row[], table: TableName): readonly Row['row'][] {
  return rows.filter((row) => row.table === table).map(({ row }) => row)
}

function label(row: Row): string {
  return `${row.table} ${JSON.stringify(Object.entries(row.row).toSorted(([a], [b]) => (a < b ? -1 : 1)))}`
}

/** Whether a commit was taken, or why not. */
export function answer(result: CommitResult): string {
  return result.ok ? 'ok' : result.why
}

/** What a promise settles to, within a deadline: a rule that hangs is a rule that fails. */
export async function within<T>(promise: Promise<T>, what: string, ms = 30_000): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const limit = AbortSignal.timeout(ms)
  const expire = () => reject(new assert.AssertionError({ message: `${what}: not within ${ms} ms` }))
  limit.addEventListener('abort', expire)
  try {
    return await Promise.race([promise, late])
  } finally {
    limit.removeEventListener('abort', expire)
  }
}

/** Skips the rule unless the fixture can make the next commit fail so. */
export async function failNext(fixture: StoreFixture, store: Store, fault: SuiteFault): Promise<void> {
  const can = await fixture.failNext?.(store, fault)
  if (can !== true) throw new RuleSkipped(`this fixture cannot make a commit ${fault}`)
}

/** One commit as `changes` yields it. */
export type Seen = { readonly seq: number; readonly changes: readonly Change[] }

/** The next commits after a seq. */
export function takeCommits(store: Store, afterSeq: number, wanted: number): Promise<readonly Seen[]> {
  const abort = new AbortController()
  const collect = async (): Promise<readonly Seen[]> => {
    const seen: Seen[] = []
    for await (const { seq, changes } of store.changes(afterSeq, { signal: abort.signal })) {
      seen.push({ seq, changes })
      if (seen.length === wanted) break
    }
    return seen
  }
  return within(collect(), `${wanted} commits after ${afterSeq}`).finally(() => abort.abort())
}
