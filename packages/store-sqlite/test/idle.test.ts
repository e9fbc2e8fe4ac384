import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Clock } from '@tron/model'
import { openSqliteStore } from '@tron/store-sqlite/internal/parts'
import { expect, it } from 'vitest'
import { host } from './host.ts'
import { scratchDirectory } from './sqlite-fixture.ts'

const query = { name: 'audit', params: {}, limit: 1 } as const

/** A clock whose timers a test calls itself. */
function clockWith(timers: Map<() => void, number>): Clock {
  return {
    ...host.clock,
    timer(ms, call) {
      timers.set(call, ms)
      return () => timers.delete(call)
    },
  }
}

it('lets the thread of queries go when nobody has asked for a minute, and starts it again', {
  timeout: 60_000,
}, async () => {
  using scratch = scratchDirectory()
  const timers = new Map<() => void, number>()
  const readers: Promise<unknown>[] = []
  await using store = await openSqliteStore(
    { directory: scratch.path },
    { ...host, clock: clockWith(timers) },
    (module, options) => {
      const worker = new Worker(module, options)
      if (options.name === 'reader-worker')
        readers.push(new Promise((resolve) => worker.once('exit', resolve)))
      return worker
    },
  )
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

/** A thread that gets what is sent to it only while it is not held. */
class HeldWorker extends Worker {
  #held: unknown[] | null = null

  hold(): void {
    this.#held = []
  }

  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const message of held) super.postMessage(message, [])
  }

  override postMessage(message: unknown): void {
    if (this.#held === null) super.postMessage(message, [])
    else this.#held.push(message)
  }
}

it('keeps the thread of queries while a backup goes on', { timeout: 60_000 }, async () => {
  using scratch = scratchDirectory()
  const timers = new Map<() => void, number>()
  let reader: HeldWorker | undefined
  await using store = await openSqliteStore(
    { directory: scratch.path },
    { ...host, clock: clockWith(timers) },
    (module, options) => {
      if (options.name !== 'reader-worker') return new Worker(module, options)
      return (reader = new HeldWorker(module, options))
    },
  )
  const signal = AbortSignal.timeout(60_000)
  const answered = store.query(query, { signal })
  // What a turn asks for goes in one message.
  await Promise.resolve()
  reader?.hold()
  const copied = store.backup?.(join(scratch.path, 'copy'), { signal })
  await answered
  const meanwhile = timers.size
  reader?.release()
  await copied
  expect([meanwhile, ...timers.values()]).toEqual([0, 60_000])
})
