import { z } from 'zod'

/** The options of the SQLite store in the daemon's settings. */
export interface SqliteOptions {
  /** Where `tron.sqlite` is kept; made when it is not there. It must be on a local disk: SQLite's locks do not hold on network file systems. */
  readonly directory: string
  /** A further lock, that keeps out who has a database of its own; `lock.sqlite` in the directory, which keeps others from this database, is held in any case. */
  readonly lockFile?: string | undefined
  /** How long to wait for a lock that another program, such as the sqlite3 shell, holds on the database. */
  readonly busyMs: number
}

/** Checks them; defaults are filled in. */
export const sqliteOptions = z.strictObject({
  directory: z.string().min(1),
  lockFile: z.string().min(1).optional(),
  busyMs: z.int().min(0).max(60_000).default(2000),
})
