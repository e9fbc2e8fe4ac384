import type { Change, CommitResult, Store } from '../contract.ts'
import { type BrokenStore, takeAnyway, withAnswer, withCommit, wrapStore } from './wrap-store.ts'

/** For each rule on restarts and copies, a store that breaks it. */
export const brokenRestarts: Readonly<Record<string, BrokenStore>> = {
  'a crash at any moment leaves what was committed': {
    defect: 'writes when its lease is given back or it is closed',
    spoil: writeAtTheEnd,
  },
  'a crash amid commits leaves the first of them whole, and all that were answered': {
    defect: 'writes the rows of a commit together with the next one',
    spoil: (store) => {
      let late: readonly Change[] = []
      return withCommit((commit) => {
        const changes = late
        late = commit.changes
        return { ...commit, changes }
      })(store)
    },
  },
  'a crash leaves nothing of what was refused': {
    defect: 'writes what it has refused under the next seq',
    spoil: withAnswer(async ({ store, lease, commit, result, thrown }) => {
      if (result?.ok === false) {
        await store.commit(lease, { ...commit, seq: (await store.lastSeq(lease)) + 1 })
      }
      if (result !== undefined) return result
      throw thrown instanceof Error ? thrown : new Error(String(thrown))
    }),
  },
  'after a crash the next lease settles a commit that is ambiguous': {
    defect: 'takes a commit that it has called ambiguous a moment later',
    spoil: takeAnyway,
  },
  'open refuses the records of a newer version': {
    defect: 'opens whatever is there',
    spoil: (store) => store,
  },
  'backup is a consistent copy while writing goes on': {
    defect: 'says that the copy is there before it is',
    spoil: (store) => wrapStore(store, { backup: async () => undefined }),
  },
}

function writeAtTheEnd(store: Store): Store {
  const held: (() => Promise<CommitResult>)[] = []
  const write = async () => {
    for (const commit of held.splice(0)) await commit()
  }
  return wrapStore(store, {
    async acquire(who, options) {
      const lease = await store.acquire(who, options)
      return { ...lease, release: () => write().then(() => lease.release()) }
    },
    async commit(lease, commit) {
      held.push(() => store.commit(lease, commit))
      return { ok: true, seq: commit.seq }
    },
    [Symbol.asyncDispose]: () => write().then(() => store[Symbol.asyncDispose]()),
  })
}
