import type { Row } from './contract.ts'
import type { QueryName, QueryTables } from './queries.ts'
import type { Rows, TableName } from './rows.ts'

/** A row seen as its columns, by name. */
export type Fields = Readonly<Record<string, unknown>>

/** Looks at a row column by column, as what the table's description says. */
export function fieldsOf(row: object): Fields {
  return row as Fields
}

/** A row made column by column from one that had this type, with values that mean the same. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's return type says which row
export function rowOf<R extends object>(fields: Fields): R {
  return fields as R
}

/** Rows that were checked against this table when they were stored. */
export function rowsOf<N extends TableName>(_table: N, rows: readonly object[]): readonly Rows[N][] {
  return rows as readonly Rows[N][]
}

/** Rows of the table that this query reads. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller says which query
export function rowsFor<Q extends QueryName>(rows: readonly object[]): readonly Rows[QueryTables[Q]][] {
  return rows as readonly Rows[QueryTables[Q]][]
}

/** A row that was checked against this table, together with the table. */
export function rowEntry(table: TableName, row: object): Row {
  return { table, row } as Row
}
