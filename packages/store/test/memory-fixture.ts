import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock, Random } from '@tron/model'
import type { Store } from '@tron/store'
import { createMemoryStore, MemoryDatabase } from '@tron/store/memory'
import type { StoreFixture } from '@tron/store/testing'

/** The real clock, times ten: leases run out sooner. */
export const fastClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now() * 10,
  sleep: () => Promise.reject(new Error('not needed here')),
  timer(ms, call) {
    const timer = setTimeout(call, ms / 10)
    return () => clearTimeout(timer)
  },
}

export const realRandom: Random = { next: () => Math.random(), bytes: (length) => randomBytes(length) }

/** A database in memory as the suite wants it. */
export async function memoryFixture(options: { readonly shared: boolean }): Promise<StoreFixture> {
  const database = new MemoryDatabase(options)
  const opened: Store[] = []
  return {
    async open() {
      const store = createMemoryStore(database, { clock: fastClock, random: realRandom })
      opened.push(store)
      return store
    },
    crash: async () => database.crash(),
    async failNext(_store, fault) {
      if (fault === 'full' || fault === 'unavailable') database.failNext({ kind: fault })
      else database.failNext({ kind: 'ambiguous', applied: fault === 'ambiguous, taken' })
      return true
    },
    cutOff: async () => database.holdRenewals(true),
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store[Symbol.asyncDispose]()
    },
  }
}
