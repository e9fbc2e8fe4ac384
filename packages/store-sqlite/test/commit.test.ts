import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Change, Lease, Store } from '@tron/store'
import { sampleAudit, sampleRun, sampleTrash } from '@tron/store/testing'
import { store as sqlite } from '@tron/store-sqlite'
import { openDatabase, openSqliteStore } from '@tron/store-sqlite/internal/parts'
import { expect, it, vi } from 'vitest'
import { FragileWorkers } from './fragile-worker.ts'
import { host } from './host.ts'
import { scratchDirectory } from './sqlite-fixture.ts'

// Each test starts several threads, which takes long on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const OWNER = { host: 'test', pid: 7 }
const signal = AbortSignal.timeout(120_000)

function acquire(store: Store): Promise<Lease> {
  return store.acquire(OWNER, { ttlMs: 1000, signal })
}

function commitOf(seq: number, ...changes: readonly Change[]) {
  return { seq, atMs: seq, changes, cursors: {} }
}

function append(request: string): Change {
  return { append: { table: 'audit', row: sampleAudit(request) } }
}

it('takes commits that are sent together in their order, each of them whole or not at all', async () => {
  using scratch = scratchDirectory()
  await using store = await sqlite.open({ directory: scratch.path }, host)
  const lease = await acquire(store)
  await store.commit(lease, commitOf(1, append('taken')))
  const results = await Promise.allSettled([
    store.commit(lease, commitOf(2, { put: { table: 'trash', row: sampleTrash(2) } })),
    store.commit(lease, commitOf(3, { put: { table: 'trash', row: sampleTrash(3) } }, append('taken'))),
    store.commit(lease, commitOf(3, { put: { table: 'trash', row: sampleTrash(30) } })),
    store.commit(lease, commitOf(9, { put: { table: 'trash', row: sampleTrash(9) } })),
    store.commit(lease, commitOf(4, append('r4'))),
  ])
  const answers = results.map((one) =>
    one.status === 'rejected' ? 'rejected' : one.value.ok ? `ok ${one.value.seq}` : one.value.why,
  )
  expect(answers).toEqual(['ok 2', 'rejected', 'ok 3', 'conflict', 'ok 4'])
  const rows: unknown[] = []
  for await (const page of store.load(lease))
    rows.push(...page.map(({ row }) => ('number' in row ? row.number : row)))
  expect(rows).toEqual([2, 30])
})

it('keeps typed columns, not text of them', async () => {
  using scratch = scratchDirectory()
  {
    await using store = await sqlite.open({ directory: scratch.path }, host)
    const lease = await acquire(store)
    const row = sampleRun(1, { manual: true, runMs: Number.MAX_SAFE_INTEGER, note: null })
    await store.commit(lease, commitOf(1, { put: { table: 'runs', row } }))
  }
  const database = openDatabase(join(scratch.path, 'tron.sqlite'), { busyMs: 0, readOnly: true })
  const types = database.prepare(
    'SELECT typeof(manual) AS manual, typeof(runMs) AS runMs, typeof(note) AS note, typeof(id) AS id FROM runs',
  )
  expect(types.get()).toEqual({ manual: 'integer', runMs: 'integer', note: 'null', id: 'text' })
  database.close()
})

it('fails a load whose thread ended instead of ending it early', async () => {
  using scratch = scratchDirectory()
  const workers = new FragileWorkers()
  await using store = await openSqliteStore({ directory: scratch.path }, host, (...args) =>
    workers.start(...args),
  )
  const lease = await acquire(store)
  const runs = Array.from(
    { length: 2000 },
    (_, at): Change => ({ put: { table: 'runs', row: sampleRun(at) } }),
  )
  await store.commit(lease, commitOf(1, ...runs))
  const pages = store.load(lease)[Symbol.asyncIterator]()
  expect((await pages.next()).value).toHaveLength(500)
  workers.dieNext('before the call')
  const answer = await store.commit(lease, commitOf(2))
  expect(answer).toMatchObject({ ok: false, why: 'ambiguous' })
  await expect(pages.next()).rejects.toMatchObject({ code: 'STORE_DEGRADED' })
  expect(await store.lastSeq(lease)).toBe(1)
  expect(await store.commit(lease, commitOf(2))).toEqual({ ok: true, seq: 2 })
})

it('answers queries again after their thread ended', async () => {
  using scratch = scratchDirectory()
  const workers = new FragileWorkers()
  await using store = await openSqliteStore({ directory: scratch.path }, host, (...args) =>
    workers.start(...args),
  )
  const query = { name: 'audit', params: {}, limit: 1 } as const
  expect(await store.query(query, { signal })).toEqual({ rows: [], more: false })
  workers.dieNext('before the answer')
  await expect(store.query(query, { signal })).rejects.toMatchObject({ code: 'STORE_DEGRADED' })
  expect(await store.query(query, { signal })).toEqual({ rows: [], more: false })
})

it('backs up one instant while writing goes on, and a restored backup has what was committed before', {
  timeout: 60_000,
}, async () => {
  using scratch = scratchDirectory()
  const copy = join(scratch.path, 'copy')
  await using store = await sqlite.open({ directory: join(scratch.path, 'state') }, host)
  await using restored = await sqlite.open({ directory: copy }, host)
  await restored[Symbol.asyncDispose]()
  const lease = await acquire(store)
  const runs = Array.from(
    { length: 5000 },
    (_, at): Change => ({ put: { table: 'runs', row: sampleRun(at) } }),
  )
  await store.commit(lease, commitOf(1, ...runs))
  const backup =
    store.backup?.(join(copy, 'tron.sqlite'), { signal }) ?? Promise.reject(new Error('no backup'))
  const seq = await commitUntil(backup, store, lease)
  await using again = await sqlite.open({ directory: copy }, host)
  const copied = await acquire(again)
  const rows: object[] = []
  for await (const page of again.load(copied)) rows.push(...page)
  expect(copied.seq).toBeGreaterThanOrEqual(1)
  expect(copied.seq).toBeLessThanOrEqual(seq)
  expect(rows).toHaveLength(5000 + 2 * (copied.seq - 1))
  expect(copied.issued.map(({ epoch }) => epoch)).toEqual([1, 2])
})

/** Commits two rows at a time from seq 2 on until the promise settles; returns the newest seq. */
async function commitUntil(end: Promise<void>, store: Store, lease: Lease): Promise<number> {
  const ended = new AbortController()
  const stop = end.finally(() => ended.abort())
  let seq = 1
  while (!ended.signal.aborted) {
    seq += 1
    const rows = [sampleTrash(seq), sampleTrash(seq + 100_000)]
    const changes = rows.map((row): Change => ({ put: { table: 'trash', row } }))
    expect(await store.commit(lease, commitOf(seq, ...changes))).toEqual({ ok: true, seq })
  }
  await stop
  return seq
}

it('gives up a backup when its signal fires and leaves nothing behind', async () => {
  using scratch = scratchDirectory()
  const to = join(scratch.path, 'copy.sqlite')
  await using store = await sqlite.open({ directory: join(scratch.path, 'state') }, host)
  const lease = await acquire(store)
  const runs = Array.from(
    { length: 20_000 },
    (_, at): Change => ({ put: { table: 'runs', row: sampleRun(at) } }),
  )
  await store.commit(lease, commitOf(1, ...runs))
  const abort = new AbortController()
  const backup = store.backup?.(to, { signal: abort.signal })
  abort.abort(new Error('enough'))
  await expect(backup).rejects.toThrow('enough')
  expect(readdirSync(scratch.path)).toEqual(['state'])
})
