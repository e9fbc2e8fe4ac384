import { isTronError, type RunId } from '@tron/model'
import type { Change, Store } from '../contract.ts'
import type { Seen } from './rule.ts'
import { type BreakStore, type BrokenStore, takeAnyway, wrapStore } from './wrap-store.ts'

/** For each rule on the newest seq, on following and on pruning, a store that breaks it. */
export const brokenFeeds: Readonly<Record<string, BrokenStore>> = {
  'lastSeq answers the seq of the newest commit': {
    defect: 'answers what was newest when the lease was acquired',
    spoil: (store) => wrapStore(store, { lastSeq: async (lease) => lease.seq }),
  },
  'lastSeq settles a commit that is ambiguous': {
    defect: 'answers the seq of what was sent, taken or not',
    spoil: (store) => {
      let sent = 0
      return wrapStore(store, {
        lastSeq: async () => sent,
        commit(lease, commit) {
          sent = commit.seq
          return store.commit(lease, commit)
        },
      })
    },
  },
  'a commit that is full has changed nothing and can be sent again': {
    defect: 'says that it is full and takes the commit a moment later',
    spoil: takeAnyway,
  },
  'a commit that is unavailable has changed nothing and can be sent again': {
    defect: 'says that it is unavailable and takes the commit a moment later',
    spoil: takeAnyway,
  },
  'lastSeq refuses a lease that is over': {
    defect: 'answers for a lease that is over',
    spoil: (store) => wrapStore(store, { lastSeq: (lease) => store.lastSeq(lease).catch(() => lease.seq) }),
  },
  'changes yields commits in order, from the one after the seq': {
    defect: 'turns the changes of a commit around',
    spoil: withFeed((seq, changes) => ({
      seq,
      changes: changes.toReversed(),
    })),
  },
  'changes goes on with commits as they come': {
    defect: 'ends with what is there',
    spoil: endWithWhatIsThere,
  },
  'changes has no commit that was refused': {
    defect: 'yields what it has refused',
    spoil: yieldRefused,
  },
  'changes yields every commit to each of its readers': {
    defect: 'serves one reader at a time',
    spoil: (store) => {
      let isBusy = false
      return wrapStore(store, {
        async *changes(afterSeq, options) {
          if (isBusy) return
          isBusy = true
          yield* store.changes(afterSeq, options)
          isBusy = false
        },
      })
    },
  },
  'nobody can change what changes yields': {
    defect: 'hands the same list to every reader',
    spoil: (store) => {
      const kept = new Map<number, Seen>()
      return wrapStore(store, {
        async *changes(afterSeq, options) {
          for await (const seen of store.changes(afterSeq, options)) {
            const open = kept.get(seen.seq) ?? structuredClone(seen)
            kept.set(seen.seq, open)
            yield open
          }
        },
      })
    },
  },
  'changes ends when its signal fires, and when the store is closed': {
    defect: 'throws when the signal fires',
    spoil: (store) =>
      wrapStore(store, {
        async *changes(afterSeq, { signal }) {
          yield* store.changes(afterSeq, { signal })
          signal.throwIfAborted()
        },
      }),
  },
  'changes never has a gap: it says what it no longer keeps': {
    defect: 'goes on with what is left when it no longer keeps what is asked for',
    spoil: skipWhatIsGone,
  },

  'prune removes the runs that are named, with their actions and attempts': {
    defect: 'removes the first of the runs alone',
    spoil: (store) =>
      wrapStore(store, {
        prune: (lease, plan) => store.prune(lease, { ...plan, runs: plan.runs.slice(0, 1) }),
      }),
  },
  'prune leaves everything else': {
    defect: 'removes every run there is',
    spoil: pruneAllEverPut,
  },
  'prune is bounded, takes whole runs, and says whether there is more': {
    defect: 'removes everything in one call',
    spoil: (store) =>
      wrapStore(store, { prune: (lease, plan) => store.prune(lease, { ...plan, maxRows: 1_000_000 }) }),
  },
  'prune removes a run that alone has more rows than it may': {
    defect: 'never gets past a run with more rows than it may remove',
    spoil: (store) =>
      wrapStore(store, {
        prune: async (lease, plan) => (plan.maxRows < 6 ? { rows: 0, more: true } : store.prune(lease, plan)),
      }),
  },
  'prune is fenced like a commit': {
    defect: 'answers a lease that is over with nothing to do',
    spoil: (store) =>
      wrapStore(store, {
        prune: (lease, plan) => store.prune(lease, plan).catch(() => ({ rows: 0, more: false })),
      }),
  },
  'prune does not change the seq': {
    defect: 'writes a commit of its own',
    spoil: (store) =>
      wrapStore(store, {
        async prune(lease, plan) {
          const seq = (await store.lastSeq(lease)) + 1
          await store.commit(lease, { seq, atMs: 1, changes: [], cursors: {} })
          return store.prune(lease, plan)
        },
      }),
  },
  'prune is not in changes': {
    defect: 'tells of the runs that it has pruned',
    spoil: tellOfPruning,
  },
  'prune is durable when it resolves': {
    defect: 'answers and removes nothing',
    spoil: (store) => wrapStore(store, { prune: async () => ({ rows: 12, more: false }) }),
  },
}

function withFeed(edit: (seq: number, changes: readonly Change[]) => Seen): BreakStore {
  return (store) =>
    wrapStore(store, {
      async *changes(afterSeq, options) {
        for await (const { seq, changes } of store.changes(afterSeq, options)) yield edit(seq, changes)
      },
    })
}

function endWithWhatIsThere(store: Store): Store {
  let newest = 0
  return wrapStore(store, {
    commit(lease, commit) {
      newest = commit.seq
      return store.commit(lease, commit)
    },
    async *changes(afterSeq, options) {
      if (afterSeq >= newest) return
      for await (const seen of store.changes(afterSeq, options)) {
        yield seen
        if (seen.seq >= newest) return
      }
    },
  })
}

function yieldRefused(store: Store): Store {
  const refused: Seen[] = []
  return wrapStore(store, {
    async commit(lease, commit) {
      const result = await store.commit(lease, commit)
      if (!result.ok) refused.push({ seq: commit.seq, changes: commit.changes })
      return result
    },
    async *changes(afterSeq, options) {
      yield* refused
      yield* store.changes(afterSeq, options)
    },
  })
}

function skipWhatIsGone(store: Store): Store {
  let start = 0
  return wrapStore(store, {
    async acquire(who, options) {
      const lease = await store.acquire(who, options)
      start = lease.seq
      return lease
    },
    async *changes(afterSeq, options) {
      try {
        yield* store.changes(afterSeq, options)
      } catch (error) {
        if (!isTronError(error, 'NOT_FOUND')) throw error
        yield* store.changes(start, options)
      }
    },
  })
}

function pruneAllEverPut(store: Store): Store {
  const runs: RunId[] = []
  return wrapStore(store, {
    commit(lease, commit) {
      for (const { put } of commit.changes) if (put?.table === 'runs') runs.push(put.row.id)
      return store.commit(lease, commit)
    },
    prune: (lease, plan) => store.prune(lease, { ...plan, runs }),
  })
}

function tellOfPruning(store: Store): Store {
  let pruned: readonly Change[] = []
  return wrapStore(store, {
    prune(lease, plan) {
      pruned = plan.runs.map((key) => ({ remove: { table: 'runs', key } }))
      return store.prune(lease, plan)
    },
    async *changes(afterSeq, options) {
      for await (const seen of store.changes(afterSeq, options)) {
        yield { ...seen, changes: [...seen.changes, ...pruned] }
      }
    },
  })
}
