import { planOf, TABLE_NAMES, type TablePlan } from '@tron/store/adapter'

/** SQLite's mark of a file that is ours: "TRON". */
export const APPLICATION_ID = 0x54_52_4f_4e

const TYPES = { text: 'TEXT', int: 'INTEGER', bool: 'INTEGER', json: 'TEXT' } as const

/**
 * The schema, made from `TABLES`: strict tables, so that a value of a wrong type is an error, and NOT NULL wherever null is not allowed. Beside them
 * `head`, one row with the newest pair and seq that every commit is conditional on, and `pairs`, all that were ever issued.
 */
export function schemaSql(): string {
  return [
    'CREATE TABLE head (id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1), epoch INTEGER NOT NULL, nonce TEXT NOT NULL, seq INTEGER NOT NULL, atMs INTEGER NOT NULL) STRICT',
    'CREATE TABLE pairs (epoch INTEGER NOT NULL PRIMARY KEY, nonce TEXT NOT NULL, host TEXT NOT NULL, pid INTEGER NOT NULL, atMs INTEGER NOT NULL) STRICT',
    "INSERT INTO head VALUES (1, 0, '', 0, 0)",
    ...TABLE_NAMES.map((name) => tableSql(planOf(name))),
    ...TABLE_NAMES.flatMap((name) => indexSql(planOf(name))),
  ].join(';\n')
}

/** A name as SQL takes it, whatever word it is. */
export function quoted(name: string): string {
  return `"${name}"`
}

function tableSql({ table, key, columns }: TablePlan): string {
  const lines = columns.map(({ name, base, nullable }) => {
    const constraint = name === key ? ' NOT NULL PRIMARY KEY' : nullable ? '' : ' NOT NULL'
    return `${quoted(name)} ${TYPES[base]}${constraint}`
  })
  return `CREATE TABLE ${quoted(table)} (${lines.join(', ')}) STRICT`
}

function indexSql({ table, indexes, live }: TablePlan): readonly string[] {
  const on = (columns: readonly string[], where = '') =>
    `CREATE INDEX ${quoted([table, ...columns].join('_'))} ON ${quoted(table)} (${columns.map(quoted).join(', ')})${where}`
  const all = indexes.map((columns) => on(columns))
  return typeof live === 'string' ? [...all, on([live], ` WHERE ${quoted(live)} = 1`)] : all
}
