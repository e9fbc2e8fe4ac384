import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs'
import { hostname } from 'node:os'
import { basename, dirname, join, resolve } from 'node:path'
import { messageOf, TronError } from '@tron/model'
import { STORE_API, type Store, type StoreHost, type StoreModule } from '@tron/store'
import { z } from 'zod'
import { createLocks, type Lock } from './lock.ts'
import type { WriterCalls } from './messages.ts'
import { type SqliteOptions, sqliteOptions } from './options.ts'
import { SqliteStore } from './sqlite-store.ts'
import { createWorkerClient, type StartWorker, startThread, type WorkerClient } from './worker-client.ts'

/** Tron's records in one SQLite file: the embedded default. The options are those of `SqliteOptions`. */
export const store: StoreModule = {
  apiVersion: STORE_API,
  name: 'sqlite',
  options: sqliteOptions,
  open: (options, host) => openSqliteStore(options, host),
}

/** Opens the store. A database is made or migrated only under the lock: a newer daemon must not do that beneath an older one that still runs. */
export async function openSqliteStore(
  options: unknown,
  host: StoreHost,
  startWorker: StartWorker = startThread,
): Promise<Store> {
  const { directory, lockFile, busyMs } = parseOptions(options)
  makeDirectory(directory)
  const file = join(directory, 'tron.sqlite')
  // The one beside the database always: whatever lock a second daemon is told to use, it must not get at this database.
  const own = join(directory, 'lock.sqlite')
  const lock = createLocks(lockFile === undefined || isSame(lockFile, own) ? [own] : [own, lockFile])
  const log = host.log.child({ store: file })
  const settings = { file, busyMs }
  const onCrash = (error: Error) => log.error('a thread of the store ended', { error })
  const writer = createWorkerClient<WriterCalls>({ module: 'writer-worker', settings, onCrash, startWorker })
  try {
    const seq = await prepare(writer, lock)
    return new SqliteStore({ file, settings, seq, lock, writer, host, onCrash, startWorker })
  } catch (error) {
    await writer.stop()
    throw error
  }
}

/** One lock must not be taken twice, whatever way leads to it. */
function isSame(one: string, other: string): boolean {
  return basename(one) === basename(other) && realFolder(one) === realFolder(other)
}

function realFolder(file: string): string {
  const folder = dirname(file)
  // Where there is none, the lock says so when it is taken.
  return existsSync(folder) ? realpathSync(folder) : resolve(folder)
}

/** Brings the schema up to date and returns the newest seq. */
async function prepare(writer: WorkerClient<WriterCalls>, lock: Lock): Promise<number> {
  const found = await writer.call('inspect', null)
  if (found.ready) return found.seq
  lock.take({ pid: process.pid, host: hostname() })
  try {
    await writer.call('migrate', null)
    const { seq } = await writer.call('inspect', null)
    return seq
  } finally {
    lock.free()
  }
}

function parseOptions(options: unknown): SqliteOptions {
  const parsed = sqliteOptions.safeParse(options)
  if (parsed.success) return parsed.data
  throw new TronError('SETTINGS', `the options of the sqlite store: ${z.prettifyError(parsed.error)}`)
}

function makeDirectory(directory: string): void {
  attempt(`the directory ${directory} cannot be made`, () => {
    if (existsSync(directory)) return
    mkdirSync(dirname(directory), { recursive: true, mode: 0o700 })
    // Where it made those above, too, it would hide why this one is refused.
    mkdirSync(directory, { mode: 0o700 })
  })
  // SQLite says no more than that it is "unable to open database file".
  attempt(`the directory ${directory} cannot be written`, () => accessSync(directory, constants.W_OK))
}

function attempt(failure: string, call: () => unknown): void {
  try {
    call()
  } catch (cause) {
    throw new TronError('STORE_DEGRADED', `${failure}: ${messageOf(cause)}`, {
      hint: 'Give the directory to the user that runs the daemon, on a disk that can be written.',
      cause,
    })
  }
}
