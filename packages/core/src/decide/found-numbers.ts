import type { JobId } from '@tron/model'
import type { Draft, View } from '../tables/tables.ts'

const KEY = 'foundNumbers'

/** Where the run numbers begin of jobs that nodes hold runs of and that neither the records nor the configuration know: a number is given once. */
export function readFoundNumbers(view: View): Readonly<Record<string, number>> {
  const value = view.meta.get(KEY)?.value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {}
  const known = Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
  return Object.fromEntries(known)
}

/** Notes that a run of a job that nobody knows has this number. */
export function noteFoundNumber(draft: Draft, job: JobId, number: number): void {
  const known = readFoundNumbers(draft.view)
  const next = Math.max(known[job] ?? 0, number + 1)
  if (next !== known[job]) draft.put({ table: 'meta', row: { key: KEY, value: { ...known, [job]: next } } })
}
