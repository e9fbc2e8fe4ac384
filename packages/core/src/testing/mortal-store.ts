import { TronError } from '@tron/model'
import type { Commit, CommitResult, Lease, Row, Store, StoreHost, StoreModule } from '@tron/store'
import { STORE_API } from '@tron/store'
import type { Call } from './calls.ts'
import type { Life } from './life.ts'
import { keyOf } from './records.ts'
import type { Storage } from './storage.ts'

/** What becomes of the next commits, one each. */
export type StoreFault =
  | { readonly kind: 'late'; readonly ms: number }
  | { readonly kind: 'full' | 'unavailable' }
  | { readonly kind: 'ambiguous'; readonly applied: boolean }

export interface StoreWatch {
  /** A commit that the store has taken, at once when it has. */
  committed(commit: Commit): void
  /** A lease of a shared store was given to this scheduler. The signal says when it is lost, also where the scheduler does not hear of it. */
  acquired(lost: AbortSignal): void
  /** Whether the process hears in time that its lease is lost: one that was suspended does not. */
  hearsLoss(): boolean
  /** A commit is under way, or no longer. */
  underWay(by: 1 | -1): void
  pruned(runs: readonly string[]): void
  /** The result that the scheduler sees, by name. */
  answered(name: string): void
  fault(): StoreFault | undefined
  /** Resolves after that long. */
  delay(ms: number): Promise<void>
  /** Brings answers of the store back one at a time, so that a real disk gives the order that memory gives. */
  inTurn<T>(call: () => Promise<T>): Promise<T>
}

/** Leases of a shared store are this much longer than asked, so that renewing them is not most of what happens. */
const TTL_FACTOR = 60

/** The store of one scheduler: each call may be its last, and commits meet faults. */
export function mortalStoreModule(storage: Storage, life: Life, watch: StoreWatch): StoreModule {
  return {
    apiVersion: STORE_API,
    name: 'simulated',
    options: { '~standard': { version: 1, vendor: 'tron', validate: (value) => ({ value }) } },
    open: (_options, host) => life.pass('opening the store', () => openStore({ storage, life, watch }, host)),
  }
}

interface Parts {
  readonly storage: Storage
  readonly life: Life
  readonly watch: StoreWatch
}

async function openStore({ storage, life, watch }: Parts, host: StoreHost): Promise<Store> {
  const inner = await watch.inTurn(() => storage.open(host))
  const pass = <T>(what: Call, act: () => Promise<T>) => life.pass(what, () => watch.inTurn(act))
  return {
    shared: inner.shared,
    // It may wait long for its turn: not in turn with the other calls.
    acquire: (who, options) =>
      life.pass('acquiring the lease', async () => {
        if (!inner.shared) return watch.inTurn(() => inner.acquire(who, options))
        const lease = await inner.acquire(who, { ...options, ttlMs: options.ttlMs * TTL_FACTOR })
        watch.acquired(lease.lost)
        return watch.hearsLoss() ? lease : { ...lease, lost: new AbortController().signal }
      }),
    async *load(lease) {
      const rows = await pass('loading', () => collect(inner.load(lease)))
      // Each store has an order of its own; what becomes of a plan must not hang on it.
      yield rows.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
    },
    commit: (lease, commit) =>
      life.pass('a commit', async () => {
        watch.underWay(1)
        try {
          return await commitWithFaults({ inner, watch }, lease, commit)
        } finally {
          watch.underWay(-1)
        }
      }),
    lastSeq: (lease) => pass('asking for the newest commit', () => inner.lastSeq(lease)),
    query: (query, options) => pass('a query', () => inner.query(query, options)),
    changes: (afterSeq, options) => inner.changes(afterSeq, options),
    prune: (lease, plan) =>
      life.pass('pruning', async () => {
        const result = await watch.inTurn(() => inner.prune(lease, plan))
        if (!result.more) watch.pruned(plan.runs)
        return result
      }),
    [Symbol.asyncDispose]: () => inner[Symbol.asyncDispose](),
  }
}

function orderOf({ table, row }: Row): string {
  return `${table} ${keyOf(table, row)}`
}

async function collect<T>(pages: AsyncIterable<readonly T[]>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const page of pages) all.push(...page)
  return all
}

async function commitWithFaults(
  { inner, watch }: { readonly inner: Store; readonly watch: StoreWatch },
  lease: Lease,
  commit: Commit,
): Promise<CommitResult> {
  const take = async (): Promise<CommitResult> => {
    const result = await watch.inTurn(() => inner.commit(lease, commit))
    if (result.ok) watch.committed(commit)
    return result
  }
  const fault = watch.fault()
  switch (fault?.kind) {
    case undefined: {
      const result = await take()
      watch.answered(result.ok ? 'ok' : result.why)
      return result
    }
    case 'late': {
      watch.answered('late')
      await watch.delay(fault.ms)
      const result = await take()
      await watch.delay(fault.ms)
      if (!result.ok) watch.answered(result.why)
      return result
    }
    case 'ambiguous': {
      watch.answered(fault.applied ? 'ambiguous, applied' : 'ambiguous, not applied')
      if (fault.applied) await take()
      return refusal('ambiguous')
    }
    case 'full':
    case 'unavailable':
      watch.answered(fault.kind)
      return refusal(fault.kind)
  }
}

function refusal(why: 'full' | 'unavailable' | 'ambiguous'): CommitResult {
  return { ok: false, why, error: new TronError('STORE_DEGRADED', `the store is ${why}, in this simulation`) }
}
