import type { Database } from '../sqlite.ts'

/** One step forward. Each stands in a file of its own, named after its version, and is never changed once it was released. */
export interface Migration {
  /** The schema version that it leads to, from the one before. */
  readonly version: number
  /** Runs within the transaction that also sets the version. */
  up(database: Database): void
}

/** In order, from version 2 on: version 1 is the first, and a new database is made at the newest. */
export const MIGRATIONS: readonly Migration[] = []
