import { fakeExecutorModule, replace } from '@tron/executor/testing'
import type { LogStore } from '@tron/logs'
import { createMemoryLogs } from '@tron/logs/testing'
import { attemptId, jobId, runId, TronError } from '@tron/model'
import { createManualClock, createMemoryLogger } from '@tron/model/testing'
import type { Change, Store, StoreHost } from '@tron/store'
import { memoryStoreModule } from '@tron/store/memory'
import { wrapStore } from '@tron/store/testing'
import { expect, it } from 'vitest'
import { createFetchQueue } from '../src/engine/fetch-queue.ts'
import { createOutputFetcher } from '../src/engine/output-fetcher.ts'
import { liveRuns } from './replay.ts'
import { createStage, executorsOf, job, MINUTE, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
const SECOND = 1_000
const yearly = { cron: '0 0 1 1 *' }
const loud = { run: () => ({ afterMs: 0, stdout: 'x'.repeat(200_000) }) }

it('asks ever more seldom for output that a node stated and does not hold', async () => {
  const stage = createStage(snapshotOf(job('one', yearly)), loud)
  const inner = fakeExecutorModule(stage.cluster)
  let reads = 0
  const module: typeof inner = {
    ...inner,
    async create(...given) {
      const executor = await inner.create(...given)
      return {
        ...executor,
        async *read() {
          reads += 1
          yield* []
        },
      }
    },
  }
  await using tron = await stage.start({ executors: { fake: { module, options: {} } } })
  await stage.command(tron, { kind: 'job', job: one, verb: 'start' })
  await stage.clock.advance(10 * MINUTE)
  expect(reads).toBeGreaterThan(8)
  expect(reads).toBeLessThan(20)
  expect(tron.stats()).toMatchObject({ fetches: 1 })
})

it('counts no refusal of the log store as the word of the node that it keeps nothing', async () => {
  const stage = createStage(snapshotOf(job('one', yearly)), loud)
  let isFull = true
  const append: LogStore['append'] = (...given) =>
    isFull
      ? Promise.reject(new TronError('OUTPUT_UNAVAILABLE', 'no space left on device'))
      : stage.logs.append(...given)
  await using tron = await stage.start({ logs: { ...stage.logs, append } })
  await stage.command(tron, { kind: 'job', job: one, verb: 'start' })
  await stage.clock.advance(MINUTE)
  expect(stage.database.rows('attempts')).toMatchObject([{ output: 'closed', released: false }])
  isFull = false
  await stage.clock.advance(2 * MINUTE)
  expect(stage.database.rows('attempts')).toMatchObject([{ output: 'complete', released: true }])
  const kept = await tron.output(runId(one, 1), 'first', { stream: 'stdout', lines: 1 })
  expect(kept).toEqual({ lines: ['x'.repeat(200_000)], bytes: 200_000, complete: true, reason: null })
})

it('tells again that a node keeps nothing where that was not taken in', async () => {
  const stage = createStage(snapshotOf(job('one', yearly)), loud)
  const inner = memoryStoreModule(stage.database)
  let refusals = 0
  const tells = (change: Change) => change.put?.table === 'attempts' && change.put.row.output === 'gone'
  const module = {
    ...inner,
    async open(options: unknown, host: StoreHost) {
      const store = await inner.open(options, host)
      const commit: Store['commit'] = (lease, wanted) => {
        if (refusals > 0 || !wanted.changes.some(tells)) return store.commit(lease, wanted)
        refusals += 1
        return Promise.reject(new Error('no'))
      }
      return wrapStore(store, { commit })
    },
  }
  const executors = executorsOf(stage, (executor) =>
    replace(executor, {
      // oxlint-disable-next-line require-yield -- it has nothing to give
      async *read() {
        throw new TronError('OUTPUT_UNAVAILABLE', 'the node keeps none of it')
      },
    }),
  )
  await using tron = await stage.start({ executors, store: { module, options: {} } })
  await stage.command(tron, { kind: 'job', job: one, verb: 'start' })
  await stage.clock.advance(10 * SECOND)
  expect(refusals).toBe(1)
  const gone = { output: 'gone', note: 'the node keeps none of it' }
  expect(stage.database.rows('attempts')).toMatchObject([gone])
})

it('looks at each of the many that wait for one node a few times at most', async () => {
  const rows = new Map(
    liveRuns(500)
      .rows('attempts')
      .map((row) => [row.id, row]),
  )
  const length = Promise.withResolvers<number>()
  let looks = 0
  const fetcher = createOutputFetcher({
    executors: new Map(),
    logs: { ...createMemoryLogs(), length: () => length.promise },
    clock: createManualClock(),
    log: createMemoryLogger(),
    mayAct: () => true,
    read: (id) => {
      looks += 1
      return rows.get(id)
    },
    submit: () => Promise.resolve(),
  })
  for (const id of rows.keys()) fetcher.ended(id)
  expect(fetcher.size).toBe(500)
  length.resolve(0)
  await Promise.all(Array.from(rows.keys(), (id) => fetcher.watch(id)))
  expect(fetcher.size).toBe(0)
  expect(looks).toBeLessThan(5 * 500)
})

it('fetches what is urgent first, and from the targets in turn', () => {
  const queue = createFetchQueue()
  /** The first letter names the target. */
  const add = (name: string, urgent: boolean) => {
    queue.add({ id: attemptId(name.padEnd(26, '2')), target: name.slice(0, 1), urgent, done: [] })
  }
  const nameOf = (id: string) => id.slice(0, 2)
  for (const name of ['pa', 'pb', 'pc', 'qa', 'ra', 'rb']) add(name, false)
  add('rb', true)
  add('pd', true)
  add('pd', false)
  const may = { from: (target: string) => target !== 'q', one: (id: string) => nameOf(id) !== 'pa' }
  const taken = Array.from({ length: 6 }, () => queue.take(may)).map((wanted) => wanted && nameOf(wanted.id))
  expect(taken).toEqual(['rb', 'pd', 'pb', 'ra', 'pc', undefined])
  expect(Array.from(queue.ids(), nameOf)).toEqual(['pa', 'qa'])
})
