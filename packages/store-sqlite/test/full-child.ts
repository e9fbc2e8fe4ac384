/** Commits until the disk is full, then shows that nothing of the refused commit stayed and that work goes on once there is room. Prints one JSON line. */
import { rmSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { store as sqlite } from '@tron/store-sqlite'
import { host } from './host.ts'
import { stressChanges } from './stress-changes.ts'

const [, , root = ''] = process.argv
const ballast = join(root, 'ballast')
writeFileSync(ballast, Buffer.alloc(1_000_000))
const store = await sqlite.open({ directory: join(root, 'state') }, host)
const signal = new AbortController().signal
const lease = await store.acquire({ host: 'child', pid: process.pid }, { ttlMs: 1000, signal })

async function commit(seq: number): Promise<string> {
  const result = await store.commit(lease, { seq, atMs: seq, changes: stressChanges(seq, 100), cursors: {} })
  return result.ok ? 'ok' : `${result.why}: ${result.error.code}`
}

let seq = 0
let answer = 'ok'
while (answer === 'ok') {
  seq += 1
  answer = await commit(seq)
}
const newest = await store.lastSeq(lease)
const { rows } = await store.query({ name: 'request', params: { request: `r${seq}` }, limit: 1 }, { signal })
const again = await commit(seq)
rmSync(ballast)
const afterRoom = await commit(seq)
await store[Symbol.asyncDispose]()
const report = { answer, kept: newest === seq - 1, halves: rows.length, again, afterRoom }
writeSync(1, `${JSON.stringify(report)}\n`)
