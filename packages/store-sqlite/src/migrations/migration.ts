import type { Database } from '../sqlite.ts'

/** One step forward. Each stands in a file of its own, named after its version, and is never changed once it was released. */
export interface Migration {
  /** The schema version that it leads to, from the one before. */
  readonly version: number
  /** Runs within the transaction that also sets the version. */
  up(database: Database): void
}
