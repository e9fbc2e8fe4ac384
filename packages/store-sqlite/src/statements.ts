import type { TableName } from '@tron/store'
import { planOf, TABLE_NAMES } from '@tron/store/adapter'
import { quoted } from './schema.ts'
import { type Database, readRows, type Statement } from './sqlite.ts'

/** The writer's statements, prepared once. */
export interface Statements {
  put(table: TableName): Statement
  append(table: TableName): Statement
  remove(table: TableName): Statement
  /** How many rows a run has: itself, its actions, its attempts. */
  countRun(run: string): number
  deleteRun(run: string): void
}

const RUN_PARTS = [
  ['attempts', 'run'],
  ['actions', 'run'],
  ['runs', 'id'],
] as const

/** Prepares all of them, so that a database whose tables differ from what its version says is found at once. */
export function createStatements(database: Database): Statements {
  const put = prepareAll(database, putSql)
  const append = prepareAll(database, insertSql)
  const remove = prepareAll(
    database,
    (table) => `DELETE FROM ${quoted(table)} WHERE ${quoted(planOf(table).key)} = ?`,
  )
  const counts = RUN_PARTS.map(
    ([table, column]) => `(SELECT count(*) FROM ${table} WHERE ${quoted(column)} = ?1)`,
  )
  const count = database.prepare(`SELECT ${counts.join(' + ')}`)
  const deletes = RUN_PARTS.map(([table, column]) =>
    database.prepare(`DELETE FROM ${table} WHERE ${quoted(column)} = ?`),
  )
  return {
    put: (table) => pick(put, table),
    append: (table) => pick(append, table),
    remove: (table) => pick(remove, table),
    countRun: (run) => Number(readRows(count, run)[0]?.[0]),
    deleteRun(run) {
      for (const each of deletes) each.run(run)
    },
  }
}

function prepareAll(
  database: Database,
  sql: (table: TableName) => string,
): ReadonlyMap<TableName, Statement> {
  return new Map(TABLE_NAMES.map((table) => [table, database.prepare(sql(table))]))
}

function pick(statements: ReadonlyMap<TableName, Statement>, table: TableName): Statement {
  const statement = statements.get(table)
  if (statement === undefined) throw new TypeError(`there is no table "${table}"`)
  return statement
}

function insertSql(table: TableName): string {
  const { columns } = planOf(table)
  const names = columns.map(({ name }) => quoted(name)).join(', ')
  return `INSERT INTO ${quoted(table)} (${names}) VALUES (${columns.map(() => '?').join(', ')})`
}

/** An upsert, not a replacement: that would take the row out of every index and put it back. */
function putSql(table: TableName): string {
  const { key, columns } = planOf(table)
  const sets = columns
    .filter(({ name }) => name !== key)
    .map(({ name }) => `${quoted(name)} = excluded.${quoted(name)}`)
  return `${insertSql(table)} ON CONFLICT (${quoted(key)}) DO UPDATE SET ${sets.join(', ')}`
}
