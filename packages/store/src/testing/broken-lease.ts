import { TronError } from '@tron/model'
import type { Row, Store } from '../contract.ts'
import { sampleSlot } from './sample-rows.ts'
import { type BreakStore, withLease, wrapStore } from './wrap-store.ts'

/** For each rule on the lease and on loading, a store that breaks it. */
export const brokenLeases: Readonly<Record<string, BreakStore>> = {
  'acquire issues an epoch above all that were issued': withLease((lease) => ({ ...lease, epoch: 1 })),
  'acquire has made the new pair durable when it resolves': withLease((lease) => ({
    ...lease,
    epoch: lease.epoch + 1000,
    nonce: 'known-to-nobody-else',
  })),
  'acquire issues at least the epoch that it is asked for': (store) =>
    wrapStore(store, { acquire: (who, { ttlMs, signal }) => store.acquire(who, { ttlMs, signal }) }),
  'acquire lists every pair that was ever issued, oldest first': withLease((lease) => ({
    ...lease,
    issued: lease.issued.slice(-1),
  })),
  'acquire draws a nonce that was never drawn before': withLease((lease) => ({
    ...lease,
    nonce: 'the-same-nonce-each-time',
  })),
  'acquire starts at the newest commit': withLease((lease) => ({ ...lease, seq: 0 })),
  'acquire refuses a second holder of an embedded store and names the first': (store) =>
    wrapStore(store, {
      acquire: (who, options) =>
        store.acquire(who, options).catch(() => ({
          epoch: 99,
          nonce: 'nobody',
          seq: 0,
          issued: [],
          lost: options.signal,
          release: () => Promise.resolve(),
        })),
    }),
  'acquire waits for its turn on a shared store': (store) =>
    wrapStore(store, {
      async acquire(who, options) {
        const now = AbortSignal.abort(new TronError('ALREADY_RUNNING', 'the store is held'))
        const taken = store.acquire(who, options)
        const first = await Promise.race([taken, Promise.resolve().then(() => undefined)])
        return first ?? (await store.acquire(who, { ...options, signal: now }))
      },
    }),
  'acquire stops waiting when its signal fires': (store) =>
    wrapStore(store, {
      acquire: (who, options) =>
        store.acquire(who, options).catch(() => {
          throw new TronError('STORE_DEGRADED', 'could not acquire')
        }),
    }),
  'lost fires before anybody else may acquire': withLease((lease) => ({
    ...lease,
    lost: new AbortController().signal,
  })),
  'release lets the next one acquire and ends the lease': withLease((lease) => ({
    ...lease,
    release: () => Promise.resolve(),
  })),
  'closing the store gives the lease back': (store) =>
    wrapStore(store, { [Symbol.asyncDispose]: () => Promise.resolve() }),

  'load yields the live rows and no others': (store) =>
    wrapStore(store, {
      async *load(lease) {
        yield* store.load(lease)
        yield [{ table: 'slots', row: sampleSlot(1) }]
      },
    }),
  'load stops yielding a row that is put again as history': loadAllEverPut,
  'load yields each live row once, however many there are': (store) =>
    wrapStore(store, {
      async *load(lease) {
        let last: readonly Row[] = []
        for await (const page of store.load(lease)) {
          yield page
          last = page
        }
        yield last
      },
    }),
  'load is one snapshot, whatever is committed while it is read': (store) =>
    wrapStore(store, {
      async *load(lease) {
        let seen = 0
        for await (const page of store.load(lease)) {
          seen += page.length
          yield page
          break
        }
        for await (const page of store.load(lease)) {
          yield page.slice(seen)
          seen = Math.max(0, seen - page.length)
        }
      },
    }),
  'load can be left before its end': lockWhileLoading,
  'load refuses a lease that is over': (store) =>
    wrapStore(store, {
      async *load(lease) {
        try {
          yield* store.load(lease)
        } catch {
          yield []
        }
      },
    }),
}

function loadAllEverPut(store: Store): Store {
  const ended: Row[] = []
  return wrapStore(store, {
    commit(lease, commit) {
      for (const { put } of commit.changes) {
        if (put?.table === 'runs' && !put.row.live) ended.push(put)
      }
      return store.commit(lease, commit)
    },
    async *load(lease) {
      yield* store.load(lease)
      yield ended
    },
  })
}

function lockWhileLoading(store: Store): Store {
  let loading = false
  return wrapStore(store, {
    async commit(lease, commit) {
      const error = new TronError('STORE_DEGRADED', 'the store is being read')
      return loading ? { ok: false, why: 'unavailable', error } : store.commit(lease, commit)
    },
    async *load(lease) {
      loading = true
      yield* store.load(lease)
      loading = false
    },
  })
}
