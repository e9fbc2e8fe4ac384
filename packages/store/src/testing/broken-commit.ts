import { TronError } from '@tron/model'
import type { Change, Commit, Row, Store } from '../contract.ts'
import { type Fields, fieldsOf, rowOf } from '../unsafe-row.ts'
import { editParams, editRows } from './unsafe-page.ts'
import { type BreakStore, withAnswer, withCommit, withPut, wrapStore } from './wrap-store.ts'

/** For each rule on commits and on values, a store that breaks it. */
export const brokenCommits: Readonly<Record<string, BreakStore>> = {
  'commit takes every change of its list': withCommit((commit) => ({
    ...commit,
    changes: commit.changes.slice(0, -1),
  })),
  'commit takes its changes in their order': withCommit((commit) => ({
    ...commit,
    changes: commit.changes.toReversed(),
  })),
  'commit replaces every column of a row that is put again': keepOldColumns,
  'commit is all or nothing': withAnswer(async ({ store, lease, commit, result, thrown }) => {
    if (result !== undefined) return result
    await store.commit(lease, { ...commit, changes: commit.changes.slice(0, 1) })
    throw thrown instanceof Error ? thrown : new Error(String(thrown))
  }),
  'commit appends each key once, ever': withAnswer(
    async ({ commit, result }) => result ?? { ok: true, seq: commit.seq },
  ),
  'commit removes nothing when the key is not there': refuseUnknownRemovals,
  'commit removes the row that is named': withCommit((commit) => ({
    ...commit,
    changes: commit.changes.filter(({ remove }) => remove === undefined),
  })),
  'commit refuses a seq that does not follow the newest': (store) =>
    wrapStore(store, {
      commit: async (lease, commit) =>
        store.commit(lease, { ...commit, seq: (await store.lastSeq(lease)) + 1 }),
    }),
  'commit is fenced once another lease was acquired': withAnswer(async ({ commit, result }) =>
    result?.ok === false && result.why === 'fenced' ? { ok: true, seq: commit.seq } : ok(commit),
  ),
  'commit is durable when it resolves': (store) =>
    wrapStore(store, { commit: async (_lease, commit) => ok(commit) }),
  'commit moves cursors together with its changes': withCommit((commit) => ({ ...commit, cursors: {} })),
  'commit refuses a row that does not fit its table, naming table, column and key': withAnswer(
    async ({ commit, result }) => result ?? ok(commit),
  ),

  'every column comes back as it was put': withRows((row) => ({
    ...row,
    ...('actor' in row ? { actor: String(row['actor']).split('\u0000')[0] } : {}),
  })),
  'keys may be any text': (store) =>
    wrapStore(store, {
      query: (query, options) =>
        store.query(
          'request' in query.params
            ? editParams(query, { request: query.params.request.normalize('NFC') })
            : query,
          options,
        ),
    }),
  'half of a surrogate pair is kept or refused, never changed': withPut((put) =>
    editPut(put, (row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'string' ? value.toWellFormed() : value,
        ]),
      ),
    ),
  ),
  'JSON members that are undefined are left out': withRows((row) => ({
    ...row,
    ...(row['spec'] === null ? {} : { spec: { here: 1, gone: null, deep: [{ gone: null }] } }),
  })),
  'nobody can change what is stored but by a commit': handOutOriginals,
  'thousands of changes fit in one commit': withCommit((commit) => ({
    ...commit,
    changes: commit.changes.slice(0, 1000),
  })),
}

function ok(commit: Commit): { readonly ok: true; readonly seq: number } {
  return { ok: true, seq: commit.seq }
}

function editPut(put: Row, edit: (row: Fields) => object): Row {
  return rowOf<Row>({ table: put.table, row: edit(fieldsOf(put.row)) })
}

function withRows(edit: (row: Fields) => object): BreakStore {
  return (store) =>
    wrapStore(store, { query: async (query, options) => editRows(await store.query(query, options), edit) })
}

function keepOldColumns(store: Store): Store {
  const old = new Map<unknown, Fields>()
  return withPut((put) =>
    editPut(put, (row) => {
      const before = old.get(row['id'])
      old.set(row['id'], row)
      return { ...row, startedMs: row['startedMs'] ?? before?.['startedMs'] ?? null }
    }),
  )(store)
}

function refuseUnknownRemovals(store: Store): Store {
  const known = new Set<string>()
  return wrapStore(store, {
    commit(lease, commit) {
      for (const { put, remove } of commit.changes) {
        if (put?.table === 'jobs') known.add(put.row.id)
        if (remove !== undefined && !known.has(remove.key)) throw new TronError('INTERNAL', 'no such row')
      }
      return store.commit(lease, commit)
    },
  })
}

function handOutOriginals(store: Store): Store {
  const originals = new Map<unknown, Fields>()
  return wrapStore(store, {
    commit(lease, commit) {
      for (const { put } of commit.changes) {
        if (put?.table === 'attempts') originals.set(put.row.id, fieldsOf(put.row))
      }
      const copies: readonly Change[] = structuredClone(commit.changes)
      return store.commit(lease, { ...commit, changes: copies })
    },
    query: async (query, options) =>
      editRows(await store.query(query, options), (row) => originals.get(row['id']) ?? row),
  })
}
