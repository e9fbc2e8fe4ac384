import { isTronError, type RunId, TronError } from '@tron/model'
import type { Change, Store } from '../contract.ts'
import { without } from './bad-rows.ts'
import { editLimit, editRows } from './unsafe-page.ts'
import { type BreakStore, withAnswer, wrapStore } from './wrap-store.ts'

/** Says that a commit failed and takes it all the same. */
const takeAnyway = withAnswer(async ({ store, lease, commit, result }) => {
  if (result === undefined) throw new TronError('INTERNAL', 'a defect')
  if (!result.ok) await store.commit(lease, commit)
  return result
})

/** For each rule on queries, on following and on pruning, a store that breaks it. */
export const brokenReads: Readonly<Record<string, BreakStore>> = {
  'each query finds what it names, in its order': (store) =>
    wrapStore(store, {
      async query(query, options) {
        const page = await store.query(query, options)
        return { ...page, rows: page.rows.toReversed() }
      },
    }),
  'query answers with whole rows': (store) =>
    wrapStore(store, {
      query: async (query, options) =>
        editRows(await store.query(query, options), (row) => without(row, 'note')),
    }),
  'query says whether there is more': (store) =>
    wrapStore(store, {
      query: async (query, options) => ({ ...(await store.query(query, options)), more: false }),
    }),
  'paging by before loses no row and repeats none, whatever is equal': (store) =>
    wrapStore(store, {
      async query(query, options) {
        const { rows, more } = await store.query(query, options)
        return { rows: rows.slice(0, query.limit), more: more || rows.length > query.limit }
      },
    }),
  'query orders equal rows by their key': (store) =>
    wrapStore(store, {
      async query(query, options) {
        const page = await store.query(query, options)
        return {
          ...page,
          rows: page.rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1)),
        }
      },
    }),
  'query sees the commits that were answered before it': answerEarly,
  'query needs no lease and does not hold up a commit': queryOnlyWithLease,
  'query ends with the reason of its signal': (store) =>
    wrapStore(store, { query: (query) => store.query(query, { signal: new AbortController().signal }) }),
  'query refuses a limit outside of 1 to 10,000': (store) =>
    wrapStore(store, {
      query: (query, options) =>
        store.query(editLimit(query, Math.max(1, Math.trunc(query.limit) || 1)), options),
    }),

  'lastSeq answers the seq of the newest commit': (store) =>
    wrapStore(store, { lastSeq: async (lease) => lease.seq }),
  'lastSeq settles a commit that is ambiguous': (store) => {
    let sent = 0
    return wrapStore(store, {
      lastSeq: async () => sent,
      commit(lease, commit) {
        sent = commit.seq
        return store.commit(lease, commit)
      },
    })
  },
  'a commit that is full has changed nothing and can be sent again': takeAnyway,
  'a commit that is unavailable has changed nothing and can be sent again': takeAnyway,
  'lastSeq refuses a lease that is over': (store) =>
    wrapStore(store, { lastSeq: (lease) => store.lastSeq(lease).catch(() => lease.seq) }),
  'changes yields commits in order, from the one after the seq': withFeed((seq, changes) => ({
    seq,
    changes: changes.toReversed(),
  })),
  'changes goes on with commits as they come': endWithWhatIsThere,
  'changes has no commit that was refused': yieldRefused,
  'changes ends when its signal fires, and when the store is closed': (store) =>
    wrapStore(store, {
      async *changes(afterSeq, { signal }) {
        yield* store.changes(afterSeq, { signal })
        signal.throwIfAborted()
      },
    }),
  'changes never has a gap: it says what it no longer keeps': skipWhatIsGone,

  'prune removes the runs that are named, with their actions and attempts': (store) =>
    wrapStore(store, {
      prune: (lease, plan) => store.prune(lease, { ...plan, runs: plan.runs.slice(0, 1) }),
    }),
  'prune leaves everything else': pruneAllEverPut,
  'prune is bounded, takes whole runs, and says whether there is more': (store) =>
    wrapStore(store, { prune: (lease, plan) => store.prune(lease, { ...plan, maxRows: 1_000_000 }) }),
  'prune removes a run that alone has more rows than it may': (store) =>
    wrapStore(store, {
      prune: async (lease, plan) => (plan.maxRows < 6 ? { rows: 0, more: true } : store.prune(lease, plan)),
    }),
  'prune is fenced like a commit': (store) =>
    wrapStore(store, {
      prune: (lease, plan) => store.prune(lease, plan).catch(() => ({ rows: 0, more: false })),
    }),
  'prune does not change the seq': (store) =>
    wrapStore(store, {
      async prune(lease, plan) {
        const seq = (await store.lastSeq(lease)) + 1
        await store.commit(lease, { seq, atMs: 1, changes: [], cursors: {} })
        return store.prune(lease, plan)
      },
    }),
  'prune is durable when it resolves': (store) =>
    wrapStore(store, { prune: async () => ({ rows: 12, more: false }) }),
}

/** Each commit is answered at once and taken when the next one comes. */
function answerEarly(store: Store): Store {
  let held: (() => Promise<unknown>) | undefined
  return wrapStore(store, {
    async commit(lease, commit) {
      await held?.()
      held = () => store.commit(lease, commit)
      return { ok: true, seq: commit.seq }
    },
  })
}

function queryOnlyWithLease(store: Store): Store {
  let held = false
  return wrapStore(store, {
    async acquire(who, options) {
      const lease = await store.acquire(who, options)
      held = true
      return lease
    },
    async query(query, options) {
      if (!held) throw new TronError('LEASE_LOST', 'no lease')
      return store.query(query, options)
    },
  })
}

function withFeed(edit: (seq: number, changes: readonly Change[]) => Seen): BreakStore {
  return (store) =>
    wrapStore(store, {
      async *changes(afterSeq, options) {
        for await (const { seq, changes } of store.changes(afterSeq, options)) yield edit(seq, changes)
      },
    })
}

interface Seen {
  readonly seq: number
  readonly changes: readonly Change[]
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
