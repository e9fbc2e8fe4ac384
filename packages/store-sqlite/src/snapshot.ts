import type { IssuedPair, TableName } from '@tron/store'
import { planOf, TABLE_NAMES, type TablePlan } from '@tron/store/adapter'
import type { RawRows } from './messages.ts'
import { quoted } from './schema.ts'
import { type Database, openDatabase, readRows } from './sqlite.ts'
import { valuesOf } from './unsafe-rows.ts'
import { isSame } from './writer.ts'

/** A page ends with the first of these that is reached. */
const PAGE_ROWS = 500
const PAGE_CHARACTERS = 1_000_000

/** The live rows as they were at one instant, page by page, whatever is written meanwhile. */
export interface Snapshot {
  /** Null after the last page. */
  next(): RawRows | null
  close(): void
}

/** Opens a snapshot on a connection of its own; null where the pair is not the newest. */
export function openSnapshot(file: string, busyMs: number, pair: IssuedPair): Snapshot | null {
  const database = openDatabase(file, { busyMs, readOnly: true })
  database.exec('BEGIN')
  const [[epoch, nonce] = []] = readRows(database.prepare('SELECT epoch, nonce FROM head'))
  if (!isSame({ epoch: Number(epoch), nonce: String(nonce) }, pair)) {
    database.close()
    return null
  }
  const pages = readPages(database)
  return { next: () => pages.next().value ?? null, close: () => database.close() }
}

function* readPages(database: Database): Generator<RawRows, undefined> {
  for (const table of TABLE_NAMES) {
    const plan = planOf(table)
    if (plan.live !== false) yield* readTable(database, table, plan)
  }
}

function* readTable(database: Database, table: TableName, { columns, live }: TablePlan): Generator<RawRows> {
  const names = columns.map(({ name }) => quoted(name)).join(', ')
  const where = typeof live === 'string' ? ` WHERE ${quoted(live)} = 1` : ''
  const statement = database.prepare(`SELECT ${names} FROM ${quoted(table)}${where}`)
  statement.setReturnArrays(true)
  let rows: (readonly unknown[])[] = []
  let characters = 0
  for (const row of statement.iterate()) {
    const values = valuesOf(row)
    rows.push(values)
    for (const value of values) characters += typeof value === 'string' ? value.length : 1
    if (rows.length >= PAGE_ROWS || characters >= PAGE_CHARACTERS) {
      yield { table, rows }
      rows = []
      characters = 0
    }
  }
  if (rows.length > 0) yield { table, rows }
}
