import type { Change } from '@tron/store'
import { sampleAudit, sampleMeta, sampleRun } from '@tron/store/testing'

/** What commit `seq` of the stress holds: as many runs as told, one audit row, and a row that says which commit is the newest. */
export function stressChanges(seq: number, size: number): readonly Change[] {
  const runs = Array.from({ length: size }, (_, at) =>
    sampleRun(seq * 1000 + at, { note: `of ${seq}`, live: false }),
  )
  return [
    ...runs.map((row): Change => ({ put: { table: 'runs', row } })),
    { append: { table: 'audit', row: sampleAudit(`r${seq}`, { atMs: seq }) } },
    { put: { table: 'meta', row: sampleMeta({ key: 'newest', value: seq }) } },
  ]
}
