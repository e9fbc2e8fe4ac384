import { randomBytes } from 'node:crypto'
import { performance } from 'node:perf_hooks'
import type { Clock, Random } from '@tron/model'
import type { Store } from '@tron/store'
import { createMemoryStore, MemoryDatabase } from '@tron/store/memory'
import { type StoreFixture, wrapStore } from '@tron/store/testing'

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
  const copies = new Map<string, MemoryDatabase>()
  const open = (of: MemoryDatabase): Store => {
    const inner = createMemoryStore(of, { clock: fastClock, random: realRandom })
    const store = wrapStore(inner, { backup: async (to) => void copies.set(to, of.clone()) })
    opened.push(store)
    return store
  }
  return {
    open: async () => open(database),
    crash: async () => database.crash(),
    async failNext(_store, fault) {
      if (fault === 'full' || fault === 'unavailable') database.failNext({ kind: fault })
      else database.failNext({ kind: 'ambiguous', applied: fault === 'ambiguous, taken' })
      return true
    },
    cutOff: async () => database.holdRenewals(true),
    backupPlace: async () => ({
      to: 'a copy',
      async open() {
        const copy = copies.get('a copy')
        if (copy === undefined) throw new Error('there is no copy')
        return open(copy)
      },
    }),
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store[Symbol.asyncDispose]()
    },
  }
}
