import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Store } from '@tron/store'
import { type StoreFixture, type SuiteFault, wrapStore } from '@tron/store/testing'
import { openDatabase, openSqliteStore } from '@tron/store-sqlite/internal/parts'
import { FragileWorkers } from './fragile-worker.ts'
import { host } from './host.ts'

// Each thread would strip the types of its modules anew; with this they are kept where Node keeps them by default. Halves the time of the suite.
// oxlint-disable-next-line node/no-process-env -- threads take it from here, and there is no other way to tell them
process.env['NODE_COMPILE_CACHE'] ??= join(tmpdir(), 'node-compile-cache')

/** A directory of its own, removed at the end. */
export function scratchDirectory(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'tron-store-'))
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

/** A database in a directory as the suite wants it. */
export async function sqliteFixture(): Promise<StoreFixture> {
  const scratch = scratchDirectory()
  const opened: Store[] = []
  const workers = new FragileWorkers()
  const faults = new Map<Store, SuiteFault>()
  let directory = join(scratch.path, 'state-0')
  const openIn = async (place: string): Promise<Store> => {
    const inner = await openSqliteStore({ directory: place, busyMs: 50 }, host, (...args) =>
      workers.start(...args),
    )
    const store: Store = wrapStore(inner, {
      commit(lease, commit) {
        const isLocked = faults.delete(store)
        return isLocked ? whileLocked(place, () => inner.commit(lease, commit)) : inner.commit(lease, commit)
      },
    })
    opened.push(store)
    return store
  }
  return {
    open: () => openIn(directory),
    async openNewer() {
      const current = await openIn(directory)
      await current[Symbol.asyncDispose]()
      const database = openDatabase(join(directory, 'tron.sqlite'), { busyMs: 0 })
      database.exec('PRAGMA user_version = 1000')
      database.close()
      return openIn(directory)
    },
    async backupPlace() {
      const place = join(scratch.path, 'copy')
      mkdirSync(place)
      return { to: join(place, 'tron.sqlite'), open: () => openIn(place) }
    },
    async crash() {
      // What the files hold at this instant is what a killed process leaves; the lock ends with its process, so it is not copied.
      const next = join(scratch.path, `state-${opened.length}`)
      execFileSync('sh', [
        '-c',
        'mkdir "$2" && cp "$1"/tron.sqlite* "$2" && rm -f "$2"/*-shm',
        'sh',
        directory,
        next,
      ])
      directory = next
    },
    async failNext(store, fault) {
      if (fault === 'full') return false
      if (fault === 'unavailable') faults.set(store, fault)
      else workers.dieNext(fault === 'ambiguous, taken' ? 'before the answer' : 'before the call')
      return true
    },
    async [Symbol.asyncDispose]() {
      for (const store of opened) await store[Symbol.asyncDispose]()
      scratch[Symbol.dispose]()
    },
  }
}

/** Somebody else, such as the sqlite3 shell, writes meanwhile. */
async function whileLocked<T>(directory: string, run: () => Promise<T>): Promise<T> {
  const other = openDatabase(join(directory, 'tron.sqlite'), { busyMs: 0 })
  other.exec('BEGIN IMMEDIATE')
  try {
    return await run()
  } finally {
    other.close()
  }
}
