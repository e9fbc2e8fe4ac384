import type { Change, Lease, Store } from '@tron/store'
import { createMemoryStore, MemoryDatabase, memoryStoreModule } from '@tron/store/memory'
import { sampleJob, sampleMeta, sampleRun, sampleTrash } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import { fastClock, realRandom } from './memory-fixture.ts'

const host = { clock: fastClock, random: realRandom }
const OWNER = { host: 'test', pid: 7 }

async function start(database: MemoryDatabase): Promise<{ readonly store: Store; readonly lease: Lease }> {
  const store = createMemoryStore(database, host)
  const lease = await store.acquire(OWNER, { ttlMs: 1000, signal: new AbortController().signal })
  return { store, lease }
}

function commitOf(seq: number, ...changes: readonly Change[]) {
  return { seq, atMs: seq, changes, cursors: {} }
}

const PUT: Change = { put: { table: 'jobs', row: sampleJob() } }

describe('MemoryDatabase', () => {
  it('is the same for whoever opens it next', async () => {
    const database = new MemoryDatabase()
    const first = await start(database)
    await first.store.commit(first.lease, commitOf(1, PUT))
    database.crash()
    const second = await start(database)
    expect([second.lease.seq, second.lease.epoch, database.rows('jobs')]).toEqual([1, 2, [sampleJob()]])
  })

  it('answers nothing to a store that a crash has ended', async () => {
    const database = new MemoryDatabase()
    const { store, lease } = await start(database)
    database.crash()
    expect(await store.commit(lease, commitOf(1, PUT))).toMatchObject({ ok: false, why: 'unavailable' })
    await expect(store.lastSeq(lease)).rejects.toMatchObject({ code: 'STORE_DEGRADED' })
    const after = await start(database)
    await store[Symbol.asyncDispose]()
    expect(await after.store.commit(after.lease, commitOf(1, PUT))).toEqual({ ok: true, seq: 1 })
  })

  it('has clones that go their own way, with the pairs that were issued before', async () => {
    const database = new MemoryDatabase()
    const first = await start(database)
    await first.store.commit(first.lease, commitOf(1, PUT))
    const copy = database.clone()
    await first.store.commit(first.lease, commitOf(2, { put: { table: 'trash', row: sampleTrash(1) } }))
    const restored = await start(copy)
    await restored.store.commit(
      restored.lease,
      commitOf(2, { remove: { table: 'jobs', key: sampleJob().id } }),
    )
    expect([database.rows('jobs'), database.rows('trash')]).toEqual([[sampleJob()], [sampleTrash(1)]])
    expect([copy.rows('jobs'), copy.rows('trash')]).toEqual([[], []])
    expect(copy.issued.slice(0, 1)).toEqual(database.issued)
    expect(copy.issued[1]?.nonce).not.toBe(first.lease.nonce)
  })

  it('lets each of the next commits meet its fault, in order', async () => {
    const database = new MemoryDatabase()
    const { store, lease } = await start(database)
    database.failNext({ kind: 'full' }, { kind: 'unavailable' }, { kind: 'ambiguous', applied: false })
    const whys: unknown[] = []
    for (let round = 0; round < 3; round += 1) whys.push(await store.commit(lease, commitOf(1, PUT)))
    expect(whys).toMatchObject([{ why: 'full' }, { why: 'unavailable' }, { why: 'ambiguous' }])
    expect(database.seq).toBe(0)
    database.failNext({ kind: 'ambiguous', applied: true })
    expect(await store.commit(lease, commitOf(1, PUT))).toMatchObject({ why: 'ambiguous' })
    expect([database.seq, await store.lastSeq(lease)]).toEqual([1, 1])
  })

  it('takes a late commit at once and answers when it is told to', async () => {
    const database = new MemoryDatabase()
    const { store, lease } = await start(database)
    const { promise, resolve } = Promise.withResolvers<void>()
    database.failNext({ kind: 'late', until: promise })
    let isAnswered = false
    const answer = store.commit(lease, commitOf(1, PUT)).finally(() => {
      isAnswered = true
    })
    await Promise.resolve()
    expect([database.seq, isAnswered]).toEqual([1, false])
    resolve()
    expect(await answer).toEqual({ ok: true, seq: 1 })
  })

  it('fences for good a holder whom a stranger replaced', async () => {
    const database = new MemoryDatabase()
    const { store, lease } = await start(database)
    database.failNext({ kind: 'fenced' })
    expect(await store.commit(lease, commitOf(1, PUT))).toMatchObject({ ok: false, why: 'fenced' })
    expect(await store.commit(lease, commitOf(1, PUT))).toMatchObject({ ok: false, why: 'fenced' })
    await expect(store.lastSeq(lease)).rejects.toMatchObject({ code: 'LEASE_LOST' })
    expect(database.issued).toHaveLength(2)
  })

  it('shares rows instead of copying them, frozen', async () => {
    const database = new MemoryDatabase()
    const { store, lease } = await start(database)
    const row = sampleMeta({ value: { deep: [{ more: 1 }] } })
    await store.commit(lease, commitOf(1, { put: { table: 'meta', row } }))
    const [stored] = database.rows('meta')
    expect(stored).toBe(row)
    expect([Object.isFrozen(row), Object.isFrozen(row.value)]).toEqual([true, true])
  })

  it('serves as a module', async () => {
    const database = new MemoryDatabase()
    const silent = { debug: noop, info: noop, warn: noop, error: noop, child: () => silent }
    const module = memoryStoreModule(database)
    await using store = await module.open({}, { ...host, log: silent })
    const lease = await store.acquire(OWNER, { ttlMs: 1000, signal: new AbortController().signal })
    await store.commit(lease, commitOf(1, { put: { table: 'runs', row: sampleRun(1) } }))
    expect([module.name, database.rows('runs')]).toEqual(['memory', [sampleRun(1)]])
  })
})

function noop(): void {
  // Says nothing.
}
