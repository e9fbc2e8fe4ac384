import type { Migration } from './migration.ts'
import { version2 } from './version-2.ts'
import { version3 } from './version-3.ts'

/** In order, from version 2 on: version 1 is the first, and a new database is made at the newest. */
export const MIGRATIONS: readonly Migration[] = [version2, version3]
