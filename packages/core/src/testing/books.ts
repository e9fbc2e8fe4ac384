import type { TableName } from '@tron/store'
import { createRecords, type Records } from './records.ts'
import { createLedger, type Ledger } from './rules-of-slots.ts'
import type { Storage } from './storage.ts'

/** A database together with what an onlooker knows of it: all that was committed to it. */
export interface Books {
  /** It goes on from a copy of another one: its schedulers do not know what was done since. */
  readonly isCopy: boolean
  storage: Storage
  records: Records
  ledger: Ledger
}

/** Opens the books of a database that may hold something already. */
export async function openBooks(storage: Storage, { isCopy = false } = {}): Promise<Books> {
  const rows = <N extends TableName>(table: N) => storage.rows(table)
  const records = createRecords({
    meta: await rows('meta'),
    cursors: await rows('cursors'),
    specs: await rows('specs'),
    jobs: await rows('jobs'),
    runs: await rows('runs'),
    actions: await rows('actions'),
    attempts: await rows('attempts'),
    slots: await rows('slots'),
    audit: await rows('audit'),
    trash: await rows('trash'),
  })
  return { isCopy, storage, records, ledger: createLedger(records.tables.slots.values()) }
}
