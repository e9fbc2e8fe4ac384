import type { Clock } from '@tron/model'
import type { LogFile } from './log-file.ts'

/** Keeps few files open: the most recently used, none for long. */
export interface FilePool extends AsyncDisposable {
  /** Calls with the open file; with null when it does not exist and `create` is not set. */
  use<T>(path: string, create: boolean, call: (file: LogFile | null) => Promise<T>): Promise<T>
  /** Closes the files below a folder; nobody may be using them. */
  closeBelow(folder: string): Promise<void>
  /** How many are open now. */
  size(): number
}

export interface FilePoolOptions {
  readonly clock: Clock
  /** More are open only while more are used at the same time. */
  readonly maxOpen: number
  readonly idleMs: number
  readonly open: (path: string, create: boolean) => Promise<LogFile | null>
  /** Called with a file that nobody uses any more; must not reject. */
  readonly close: (file: LogFile) => Promise<void>
}

interface Entry {
  readonly path: string
  readonly opened: Promise<LogFile | null>
  users: number
  usedMs: number
}

interface Pool extends FilePoolOptions {
  /** Least recently used first. */
  readonly entries: Map<string, Entry>
  /** A file that is being closed is not opened again before. */
  readonly closing: Map<string, Promise<void>>
}

export function createFilePool(options: FilePoolOptions): FilePool {
  const pool: Pool = { ...options, entries: new Map(), closing: new Map() }
  let cancelTimer: (() => void) | null = null

  const closeIdle = async (): Promise<void> => {
    const before = pool.clock.monotonicMs() - pool.idleMs
    await dropUnused(pool, ({ usedMs }) => usedMs <= before)
    if (pool.entries.size > 0) armTimer()
  }
  const armTimer = (): void => {
    cancelTimer ??= pool.clock.timer(pool.idleMs, () => {
      cancelTimer = null
      void closeIdle()
    })
  }
  const leave = async (entry: Entry): Promise<void> => {
    entry.users -= 1
    entry.usedMs = pool.clock.monotonicMs()
    armTimer()
    await evict(pool)
  }

  return {
    async use(path, create, call) {
      for (;;) {
        const entry = await enter(pool, path, create)
        try {
          const file = await fileOf(pool, entry)
          // Who only looked for it may have been first: then it is made in the next round.
          if (file !== null || !create) return await call(file)
        } finally {
          await leave(entry)
        }
      }
    },
    closeBelow: (folder) => dropUnused(pool, ({ path }) => path.startsWith(`${folder}/`)),
    size: () => pool.entries.size,
    async [Symbol.asyncDispose]() {
      await dropUnused(pool, () => true)
      cancelTimer?.()
      cancelTimer = null
    },
  }
}

async function enter(pool: Pool, path: string, create: boolean): Promise<Entry> {
  for (let busy = pool.closing.get(path); busy !== undefined; busy = pool.closing.get(path)) await busy
  const known = pool.entries.get(path)
  const entry = known ?? { path, opened: pool.open(path, create), users: 0, usedMs: 0 }
  entry.users += 1
  pool.entries.delete(path)
  pool.entries.set(path, entry)
  return entry
}

/** The file of an entry; an entry that has none is forgotten, so that the next user tries again. */
async function fileOf(pool: Pool, entry: Entry): Promise<LogFile | null> {
  let file: LogFile | null = null
  try {
    file = await entry.opened
    return file
  } finally {
    if (file === null && pool.entries.get(entry.path) === entry) pool.entries.delete(entry.path)
  }
}

async function evict(pool: Pool): Promise<void> {
  const spare = pool.entries.size - pool.maxOpen
  if (spare <= 0) return
  const oldest = [...pool.entries.values()].filter(({ users }) => users === 0).slice(0, spare)
  await Promise.all(oldest.map((entry) => drop(pool, entry)))
}

async function dropUnused(pool: Pool, which: (entry: Entry) => boolean): Promise<void> {
  const unused = [...pool.entries.values()].filter((entry) => entry.users === 0 && which(entry))
  await Promise.all(unused.map((entry) => drop(pool, entry)))
}

function drop(pool: Pool, entry: Entry): Promise<void> {
  const { path } = entry
  pool.entries.delete(path)
  const closed = closeEntry(pool, entry).finally(() => {
    pool.closing.delete(path)
  })
  pool.closing.set(path, closed)
  return closed
}

async function closeEntry(pool: Pool, entry: Entry): Promise<void> {
  const file = await entry.opened
  if (file !== null) await pool.close(file)
}
