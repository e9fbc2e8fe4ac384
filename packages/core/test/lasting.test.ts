import type { Input } from '@tron/core/internal/replay'
import { jobId, runId } from '@tron/model'
import type { Change, Store, StoreHost } from '@tron/store'
import { memoryStoreModule } from '@tron/store/memory'
import { wrapStore } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import { action, createStage, history, inShort, job, ledger, MINUTE, START_MS, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
const forever = { run: () => ({ afterMs: null }) }

describe('a run that is due', () => {
  it('fires when the clock went back while its tick waited for the store', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE - 1)
    stage.database.failNext({ kind: 'unavailable' }, { kind: 'unavailable' })
    await stage.clock.advance(100)
    stage.clock.jump(-30_000)
    await stage.clock.advance(3 * MINUTE)
    expect(await ledger(tron, one)).toEqual(['1+0 ran', '2+0 ran', '3+0 ran'])
  })

  it('fires when its tick was refused, and beside one that the store takes never', async () => {
    const stage = createStage(snapshotOf(job('one'), job('two')))
    const inner = memoryStoreModule(stage.database)
    const bad = (change: Change) => change.put?.table === 'slots' && change.put.row.job === 'MASTER.two'
    const module = {
      ...inner,
      async open(options: unknown, host: StoreHost) {
        const store = await inner.open(options, host)
        const commit: Store['commit'] = (lease, wanted) =>
          wanted.changes.some(bad) ? Promise.reject(new Error('no')) : store.commit(lease, wanted)
        return wrapStore(store, { commit })
      },
    }
    await using tron = await stage.start({ store: { module, options: {} } })
    await stage.clock.advance(3 * MINUTE + 1_000)
    expect(stage.database.rows('slots').map(({ key }) => key)).toContain(`MASTER.one/0/${START_MS + MINUTE}`)
    expect((await history(tron, one)).at(-1)).toBe('0 succeeded')
    expect(await history(tron, jobId('MASTER.two'))).toEqual(['0 scheduled'])
  })
})

describe('runs that are due together', () => {
  it('are decided in parts, so that thousands of them leave others their turn', async () => {
    const jobs = Array.from({ length: 150 }, (_, at) => job(`job${at}`))
    const stage = createStage(snapshotOf(...jobs), forever)
    const parts: number[] = []
    const record = (input: Input) => {
      if (input.kind === 'tick' && input.due.length > 0) parts.push(input.due.length)
    }
    await using tron = await stage.start({ record })
    await stage.clock.advance(MINUTE + 1_000)
    expect(parts).toEqual([64, 64, 22])
    expect(stage.cluster.ledger).toHaveLength(150)
    expect(tron.stats()).toMatchObject({ liveAttempts: 150 })
  })
})

describe('a run that ended', () => {
  it('goes beyond the limit also where the process was killed before anybody looked', async () => {
    const stage = createStage(snapshotOf(job('one', { runLimit: 5 })))
    const inner = memoryStoreModule(stage.database)
    let isBlind = false
    const module = {
      ...inner,
      async open(options: unknown, host: StoreHost) {
        const store = await inner.open(options, host)
        const query: Store['query'] = (wanted, how) =>
          isBlind ? Promise.reject(new Error('nobody looks')) : store.query(wanted, how)
        return wrapStore(store, { query })
      },
    }
    const tron = await stage.start({ store: { module, options: {} } })
    await stage.clock.advance(4 * MINUTE + 1_000)
    isBlind = true
    await stage.config.set(snapshotOf(job('one', { runLimit: 2, enabled: false })))
    await stage.clock.advance(1_000)
    expect(stage.database.rows('runs')).toHaveLength(5)
    await stage.crash(tron)
    await using again = await stage.start()
    await stage.clock.advance(1_000)
    expect(await history(again, one)).toHaveLength(2)
  })

  it('leaves memory when its node lost the command that a verdict overruled', async () => {
    const stage = createStage(snapshotOf(job('one', { cron: '0 0 1 1 *' })), forever)
    await using tron = await stage.start()
    const empty = stage.cluster.snapshot('n1')
    await stage.command(tron, { kind: 'job', job: one, verb: 'start' })
    await stage.clock.advance(1_000)
    await stage.command(tron, { kind: 'action', run: runId(one, 1), action: 'first', verb: 'success' })
    await stage.clock.advance(1_000)
    stage.cluster.restore('n1', empty)
    stage.cluster.setReachable('n1', false)
    await stage.clock.advance(MINUTE)
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(MINUTE)
    expect(await inShort(tron, one, 1)).toBe('succeeded: first=succeeded')
    expect(tron.stats()).toMatchObject({ liveRuns: 1, liveAttempts: 0 })
  })
})

describe('a job without overlap', () => {
  it('starts nothing beside a run that shows `cancelled` while commands of it run', async () => {
    const actions = [action({ name: 'first' }), action({ name: 'next', requires: ['first'] })]
    const stage = createStage(snapshotOf(job('one', { actions })), forever)
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 1_000)
    await stage.command(tron, { kind: 'action', run: runId(one, 0), action: 'next', verb: 'cancel' })
    await stage.clock.advance(2 * MINUTE)
    expect(await inShort(tron, one, 0)).toBe('cancelled: first=running next=cancelled')
    expect(await history(tron, one)).toEqual(['1 queued', '0 cancelled'])
    expect(stage.cluster.ledger).toHaveLength(1)
    const [launch] = stage.cluster.ledger
    if (launch !== undefined) stage.cluster.finish(launch.id, 0)
    await stage.clock.advance(1_000)
    expect(await history(tron, one)).toEqual(['2 queued', '1 running', '0 cancelled'])
  })
})
