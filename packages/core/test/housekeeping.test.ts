import type { LogStore } from '@tron/logs'
import { type JobId, jobId } from '@tron/model'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import type { Store, StoreHost } from '@tron/store'
import { memoryStoreModule } from '@tron/store/memory'
import { sampleRun, wrapStore } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import { createStage, history, job, MINUTE, type Stage, snapshotOf } from './stage.ts'

const big = jobId('MASTER.big')
const small = jobId('MASTER.small')

/** A scheduler's store on the database of the stage, with other answers to queries. */
function storeOf({ database }: Stage, query: (store: Store) => Store['query']) {
  const inner = memoryStoreModule(database)
  const module = {
    ...inner,
    async open(options: unknown, host: StoreHost) {
      const store = await inner.open(options, host)
      return wrapStore(store, { query: query(store) })
    },
  }
  return { module, options: {} }
}

/** Enters that many ended runs of a job as a take-over leaves them: with a gap before the newest ones. */
async function enterRuns(stage: Stage, id: JobId, numbers: readonly number[]): Promise<void> {
  const { clock, database } = stage
  const host = { clock, log: createMemoryLogger(), random: createSeededRandom(1) }
  await using store = await memoryStoreModule(database).open({}, host)
  const signal = new AbortController().signal
  const lease = await store.acquire({ host: 'test', pid: 2 }, { ttlMs: MINUTE, signal })
  const row = database.rows('jobs').find((each) => each.id === id)
  if (row === undefined) throw new Error(`${id} is not there`)
  const over = { job: id, specHash: row.specHash, phase: 'ended', state: 'failed', live: false } as const
  const runs = numbers.map((number) => ({
    put: { table: 'runs', row: sampleRun(number, { ...over, endedMs: clock.nowMs() }) } as const,
  }))
  const owner = { put: { table: 'jobs', row: { ...row, nextNumber: (numbers.at(-1) ?? 0) + 1 } } } as const
  await store.commit(lease, {
    seq: lease.seq + 1,
    atMs: clock.nowMs(),
    changes: [owner, ...runs],
    cursors: {},
  })
}

const upTo = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at)

describe('runs beyond the limit of a job', () => {
  it('go where another job may keep more than the store gives in one answer', async () => {
    const stage = createStage(snapshotOf(job('big', { runLimit: 10_000 }), job('small', { runLimit: 2 })))
    const log = createMemoryLogger()
    await using tron = await stage.start({ log })
    await stage.clock.advance(5 * MINUTE + 1_000)
    expect(await history(tron, small)).toEqual(['5 scheduled', '4 succeeded'])
    expect(await history(tron, big)).toHaveLength(6)
    expect(log.lines.filter(({ level }) => level === 'warn')).toEqual([])
  })

  it('go where those of another job cannot be looked at, or removed', async () => {
    const stage = createStage(snapshotOf(job('big', { runLimit: 2 }), job('small', { runLimit: 2 })))
    const store = storeOf(stage, (inner) => (query, options) => {
      const isOfBig = query.name === 'runsOfJob' && query.params.job === big
      return isOfBig ? Promise.reject(new Error('not this one')) : inner.query(query, options)
    })
    const tron = await stage.start({ store })
    await stage.clock.advance(5 * MINUTE + 40_000)
    expect(await history(tron, small)).toEqual(['5 scheduled', '4 succeeded'])
    expect(stage.database.rows('runs').filter((run) => run.job === big)).toHaveLength(6)
    await stage.crash(tron)

    const remove: LogStore['remove'] = (run) =>
      run.job === 'big' ? Promise.reject(new Error('not this one')) : stage.logs.remove(run)
    const logs = { ...stage.logs, remove }
    await using again = await stage.start({ logs })
    await stage.clock.advance(3 * MINUTE)
    expect(await history(again, small)).toEqual(['8 scheduled', '7 succeeded'])
    expect(stage.database.rows('runs').filter((run) => run.job === big)).toHaveLength(9)
  })

  it('are counted, however many those are that stay, and not told by their numbers', async () => {
    const snapshot = snapshotOf(job('big', { runLimit: 10_001, enabled: false }))
    const stage = createStage(snapshot)
    await (await stage.start())[Symbol.asyncDispose]()
    await enterRuns(stage, big, [...upTo(0, 9_000), ...upTo(9_100, 10_103)])
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE)
    expect(tron.stats()).toMatchObject({ liveRuns: 0 })
    const numbers = stage.database.rows('runs').map((run) => run.number)
    expect(numbers.length).toBe(10_001)
    expect(Math.min(...numbers)).toBe(2)
  })
})

describe('the history of an action', () => {
  it('is as much of it as the store gives, where more is asked for', async () => {
    const stage = createStage(snapshotOf(job('small')))
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + 1_000)
    const all = await tron.actionHistory(small, 'first', { limit: 10_001 })
    expect(all.map(({ row }) => row.state)).toEqual(['scheduled', 'succeeded'])
  })
})
