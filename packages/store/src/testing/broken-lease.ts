import { TronError } from '@tron/model'
import type { Lease, Row, Store } from '../contract.ts'
import { SAMPLE_JOB, sampleSlot } from './sample-rows.ts'
import { type BrokenStore, withLease, wrapStore } from './wrap-store.ts'

/** For each rule on the lease and on loading, a store that breaks it. */
export const brokenLeases: Readonly<Record<string, BrokenStore>> = {
  'acquire issues an epoch above all that were issued': {
    defect: 'issues epoch 1 again and again',
    spoil: withLease((lease) => ({ ...lease, epoch: 1 })),
  },
  'acquire has made the new pair durable when it resolves': {
    defect: 'hands out a pair that it never wrote down',
    spoil: withLease((lease) => ({
      ...lease,
      epoch: lease.epoch + 1000,
      nonce: 'known-to-nobody-else',
    })),
  },
  'acquire issues at least the epoch that it is asked for': {
    defect: 'ignores the epoch that it is asked for',
    spoil: (store) =>
      wrapStore(store, { acquire: (who, { ttlMs, signal }) => store.acquire(who, { ttlMs, signal }) }),
  },
  'acquire lists every pair that was ever issued, oldest first': {
    defect: 'lists only the newest pair',
    spoil: withLease((lease) => ({
      ...lease,
      issued: lease.issued.slice(-1),
    })),
  },
  'acquire draws a nonce that was never drawn before': {
    defect: 'draws the same nonce each time',
    spoil: withLease((lease) => ({
      ...lease,
      nonce: 'the-same-nonce-each-time',
    })),
  },
  'acquire starts at the newest commit': {
    defect: 'starts at 0 whatever was committed',
    spoil: withLease((lease) => ({ ...lease, seq: 0 })),
  },
  'acquire refuses a second holder of an embedded store and names the first': {
    defect: 'lets a second holder in',
    spoil: (store) =>
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
  },
  'acquire waits for its turn on a shared store': {
    defect: 'refuses whoever comes second instead of letting it wait',
    spoil: (store) =>
      wrapStore(store, {
        async acquire(who, options) {
          const now = AbortSignal.abort(new TronError('ALREADY_RUNNING', 'the store is held'))
          const taken = store.acquire(who, options)
          const first = await Promise.race([taken, Promise.resolve().then(() => undefined)])
          return first ?? (await store.acquire(who, { ...options, signal: now }))
        },
      }),
  },
  'acquire stops waiting when its signal fires': {
    defect: 'gives another reason than that of the signal',
    spoil: (store) =>
      wrapStore(store, {
        acquire: (who, options) =>
          store.acquire(who, options).catch(() => {
            throw new TronError('STORE_DEGRADED', 'could not acquire')
          }),
      }),
  },
  'lost fires before anybody else may acquire': {
    defect: 'never says that the lease is lost',
    spoil: withLease((lease) => ({
      ...lease,
      lost: new AbortController().signal,
    })),
  },
  'release lets the next one acquire and ends the lease': {
    defect: 'does nothing at a release',
    spoil: withLease((lease) => ({
      ...lease,
      release: () => Promise.resolve(),
    })),
  },
  'release takes the commits that were sent before it': {
    defect: 'gives the lease back before it has taken what was sent',
    spoil: (store) =>
      wrapStore(store, {
        commit: (lease, commit) => Promise.resolve().then(() => store.commit(lease, commit)),
      }),
  },
  'a second release does nothing to whoever followed': {
    defect: 'gives back whatever lease is held when an old one is released again',
    spoil: (store) => {
      let newest: Lease | undefined
      return wrapStore(store, {
        async acquire(who, options) {
          const lease = await store.acquire(who, options)
          newest = lease
          return { ...lease, release: async () => newest?.release() }
        },
      })
    },
  },
  'closing the store gives the lease back': {
    defect: 'does nothing when it is closed',
    spoil: (store) => wrapStore(store, { [Symbol.asyncDispose]: () => Promise.resolve() }),
  },

  'load yields the live rows and no others': {
    defect: 'loads a row of a table that is history alone',
    spoil: (store) =>
      wrapStore(store, {
        async *load(lease) {
          yield* store.load(lease)
          yield [{ table: 'slots', row: sampleSlot(1) }]
        },
      }),
  },
  'load stops yielding a row that is put again as history': {
    defect: 'goes on loading runs that have ended',
    spoil: loadAllEverPut,
  },
  'load yields each live row once, however many there are': {
    defect: 'yields its last page twice',
    spoil: (store) =>
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
  },
  'load sees live rows alone, however long the history is': {
    defect: 'reads the newest runs of a job at each start, ended or not',
    spoil: (store) =>
      wrapStore(store, {
        async *load(lease) {
          yield* store.load(lease)
          const newest = { name: 'runsOfJob', params: { job: SAMPLE_JOB }, limit: 100 } as const
          const { rows } = await store.query(newest, { signal: lease.lost })
          yield rows.filter(({ live }) => !live).map((row): Row => ({ table: 'runs', row }))
        },
      }),
  },
  'load yields pages, not everything at once': {
    defect: 'gathers all rows before it yields them',
    spoil: (store) =>
      wrapStore(store, {
        async *load(lease) {
          const rows: Row[] = []
          for await (const page of store.load(lease)) rows.push(...page)
          yield rows
        },
      }),
  },
  'load is one snapshot, whatever is committed while it is read': {
    defect: 'reads each page at another time',
    spoil: (store) =>
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
  },
  'load can be left before its end': {
    defect: 'refuses commits while somebody loads, and does not notice when they leave',
    spoil: lockWhileLoading,
  },
  'load refuses a lease that is over': {
    defect: 'loads nothing for a lease that is over',
    spoil: (store) =>
      wrapStore(store, {
        async *load(lease) {
          try {
            yield* store.load(lease)
          } catch {
            yield []
          }
        },
      }),
  },
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
