import type { Change, Row, RowKey, Rows, TableName } from '@tron/store'
import { createDraftTable } from './draft-table.ts'
import { createLiveTable, type ReadTable, type WriteTable } from './live-table.ts'
import { SHAPES } from './shapes.ts'

/** The records as a decision may read them. */
export type View = { readonly [N in TableName]: ReadTable<Rows[N]> }

type WritableTables = { readonly [N in TableName]: WriteTable<Rows[N]> }

/** The committed records in memory. Only `apply` changes them, and only with what was committed. */
export interface LiveTables {
  readonly view: View
  apply(changes: readonly Change[]): void
}

/** A decision in the making: reads see its own changes, which collect in order. */
export interface Draft {
  readonly view: View
  readonly changes: readonly Change[]
  put(row: Row): void
  remove(key: RowKey): void
  append(row: Rows['audit']): void
}

export function createLiveTables(): LiveTables {
  const tables: WritableTables = {
    meta: createLiveTable(SHAPES.meta),
    cursors: createLiveTable(SHAPES.cursors),
    specs: createLiveTable(SHAPES.specs),
    jobs: createLiveTable(SHAPES.jobs),
    runs: createLiveTable(SHAPES.runs),
    actions: createLiveTable(SHAPES.actions),
    attempts: createLiveTable(SHAPES.attempts),
    slots: createLiveTable(SHAPES.slots),
    audit: createLiveTable(SHAPES.audit),
    trash: createLiveTable(SHAPES.trash),
  }
  return {
    view: tables,
    apply(changes) {
      for (const change of changes) applyChange(tables, change)
    },
  }
}

/** Layers a decision over a view, which may be another draft: a batch is a draft over the live tables, each of its decisions one over the batch. */
export function createDraft(below: View): Draft {
  const tables: WritableTables = {
    meta: createDraftTable(below.meta, SHAPES.meta),
    cursors: createDraftTable(below.cursors, SHAPES.cursors),
    specs: createDraftTable(below.specs, SHAPES.specs),
    jobs: createDraftTable(below.jobs, SHAPES.jobs),
    runs: createDraftTable(below.runs, SHAPES.runs),
    actions: createDraftTable(below.actions, SHAPES.actions),
    attempts: createDraftTable(below.attempts, SHAPES.attempts),
    slots: createDraftTable(below.slots, SHAPES.slots),
    audit: createDraftTable(below.audit, SHAPES.audit),
    trash: createDraftTable(below.trash, SHAPES.trash),
  }
  const changes: Change[] = []
  const record = (change: Change) => {
    applyChange(tables, change)
    changes.push(change)
  }
  return {
    view: tables,
    changes,
    put: (row) => {
      record({ put: row })
    },
    remove: (key) => {
      record({ remove: key })
    },
    append: (row) => {
      record({ append: { table: 'audit', row } })
    },
  }
}

function applyChange(tables: WritableTables, change: Change): void {
  if (change.put !== undefined) putRow(tables, change.put)
  else if (change.remove !== undefined) tables[change.remove.table].remove(change.remove.key)
  else tables.audit.put(change.append.row)
}

function putRow<N extends TableName>(
  tables: WritableTables,
  put: { readonly table: N; readonly row: Rows[N] },
): void {
  tables[put.table].put(put.row)
}
