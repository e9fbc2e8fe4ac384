import { TronError } from '@tron/model'
import type { Change, Commit, CommitResult, Lease, Row, Store } from '../contract.ts'

/** Makes of a good store one that breaks a rule. */
export type BreakStore = (store: Store) => Store

/** A store with one defect. */
export interface BrokenStore {
  /** What is wrong with it, as the end of "a store that". */
  readonly defect: string
  readonly spoil: BreakStore
}

/** The store with some of its methods replaced. */
export function wrapStore(store: Store, over: Partial<Store>): Store {
  const backup = store.backup?.bind(store)
  return {
    ...(backup === undefined ? {} : { backup }),
    shared: store.shared,
    acquire: (who, options) => store.acquire(who, options),
    load: (lease) => store.load(lease),
    commit: (lease, commit) => store.commit(lease, commit),
    lastSeq: (lease) => store.lastSeq(lease),
    query: (query, options) => store.query(query, options),
    changes: (afterSeq, options) => store.changes(afterSeq, options),
    prune: (lease, plan) => store.prune(lease, plan),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
    ...over,
  }
}

/** A store whose leases are changed before they are handed out. */
export function withLease(edit: (lease: Lease) => Lease): BreakStore {
  return (store) =>
    wrapStore(store, { acquire: async (who, options) => edit(await store.acquire(who, options)) })
}

/** A store whose commits are changed before they are taken. */
export function withCommit(edit: (commit: Commit) => Commit): BreakStore {
  return (store) => wrapStore(store, { commit: (lease, commit) => store.commit(lease, edit(commit)) })
}

/** A store whose rows are changed before they are taken. */
export function withPut(edit: (put: Row) => Row): BreakStore {
  return withCommit((commit) => ({
    ...commit,
    changes: commit.changes.map(
      (change): Change => (change.put === undefined ? change : { put: edit(change.put) }),
    ),
  }))
}

/** A store that looks at a commit's answer, or at why it was rejected, and gives another. */
export function withAnswer(
  change: (of: {
    readonly store: Store
    readonly lease: Lease
    readonly commit: Commit
    readonly result: CommitResult | undefined
    readonly thrown: unknown
  }) => Promise<CommitResult>,
): BreakStore {
  return (store) =>
    wrapStore(store, {
      async commit(lease, commit) {
        try {
          return await change({
            store,
            lease,
            commit,
            result: await store.commit(lease, commit),
            thrown: null,
          })
        } catch (thrown) {
          return change({ store, lease, commit, result: undefined, thrown })
        }
      },
    })
}

/** Says that a commit failed and takes it all the same. */
export const takeAnyway: BreakStore = withAnswer(async ({ store, lease, commit, result }) => {
  if (result === undefined) throw new TronError('INTERNAL', 'a defect')
  if (!result.ok) await store.commit(lease, commit)
  return result
})
