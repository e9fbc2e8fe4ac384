/** A daemon's worth of commits in a process that is to be killed: prints the seq of each commit that was acknowledged. */
import { writeSync } from 'node:fs'
import type { Change } from '@tron/store'
import { store as sqlite } from '@tron/store-sqlite'
import { host } from './host.ts'
import { stressChanges } from './stress-changes.ts'

const [, , directory = '', size = '1'] = process.argv
const store = await sqlite.open({ directory }, host)
const lease = await store.acquire(
  { host: 'child', pid: process.pid },
  { ttlMs: 1000, signal: new AbortController().signal },
)
writeSync(1, `acquired ${lease.epoch} ${lease.seq}\n`)
for (let seq = lease.seq + 1; ; seq += 1) {
  const changes: readonly Change[] = stressChanges(seq, Number(size))
  const result = await store.commit(lease, { seq, atMs: seq, changes, cursors: { ssh: String(seq) } })
  if (!result.ok) throw result.error
  writeSync(1, `ok ${seq}\n`)
}
