import { TronError } from '@tron/model'
import { checkJson, NotJson } from './check-json.ts'
import type { Change, Commit, LogRow, Row, RowKey } from './contract.ts'
import type { TableName } from './rows.ts'
import { type ColumnPlan, planOf, type TablePlan } from './table-plan.ts'
import { type Fields, fieldsOf, rowOf } from './unsafe-row.ts'

/** Tables that are written in one way of their own. */
const APPENDED: ReadonlySet<TableName> = new Set<TableName>(['audit'])
const NEVER_CHANGED: ReadonlySet<TableName> = new Set<TableName>(['audit', 'cursors'])

/**
 * What every store does with a commit before it takes it: rows are checked against `TABLES` and frozen, so that neither what is stored nor what the change
 * feed hands out can be changed by whoever made it. The list of changes is a new one.
 * @throws INTERNAL naming table, column and key
 */
export function checkCommit(commit: Commit): Commit {
  if (!Number.isSafeInteger(commit.seq) || !Number.isSafeInteger(commit.atMs)) {
    throw new TronError('INTERNAL', `a commit with seq ${commit.seq} at ${commit.atMs} is not one`)
  }
  const appended = new Set<string>()
  const changes = commit.changes.map((change) => checkChange(change, appended))
  for (const [source, cursor] of Object.entries(commit.cursors)) {
    checkRow({ table: 'cursors', row: { source, cursor } })
  }
  return { seq: commit.seq, atMs: commit.atMs, changes: Object.freeze(changes), cursors: commit.cursors }
}

/** A table is only appended to, and its key was there already. */
export function duplicateKey(table: TableName, key: string): TronError {
  return new TronError('INTERNAL', `${table} "${key}": appended, but it is there already`, {
    details: { table, key },
  })
}

function checkChange(change: Change, appended: Set<string>): Change {
  if (change.put !== undefined) {
    if (NEVER_CHANGED.has(change.put.table)) throw wrongTable('put', change.put.table)
    const put = checkRow<Row>(change.put)
    return frozen(put === change.put ? change : { put })
  }
  if (change.remove !== undefined) {
    checkRemoval(change.remove)
    return frozen(change)
  }
  if (!APPENDED.has(change.append.table)) throw wrongTable('append', change.append.table)
  const append = checkRow<LogRow>(change.append)
  const id = `${append.table} ${append.row.request}`
  if (appended.has(id)) throw duplicateKey(append.table, append.row.request)
  appended.add(id)
  return frozen(append === change.append ? change : { append })
}

function frozen(change: Change): Change {
  Object.freeze(change)
  return change
}

function checkRemoval(removed: RowKey): void {
  const { key } = planOf(removed.table)
  if (NEVER_CHANGED.has(removed.table)) throw wrongTable('remove', removed.table)
  if (typeof removed.key !== 'string')
    throw misfit({ table: removed.table, column: key, key: '?' }, 'the key of a removal is not text')
  Object.freeze(removed)
}

function checkRow<R extends Row>(entry: R): R {
  const plan = planOf(entry.table)
  const fields = fieldsOf(entry.row)
  let changed: Record<string, unknown> | undefined
  for (const column of plan.columns) {
    const value = fields[column.name]
    const checked = checkValue(plan, column, { value, fields })
    if (!Object.is(checked, value)) {
      changed ??= { ...fields }
      changed[column.name] = checked
    }
  }
  if (Object.keys(fields).length !== plan.columns.length) throw unknownColumn(plan, fields)
  const result = changed === undefined ? entry : rowOf<R>({ ...entry, row: changed })
  Object.freeze(result.row)
  Object.freeze(result)
  return result
}

function checkValue(
  plan: TablePlan,
  column: ColumnPlan,
  { value, fields }: { readonly value: unknown; readonly fields: Fields },
): unknown {
  if (value === null && column.nullable) return null
  switch (column.base) {
    case 'text':
      if (typeof value === 'string') return value
      break
    case 'int':
      if (Number.isSafeInteger(value)) return value === 0 ? 0 : value
      break
    case 'bool':
      if (typeof value === 'boolean') return value
      break
    case 'json':
      return checkJsonColumn(plan, column, { value, fields })
  }
  throw misfit(place(plan, column.name, fields), `expected ${expected(column)}, not ${shown(value)}`)
}

function checkJsonColumn(
  plan: TablePlan,
  column: ColumnPlan,
  { value, fields }: { readonly value: unknown; readonly fields: Fields },
): unknown {
  try {
    return checkJson(value)
  } catch (cause) {
    if (!(cause instanceof NotJson)) throw cause
    throw misfit(place(plan, column.name, fields), `expected a JSON value, not ${cause.message}`)
  }
}

function expected(column: ColumnPlan): string {
  const words = { text: 'text', int: 'a whole number within 2^53', bool: 'true or false', json: 'JSON' }
  return column.nullable ? `${words[column.base]} or null` : words[column.base]
}

function shown(value: unknown): string {
  if (value instanceof Object) return `an object of ${value.constructor.name}`
  return typeof value === 'string' ? 'text' : String(value)
}

interface Place {
  readonly table: TableName
  readonly column: string
  readonly key: string
}

function place(plan: TablePlan, column: string, fields: Fields): Place {
  return { table: plan.table, column, key: String(fields[plan.key]) }
}

function unknownColumn(plan: TablePlan, fields: Fields): TronError {
  const names = new Set(plan.columns.map((column) => column.name))
  const unknown = Object.keys(fields).find((name) => !names.has(name)) ?? '?'
  return misfit(place(plan, unknown, fields), 'there is no such column')
}

function wrongTable(verb: string, table: TableName): TronError {
  return new TronError('INTERNAL', `${table}: this table is not written by "${verb}"`, { details: { table } })
}

function misfit(at: Place, reason: string): TronError {
  return new TronError('INTERNAL', `${at.table} "${at.key}", column "${at.column}": ${reason}`, {
    details: { ...at },
  })
}
