import { type ChangeFeed, createChangeFeed } from './change-feed.ts'
import { duplicateKey } from './check-commit.ts'
import type { Change, Commit, IssuedPair, Owner, PrunePlan, Row } from './contract.ts'
import { MemoryTable } from './memory-table.ts'
import type { QueryPlan } from './plan-query.ts'
import type { Rows, TableName } from './rows.ts'
import { TABLE_NAMES } from './table-plan.ts'
import { rowEntry, rowsOf } from './unsafe-row.ts'

/**
 * What becomes of one commit, for tests. `late` is taken at once and answered when `until` settles. `full` and `unavailable` are not taken. `ambiguous`
 * is taken or not, as `applied` says, and the answer tells nothing. `fenced` is what a holder meets whom somebody else replaced: a foreign pair is
 * issued, so that this commit and all later ones of the lease are fenced.
 */
export type CommitFault =
  | { readonly kind: 'late'; readonly until: Promise<unknown> }
  | { readonly kind: 'full' | 'unavailable' | 'fenced' }
  | { readonly kind: 'ambiguous'; readonly applied: boolean }

/** Who holds the lease of a database. */
export interface MemoryHolder {
  readonly who: Owner
  readonly nonce: string
  /** When the lease of a shared database ends by itself, on the monotonic clock. */
  expiresMs: number
  /** Ends its timers. */
  stop(): void
}

/** What a disk is to a process: it outlives the stores that are opened on it. Tests restart, copy and disturb it. */
export class MemoryDatabase {
  /** Whether its lease moves by time and waiting, as that of a database server does, or is held until its holder ends. */
  readonly shared: boolean
  readonly #tables: ReadonlyMap<TableName, MemoryTable>
  readonly #faults: CommitFault[] = []
  readonly #freed = new Set<() => void>()
  readonly #issued: IssuedPair[]
  #seq: number
  #feed: ChangeFeed
  #holder: MemoryHolder | null = null
  #generation = 0
  #renewals = true

  constructor(options: { readonly shared?: boolean; readonly copyOf?: MemoryDatabase } = {}) {
    const { copyOf, shared = copyOf?.shared ?? false } = options
    this.shared = shared
    this.#seq = copyOf?.seq ?? 0
    this.#issued = [...(copyOf?.issued ?? [])]
    this.#feed = createChangeFeed(this.#seq)
    this.#tables = new Map(
      TABLE_NAMES.map((name) => [name, copyOf?.table(name).clone() ?? new MemoryTable(name)]),
    )
  }

  /** A copy as of now that nobody holds, with no faults: a backup, or what `cp` makes of a directory. Keep it and clone it again to restore it twice. */
  clone(): MemoryDatabase {
    return new MemoryDatabase({ copyOf: this })
  }

  /** What SIGKILL does: every store that is open now is dead and answers nothing but "unavailable"; what was committed stays; the lock is free. */
  crash(): void {
    this.#generation += 1
    this.#feed.close()
    this.#feed = createChangeFeed(this.#seq)
    this.#faults.length = 0
    // A server does not know that a holder died: its lease runs out. A kernel does.
    this.#holder?.stop()
    if (!this.shared) this.free()
  }

  /** The next commits meet these, one each, in this order. */
  failNext(...faults: readonly CommitFault[]): void {
    this.#faults.push(...faults)
  }

  /** The holder of a shared database cannot reach it to renew its lease any more, until `false`. */
  holdRenewals(held: boolean): void {
    this.#renewals = !held
  }

  /** The rows of a table, live and history, in the order they were first put. */
  rows<N extends TableName>(table: N): readonly Rows[N][] {
    return rowsOf(table, this.table(table).rows())
  }

  get seq(): number {
    return this.#seq
  }

  get issued(): readonly IssuedPair[] {
    return [...this.#issued]
  }

  /** Changes with every `crash`: a store of an older one is dead. */
  get generation(): number {
    return this.#generation
  }

  get holder(): MemoryHolder | null {
    return this.#holder
  }

  get canRenew(): boolean {
    return this.#renewals
  }

  get feed(): ChangeFeed {
    return this.#feed
  }

  /** Takes the lease and issues the next pair. The caller has made sure that nobody holds it. */
  hold(holder: MemoryHolder, atLeastEpoch: number): IssuedPair {
    this.#holder?.stop()
    this.#holder = holder
    return this.#issue(holder.nonce, atLeastEpoch)
  }

  /** Gives the lease back and wakes who waits for it. */
  free(): void {
    this.#holder?.stop()
    this.#holder = null
    const freed = [...this.#freed]
    this.#freed.clear()
    for (const call of freed) call()
  }

  /** Calls once when the lease is given back; the returned function takes that back. */
  onFree(call: () => void): () => void {
    this.#freed.add(call)
    return () => this.#freed.delete(call)
  }

  /** The fault that this commit meets, if any. */
  takeFault(): CommitFault | undefined {
    const fault = this.#faults.shift()
    if (fault?.kind === 'fenced') this.#issue(`stranger-${this.#issued.length}`, 0)
    return fault
  }

  /** Whether this pair is the newest: only its holder may write. */
  isNewest(pair: IssuedPair): boolean {
    const newest = this.#issued.at(-1)
    return newest?.epoch === pair.epoch && newest.nonce === pair.nonce
  }

  /** Takes a checked commit that follows. @throws INTERNAL for an append of a key that is there */
  apply(commit: Commit): void {
    for (const { append } of commit.changes) {
      if (append !== undefined && this.table(append.table).has(append.row.request)) {
        throw duplicateKey(append.table, append.row.request)
      }
    }
    for (const change of commit.changes) this.#applyChange(change)
    for (const [source, cursor] of Object.entries(commit.cursors)) {
      this.table('cursors').put(Object.freeze({ source, cursor }))
    }
    this.#seq = commit.seq
    this.#feed.push({ seq: commit.seq, changes: commit.changes })
  }

  /** What `load` yields, as of now. */
  snapshot(): readonly Row[] {
    return TABLE_NAMES.flatMap((name) => this.#entries(name))
  }

  query(plan: QueryPlan): { readonly rows: readonly object[]; readonly more: boolean } {
    return this.table(plan.table).query(plan)
  }

  prune(plan: PrunePlan): { readonly rows: number; readonly more: boolean } {
    let rows = 0
    for (const run of plan.runs) {
      const parts = this.#partsOf(run)
      if (rows > 0 && rows + parts.length > plan.maxRows) return { rows, more: true }
      for (const { table, key } of parts) this.table(table).remove(key)
      rows += parts.length
    }
    return { rows, more: false }
  }

  table(name: TableName): MemoryTable {
    const table = this.#tables.get(name)
    if (table === undefined) throw new TypeError(`there is no table "${name}"`)
    return table
  }

  #issue(nonce: string, atLeastEpoch: number): IssuedPair {
    const pair = { epoch: Math.max((this.#issued.at(-1)?.epoch ?? 0) + 1, atLeastEpoch), nonce }
    this.#issued.push(Object.freeze(pair))
    return pair
  }

  #applyChange(change: Change): void {
    if (change.put !== undefined) this.table(change.put.table).put(change.put.row)
    else if (change.append !== undefined) this.table(change.append.table).put(change.append.row)
    else this.table(change.remove.table).remove(change.remove.key)
  }

  #entries(table: TableName): readonly Row[] {
    return this.table(table)
      .live()
      .map((row) => rowEntry(table, row))
  }

  /** A run's rows, the run itself last. */
  #partsOf(run: string): readonly { readonly table: TableName; readonly key: string }[] {
    const parts = (['attempts', 'actions'] as const).flatMap((table) =>
      this.table(table)
        .keysWith('run', run)
        .map((key) => ({ table, key })),
    )
    return this.table('runs').has(run) ? [...parts, { table: 'runs' as const, key: run }] : parts
  }
}
