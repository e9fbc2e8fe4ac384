import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Storage, StorageFactory } from '@tron/core/testing'
import type { Lease, Store, StoreHost } from '@tron/store'
import { store as sqlite } from '@tron/store-sqlite'
import { copyWholeFile, readTable } from '@tron/store-sqlite/internal/parts'

/** A file system in memory: what matters here is what SQLite says, not that a disk keeps it. */
const MEMORY = '/dev/shm'

/** SQLite on disk, as the daemon uses it: each simulation in a directory of its own, which `close` removes. */
export const sqliteStorage: StorageFactory = async ({ shared }) => {
  if (shared) throw new RangeError('an embedded store serves one scheduler')
  const root = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'tron-sim-'))
  return storageIn(root, join(root, 'state'))
}

/** A killed scheduler leaves the lease behind and the threads of its store running for the next one: starting them anew would be most of the time. */
function storageIn(root: string, directory: string): Storage {
  mkdirSync(directory, { recursive: true })
  const file = join(directory, 'tron.sqlite')
  const leases = new Set<Lease>()
  const clones: Storage[] = []
  let opened: Promise<Store> | null = null
  return {
    shared: false,
    async open(host) {
      opened ??= openIn(directory, host)
      return borrowed(await opened, leases)
    },
    async crash() {
      for (const lease of leases) await lease.release()
      leases.clear()
    },
    async clone() {
      const to = `${directory}-${clones.length + 1}`
      mkdirSync(to)
      copyWholeFile(file, join(to, 'tron.sqlite'))
      const clone = storageIn(root, to)
      clones.push(clone)
      return clone
    },
    rows: async (table) => readTable(file, table),
    holdRenewals: () => undefined,
    async close() {
      for (const clone of clones) await clone.close()
      await (await opened)?.[Symbol.asyncDispose]()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

async function openIn(directory: string, host: StoreHost): Promise<Store> {
  const result = await sqlite.options['~standard'].validate({ directory })
  if (result.issues !== undefined) throw new Error(result.issues.map(({ message }) => message).join('; '))
  return sqlite.open(result.value, host)
}

/** The store as one scheduler has it: closing it leaves it open for the next. */
function borrowed(store: Store, leases: Set<Lease>): Store {
  return {
    shared: store.shared,
    async acquire(who, options) {
      const lease = await store.acquire(who, options)
      leases.add(lease)
      return lease
    },
    load: (lease) => store.load(lease),
    commit: (lease, commit) => store.commit(lease, commit),
    lastSeq: (lease) => store.lastSeq(lease),
    query: (query, options) => store.query(query, options),
    changes: (afterSeq, options) => store.changes(afterSeq, options),
    prune: (lease, plan) => store.prune(lease, plan),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
