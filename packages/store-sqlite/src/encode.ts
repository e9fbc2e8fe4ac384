import { TronError } from '@tron/model'
import type { Change, Row, TableName } from '@tron/store'
import { type ColumnPlan, type Fields, fieldsOf, planOf, rowEntry } from '@tron/store/adapter'
import type { SqlValue } from './sqlite.ts'

/** One change as the writer takes it: values in the order of the columns, or a key. */
export interface EncodedChange {
  readonly op: 'put' | 'remove' | 'append'
  readonly table: TableName
  readonly values: readonly SqlValue[]
}

/** Turns changes that `checkCommit` has passed into what is bound to statements. */
export function encodeChange(change: Change): EncodedChange {
  if (change.put !== undefined) return encodeRow('put', change.put)
  if (change.append !== undefined) return encodeRow('append', change.append)
  return { op: 'remove', table: change.remove.table, values: [encodeText(change.remove.key)] }
}

/**
 * A text as the database keeps it. SQLite's texts are UTF-8 and cannot hold half of a surrogate pair; such a text is kept as JSON, which can, after a NUL
 * that marks it. A text that begins with NUL itself is marked as well, so that there is one form for each text and equality holds.
 */
export function encodeText(text: string): string {
  return text.isWellFormed() && !text.startsWith(MARK) ? text : `${MARK}${JSON.stringify(text)}`
}

/** A row as it was put. @throws STORE_CORRUPT for a value that no row of this table has */
export function decodeRow(table: TableName, values: readonly unknown[]): Row {
  return rowEntry(table, decodeFields(table, values))
}

/** The columns of a row as they were put. @throws STORE_CORRUPT */
export function decodeFields(table: TableName, values: readonly unknown[]): Fields {
  const fields: Record<string, unknown> = {}
  planOf(table).columns.forEach((column, at) => {
    fields[column.name] = decodeValue(table, column, values[at])
  })
  return fields
}

const MARK = '\u0000'

function encodeRow(op: 'put' | 'append', { table, row }: Row): EncodedChange {
  const fields = fieldsOf(row)
  return {
    op,
    table,
    values: planOf(table).columns.map((column) => encodeValue(column, fields[column.name])),
  }
}

function encodeValue(column: ColumnPlan, value: unknown): SqlValue {
  if (column.base === 'json') return JSON.stringify(value)
  if (value === null) return null
  if (typeof value === 'string') return encodeText(value)
  if (typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  throw new TronError('INTERNAL', `column "${column.name}" has a value that was not checked`)
}

function decodeValue(table: TableName, column: ColumnPlan, value: unknown): unknown {
  if (value === null && column.nullable) return null
  if (typeof value === 'string' && column.base === 'json') return parse(table, column, value)
  if (typeof value === 'string' && column.base === 'text') {
    return value.startsWith(MARK) ? parse(table, column, value.slice(1)) : value
  }
  if (typeof value === 'number' && column.base === 'int') return value
  if (typeof value === 'number' && column.base === 'bool') return value === 1
  throw unreadable(table, column)
}

function parse(table: TableName, column: ColumnPlan, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw unreadable(table, column, cause)
  }
}

function unreadable(table: TableName, column: ColumnPlan, cause?: unknown): TronError {
  return new TronError('STORE_CORRUPT', `${table}, column "${column.name}": a value that cannot be read`, {
    cause,
    details: { table, column: column.name },
  })
}
