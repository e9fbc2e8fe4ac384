import { existsSync } from 'node:fs'
import type { Rows, TableName } from '@tron/store'
import { planOf, rowsOf } from '@tron/store/adapter'
import { decodeFields } from './encode.ts'
import { quoted } from './schema.ts'
import { openDatabase } from './sqlite.ts'
import { valuesOf } from './unsafe-rows.ts'

/** All rows of a table of a database file, live and history; none where there is no file yet. For checks: it reads everything at once. */
export function readTable<N extends TableName>(file: string, table: N): readonly Rows[N][] {
  if (!existsSync(file)) return []
  const database = openDatabase(file, { busyMs: 0, readOnly: true })
  try {
    const names = planOf(table).columns.map(({ name }) => quoted(name))
    const statement = database.prepare(`SELECT ${names.join(', ')} FROM ${quoted(table)}`)
    statement.setReturnArrays(true)
    return rowsOf(
      table,
      [...statement.iterate()].map((row) => decodeFields(table, valuesOf(row))),
    )
  } finally {
    database.close()
  }
}

/** A consistent copy of a database file, whoever writes to it. */
export function copyWholeFile(from: string, to: string): void {
  const database = openDatabase(from, { busyMs: 1000, readOnly: true })
  try {
    database.prepare('VACUUM INTO ?').run(to)
  } finally {
    database.close()
  }
}
