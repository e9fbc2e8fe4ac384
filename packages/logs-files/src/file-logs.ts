import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { LogKey, LogStore } from '@tron/logs'
import { type Clock, isTronError, type Logger } from '@tron/model'
import { fileError } from './file-errors.ts'
import { createFilePool, type FilePool } from './file-pool.ts'
import { createFolderJournal, type FolderJournal } from './folder-journal.ts'
import { type FileOpener, type LogFile, openLogFile } from './log-file.ts'
import { logPath, runFolder } from './log-path.ts'
import { createRunGate, type RunGate } from './run-gate.ts'

/** The most that one read returns, so that a large log is never in memory. */
const MAX_READ = 1024 * 1024
const MAX_OPEN = 256
const IDLE_MS = 10_000
/** How many logs are synced at the same time. */
const SYNC_LANES = 8

/** Where the files go, and whom the store asks for time. */
export interface FileLogsOptions {
  /** Below it: `<namespace>/<job>/<run>/<action>/<ordinal>.stdout|stderr`. */
  readonly directory: string
  readonly clock: Clock
  readonly log: Logger
  /** How files are opened: as Node does it, unless told. */
  readonly open?: FileOpener
}

interface Disk {
  readonly directory: string
  readonly pool: FilePool
  readonly gate: RunGate
  readonly folders: FolderJournal
}

/** Keeps each stream of each attempt in a file of its own, readable by the daemon's user alone. One process at a time may write below a directory. */
export function createFileLogs(options: FileLogsOptions): LogStore {
  const directory = resolve(options.directory)
  const folders = createFolderJournal(directory)
  /** Logs that were closed with what could neither be made durable nor cut off. */
  const torn = new Set<string>()
  const opener = options.open === undefined ? {} : { open: options.open }
  const pool = createFilePool({
    clock: options.clock,
    maxOpen: MAX_OPEN,
    idleMs: IDLE_MS,
    async open(path, create) {
      if (create) await folders.makeFor(path)
      return openLogFile(path, { create, isTorn: torn.has(path), ...opener })
    },
    close: (file) => closeFile(file, torn, options.log),
  })
  const disk: Disk = { directory, pool, gate: createRunGate(), folders }

  return {
    length: (key) => use(disk, key, 'read', async (file) => file?.length() ?? 0),
    append: (key, offset, bytes) =>
      use(disk, key, 'written', async (file) => file?.append(offset, bytes) ?? 0),
    read: (key, from, to) =>
      use(
        disk,
        key,
        'read',
        async (file) => file?.read(from, Math.min(to - from, MAX_READ)) ?? new Uint8Array(),
      ),
    sync: (keys) => sync(disk, keys),
    async remove(run) {
      const folder = runFolder(disk.directory, run)
      await disk.gate.alone(folder, async () => {
        await pool.closeBelow(folder)
        for (const path of torn) if (path.startsWith(`${folder}/`)) torn.delete(path)
        await naming('removed', folder, () => rm(folder, { recursive: true, force: true }))
      })
    },
    [Symbol.asyncDispose]: () => pool[Symbol.asyncDispose](),
  }
}

async function use<T>(
  disk: Disk,
  key: LogKey,
  ...[what, call]: readonly [what: 'read' | 'written', call: (file: LogFile | null) => Promise<T>]
): Promise<T> {
  const path = logPath(disk.directory, key)
  return disk.gate.share(runFolder(disk.directory, key), () =>
    naming(what, path, () => disk.pool.use(path, what === 'written', call)),
  )
}

async function sync(disk: Disk, keys: readonly LogKey[]): Promise<void> {
  const left = [...keys]
  const lane = async (): Promise<void> => {
    for (let key = left.pop(); key !== undefined; key = left.pop()) await syncOne(disk, key)
  }
  await Promise.all(Array.from({ length: Math.min(SYNC_LANES, keys.length) }, lane))
  await naming('written', disk.directory, () => disk.folders.sync())
}

async function syncOne(disk: Disk, key: LogKey): Promise<void> {
  const path = logPath(disk.directory, key)
  await disk.gate.share(runFolder(disk.directory, key), () =>
    naming('written', path, () => disk.pool.use(path, false, async (file) => file?.sync())),
  )
}

/** What was written is made durable before its file is closed: afterwards nobody would hear of an error. */
async function closeFile(file: LogFile, torn: Set<string>, log: Logger): Promise<void> {
  try {
    await file.flush()
  } catch (error) {
    log.error('output could not be made durable', { path: file.path, error })
  }
  if (file.isTorn()) torn.add(file.path)
  else torn.delete(file.path)
  await file.close().catch((error: unknown) => {
    log.error('an output file could not be closed', { path: file.path, error })
  })
}

/** Gives an error of the file system the words for people. */
async function naming<T>(
  what: 'read' | 'written' | 'removed',
  path: string,
  call: () => Promise<T>,
): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw isTronError(error) ? error : fileError(what, path, error)
  }
}
