import { TronError } from '@tron/model'
import type { Change, Commit, Lease, Row, Store } from '../contract.ts'
import { type Fields, fieldsOf, rowOf } from '../unsafe-row.ts'
import { editParams, editRows } from './unsafe-page.ts'
import {
  type BreakStore,
  type BrokenStore,
  withAnswer,
  withCommit,
  withPut,
  wrapStore,
} from './wrap-store.ts'

/** For each rule on commits and on values, a store that breaks it. */
export const brokenCommits: Readonly<Record<string, BrokenStore>> = {
  'commit takes every change of its list': {
    defect: 'leaves the last change out',
    spoil: withCommit((commit) => ({
      ...commit,
      changes: commit.changes.slice(0, -1),
    })),
  },
  'commit takes its changes in their order': {
    defect: 'takes the changes from the last to the first',
    spoil: withCommit((commit) => ({
      ...commit,
      changes: commit.changes.toReversed(),
    })),
  },
  'commit replaces every column of a row that is put again': {
    defect: 'keeps an old value where the new one is null',
    spoil: keepOldColumns,
  },
  'commit is all or nothing': {
    defect: 'keeps the first change of a commit that it rejects',
    spoil: withAnswer(async ({ store, lease, commit, result, thrown }) => {
      if (result !== undefined) return result
      await store.commit(lease, { ...commit, changes: commit.changes.slice(0, 1) })
      throw thrown instanceof Error ? thrown : new Error(String(thrown))
    }),
  },
  'commit appends each key once, ever': {
    defect: 'takes an append of a key that is there for success',
    spoil: withAnswer(async ({ commit, result }) => result ?? { ok: true, seq: commit.seq }),
  },
  'commit removes nothing when the key is not there': {
    defect: 'rejects the removal of what is not there',
    spoil: refuseUnknownRemovals,
  },
  'commit removes the row that is named': {
    defect: 'removes nothing',
    spoil: withCommit((commit) => ({
      ...commit,
      changes: commit.changes.filter(({ remove }) => remove === undefined),
    })),
  },
  'commit refuses a seq that does not follow the newest': {
    defect: 'gives each commit the next seq, whatever it says',
    spoil: (store) =>
      wrapStore(store, {
        commit: async (lease, commit) =>
          store.commit(lease, { ...commit, seq: (await store.lastSeq(lease)) + 1 }),
      }),
  },
  'commit is fenced once another lease was acquired': {
    defect: 'answers a fenced commit with success',
    spoil: withAnswer(async ({ commit, result }) =>
      result?.ok === false && result.why === 'fenced' ? { ok: true, seq: commit.seq } : ok(commit),
    ),
  },
  'commit is fenced for a pair that was never issued': {
    defect: 'looks who holds the lease, and not at the pair that a commit comes with',
    spoil: (store) => {
      let held: Lease | undefined
      return wrapStore(store, {
        acquire: async (who, options) => (held = await store.acquire(who, options)),
        commit: (lease, commit) => store.commit(held ?? lease, commit),
      })
    },
  },
  'commit that is refused answers with an error that says why': {
    defect: 'refuses without a word',
    spoil: withAnswer(async ({ commit, result = ok(commit) }) =>
      result.ok ? result : { ...result, error: new TronError('INTERNAL', '') },
    ),
  },
  'commit is durable when it resolves': {
    defect: 'answers and writes nothing',
    spoil: (store) => wrapStore(store, { commit: async (_lease, commit) => ok(commit) }),
  },
  'commit moves cursors together with its changes': {
    defect: 'leaves the cursors where they were',
    spoil: withCommit((commit) => ({ ...commit, cursors: {} })),
  },
  'commit refuses a row that does not fit its table, naming table, column and key': {
    defect: 'answers with success for rows that fit no table',
    spoil: withAnswer(async ({ commit, result }) => result ?? ok(commit)),
  },

  'every column comes back as it was put': {
    defect: 'ends texts at their first NUL',
    spoil: withRows((row) => ({
      ...row,
      ...('actor' in row ? { actor: String(row['actor']).split('\u0000')[0] } : {}),
    })),
  },
  'keys may be any text': {
    defect: 'takes texts for the same that look the same',
    spoil: (store) =>
      wrapStore(store, {
        query: (query, options) =>
          store.query(
            'request' in query.params
              ? editParams(query, { request: query.params.request.normalize('NFC') })
              : query,
            options,
          ),
      }),
  },
  'half of a surrogate pair is kept or refused, never changed': {
    defect: 'mends texts that are not well formed',
    spoil: withPut((put) =>
      editPut(put, (row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === 'string' ? value.toWellFormed() : value,
          ]),
        ),
      ),
    ),
  },
  'JSON members that are undefined are left out': {
    defect: 'makes null of members that are undefined',
    spoil: withRows((row) => ({
      ...row,
      ...(row['spec'] === null ? {} : { spec: { here: 1, gone: null, deep: [{ gone: null }] } }),
    })),
  },
  'nobody can change what is stored but by a commit': {
    defect: 'hands out the very objects that it was given',
    spoil: handOutOriginals,
  },
  'everything that it hands out is plain data': {
    defect: 'hands out rows with a method',
    spoil: withRows((row) => ({ ...row, toString: () => 'a row' })),
  },
  'thousands of changes fit in one commit': {
    defect: 'takes the first thousand changes of a commit',
    spoil: withCommit((commit) => ({
      ...commit,
      changes: commit.changes.slice(0, 1000),
    })),
  },
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
