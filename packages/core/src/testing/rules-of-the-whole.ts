import { isDeepStrictEqual } from 'node:util'
import type { Rows, RunRow, TableName } from '@tron/store'
import type { View } from '../tables/tables.ts'
import type { Records } from './records.ts'
import { keyOf } from './records.ts'
import type { Verdict } from './verdict.ts'

/** The tables of which memory holds the live rows. */
const HELD = ['meta', 'jobs', 'runs', 'actions', 'attempts', 'trash'] as const

/** Whether what an engine holds in memory is what was committed: no row less, none more, none different. */
export function judgeMemory(of: {
  readonly view: View
  readonly records: Records
  readonly verdict: Verdict
}): void {
  for (const table of HELD) judgeTable(of, table)
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the rows of both sides to the table
function judgeTable<N extends (typeof HELD)[number]>(
  { view, records, verdict }: { readonly view: View; readonly records: Records; readonly verdict: Verdict },
  table: N,
): void {
  const held = view[table].all()
  for (const row of held) {
    const key = keyOf<N>(table, row)
    const committed = records.tables[table].get(key)
    if (committed === row || isDeepStrictEqual(committed, row)) continue
    const text = `${table} ${key}: memory has ${JSON.stringify(row)}, committed is ${JSON.stringify(committed ?? null)}`
    verdict.fail('store-equals-memory', text, [key])
  }
  let live = 0
  for (const row of records.tables[table].values()) if (isLive(row)) live += 1
  if (live !== held.length) {
    verdict.fail('store-equals-memory', `${table}: memory has ${held.length} rows, committed are ${live}`, [])
  }
}

function isLive(row: object): boolean {
  return !('live' in row) || row.live === true
}

/** Whether each job names as its last success the newest run that succeeded and is not being removed. */
export function judgeLastSuccess(records: Records, verdict: Verdict): void {
  const newest = newestSuccesses(records)
  for (const job of records.tables.jobs.values()) {
    const run = newest.get(job.id)
    const named = [job.lastSuccessNumber, job.lastSuccessMs, job.lastSuccessRunMs]
    const wanted = run === undefined ? [null, null, null] : [run.number, run.endedMs, run.runMs]
    if (isDeepStrictEqual(named, wanted)) continue
    const text = `${job.id} names ${named.join(', ')} as its last success, and it is ${wanted.join(', ')}`
    verdict.fail('last-success', text, [job.id])
  }
}

function newestSuccesses(records: Records): ReadonlyMap<string, RunRow> {
  const { runs, trash } = records.tables
  const newest = new Map<string, RunRow>()
  for (const run of runs.values()) {
    if (run.state !== 'succeeded' || run.phase !== 'ended' || trash.has(run.id)) continue
    if (run.number > (newest.get(run.job)?.number ?? -1)) newest.set(run.job, run)
  }
  return newest
}

/** Rows of a table that stands in the store, against those that were committed. */
export function judgeRows<N extends TableName>(
  table: N,
  rows: readonly Rows[N][],
  of: { readonly records: Records; readonly verdict: Verdict },
): void {
  const committed = of.records.tables[table]
  for (const row of rows) {
    const key = keyOf(table, row)
    const other = committed.get(key)
    if (other === row || isDeepStrictEqual(other, row)) continue
    of.verdict.fail('store-equals-memory', `${table} ${key} of the store is not what was committed`, [key])
  }
  if (rows.length === committed.size) return
  const have = new Set(rows.map((row) => keyOf(table, row)))
  const missing = [...committed.keys()].filter((key) => !have.has(key))
  const text = `${table}: the store has ${rows.length} rows, committed are ${committed.size}; it lacks ${missing.join(', ') || 'none'}`
  of.verdict.fail('store-equals-memory', text, missing)
}
