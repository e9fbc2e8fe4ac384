import { Worker } from 'node:worker_threads'
import type { Clock } from '@tron/model'
import { openSqliteStore } from '@tron/store-sqlite/internal/parts'
import { expect, it } from 'vitest'
import { host } from './host.ts'
import { scratchDirectory } from './sqlite-fixture.ts'

it('lets the thread of queries go when nobody has asked for a minute, and starts it again', {
  timeout: 60_000,
}, async () => {
  using scratch = scratchDirectory()
  const timers = new Map<() => void, number>()
  const clock: Clock = {
    ...host.clock,
    timer(ms, call) {
      timers.set(call, ms)
      return () => timers.delete(call)
    },
  }
  const readers: Promise<unknown>[] = []
  await using store = await openSqliteStore(
    { directory: scratch.path },
    { ...host, clock },
    (module, options) => {
      const worker = new Worker(module, options)
      if (options.name === 'reader-worker')
        readers.push(new Promise((resolve) => worker.once('exit', resolve)))
      return worker
    },
  )
  const query = { name: 'audit', params: {}, limit: 1 } as const
  const signal = AbortSignal.timeout(60_000)
  await Promise.all([store.query(query, { signal }), store.query(query, { signal })])
  expect([...timers.values()]).toEqual([60_000])
  for (const call of timers.keys()) call()
  expect(await readers[0]).toBe(0)
  expect(await store.query(query, { signal })).toEqual({ rows: [], more: false })
  expect(readers).toHaveLength(2)
  await store[Symbol.asyncDispose]()
  expect([timers.size, await readers[1]]).toEqual([0, 0])
})
