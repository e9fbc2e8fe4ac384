import { parseStartKey } from '@tron/model'
import type { SlotRow, Store } from '@tron/store'
import type { Found } from './survey.ts'

/** A slot of an older schedule has a row of its own within the row that covers it; more than so many are not looked through. */
const ROWS = 100

/** The rows of the ledger that state what became of slots, many at once, of which nodes know better. */
export async function readCovering(store: Store, found: readonly Found[]): Promise<readonly SlotRow[]> {
  const { signal } = new AbortController()
  const covering = new Map<string, SlotRow>()
  for (const { entry } of found) {
    const { job, cause } = parseStartKey(entry.startKey)
    if (!('slotMs' in cause)) continue
    const { slotMs } = cause
    const query = { name: 'slotsOfJob', params: { job, before: slotMs + 1 }, limit: ROWS } as const
    const { rows } = await store.query(query, { signal })
    const row = rows.find(({ toMs, count }) => toMs >= slotMs && count > 1)
    if (row !== undefined) covering.set(row.key, row)
  }
  return [...covering.values()]
}
