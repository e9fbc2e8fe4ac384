import { TronError } from '@tron/model'
import type { Store } from '../contract.ts'
import { fieldsOf } from '../unsafe-row.ts'
import { without } from './bad-rows.ts'
import { editLimit, editParams, editRows, keepRows } from './unsafe-page.ts'
import { type BrokenStore, wrapStore } from './wrap-store.ts'

/** For each rule on queries, a store that breaks it. */
export const brokenReads: Readonly<Record<string, BrokenStore>> = {
  'each query finds what it names, in its order': {
    defect: 'answers in the opposite order',
    spoil: (store) =>
      wrapStore(store, {
        async query(query, options) {
          const page = await store.query(query, options)
          return { ...page, rows: page.rows.toReversed() }
        },
      }),
  },
  'query answers with whole rows': {
    defect: 'leaves a column out',
    spoil: (store) =>
      wrapStore(store, {
        query: async (query, options) =>
          editRows(await store.query(query, options), (row) => without(row, 'note')),
      }),
  },
  'query says whether there is more': {
    defect: 'never says that there is more',
    spoil: (store) =>
      wrapStore(store, {
        query: async (query, options) => ({ ...(await store.query(query, options)), more: false }),
      }),
  },
  'paging by before loses no row and repeats none, whatever is equal': {
    defect: 'cuts a page between equal rows',
    spoil: (store) =>
      wrapStore(store, {
        async query(query, options) {
          const { rows, more } = await store.query(query, options)
          return { rows: rows.slice(0, query.limit), more: more || rows.length > query.limit }
        },
      }),
  },
  'query orders equal rows by their key': {
    defect: 'orders by the whole row, by UTF-16 units',
    spoil: (store) =>
      wrapStore(store, {
        async query(query, options) {
          const page = await store.query(query, options)
          return {
            ...page,
            rows: page.rows.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? 1 : -1)),
          }
        },
      }),
  },
  'query sees the commits that were answered before it': {
    defect: 'writes each commit when the next one comes',
    spoil: answerEarly,
  },
  'query needs no lease and does not hold up a commit': {
    defect: 'answers queries of its holder alone',
    spoil: queryOnlyWithLease,
  },
  'query ends with the reason of its signal': {
    defect: 'does not listen to the signal',
    spoil: (store) =>
      wrapStore(store, { query: (query) => store.query(query, { signal: new AbortController().signal }) }),
  },
  'query refuses a limit outside of 1 to 10,000': {
    defect: 'makes a limit of whatever it gets',
    spoil: (store) =>
      wrapStore(store, {
        query: (query, options) =>
          store.query(editLimit(query, Math.max(1, Math.trunc(query.limit) || 1)), options),
      }),
  },
  'queries find the newest and the oldest of a long history': {
    defect: 'looks for a page among the newest hundred rows alone',
    spoil: (store) =>
      wrapStore(store, {
        async query(query, options) {
          const { before } = fieldsOf(query.params)
          if (typeof before !== 'number') return store.query(query, options)
          const newest = editLimit(editParams(query, { ...query.params, before: undefined }), 100)
          return keepRows(await store.query(newest, options), (row) => Number(row['number']) < before)
        },
      }),
  },
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
