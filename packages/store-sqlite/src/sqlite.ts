/** The only file that imports `node:sqlite`, whose documentation still calls it a release candidate. */
import { backup, DatabaseSync, type StatementSync } from 'node:sqlite'
import { valuesOf } from './unsafe-rows.ts'

/** What one column of one row may hold. Never undefined, NaN or a Date: the driver would store those as NULL. */
export type SqlValue = string | number | null

/** A connection. It is closed by whoever opened it. */
export type Database = DatabaseSync
export type Statement = StatementSync

export interface OpenOptions {
  /** How long a statement waits for a lock of somebody else. The driver's own default is not at all. */
  readonly busyMs: number
  readonly readOnly?: boolean
}

/** Opens a connection; a file that is not there is made unless it is only to be read. */
export function openDatabase(file: string, { busyMs, readOnly = false }: OpenOptions): Database {
  return new DatabaseSync(file, { timeout: busyMs, readOnly })
}

/** What went wrong, as far as it matters to us. */
export type SqlFailure = 'full' | 'busy' | 'corrupt' | 'duplicate' | 'misfit' | 'io' | 'other'

const FAILURES: Readonly<Record<number, SqlFailure>> = {
  5: 'busy',
  6: 'busy',
  8: 'io',
  10: 'io',
  11: 'corrupt',
  13: 'full',
  14: 'io',
  19: 'misfit',
  20: 'misfit',
  26: 'corrupt',
}

const DUPLICATE_KEYS = new Set([1555, 2067])

/** Sorts an error of the driver; undefined for one that is not of SQLite. */
export function sqlFailure(error: unknown): SqlFailure | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  if (DUPLICATE_KEYS.has(error.errcode)) return 'duplicate'
  return FAILURES[error.errcode & 0xff] ?? 'other'
}

/** Runs one statement that yields rows and returns them as arrays, column by column. */
export function readRows(
  statement: Statement,
  ...params: readonly SqlValue[]
): readonly (readonly unknown[])[] {
  statement.setReturnArrays(true)
  return Array.from(statement.all(...params), valuesOf)
}

/** One number that a statement yields; 0 where it yields no row. */
export function readNumber(database: Database, sql: string): number {
  const row = database.prepare(sql).get()
  const value = row === undefined ? 0 : Object.values(row)[0]
  return typeof value === 'number' ? value : 0
}

/** Copies a database page by page while others write. `onProgress` may throw to end it. */
export async function copyDatabase(from: Database, to: string, onProgress: () => void): Promise<void> {
  await backup(from, to, { rate: 256, progress: onProgress })
}
