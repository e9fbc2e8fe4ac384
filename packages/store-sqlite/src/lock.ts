import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { messageOf, TronError } from '@tron/model'
import type { Owner } from '@tron/store'
import { alreadyRunning } from '@tron/store/adapter'
import { type Database, openDatabase, sqlFailure } from './sqlite.ts'

/** Keeps a second process out for as long as this one lives. */
export interface Lock {
  /** Takes it at once or not at all. @throws ALREADY_RUNNING naming the holder, STORE_DEGRADED naming a file that cannot be used */
  take(who: Owner): void
  /** Gives it back; nothing where it is not held. */
  free(): void
}

/**
 * A lock that ends with the process that holds it, whatever ends that: an exclusive transaction on a small database of its own, since Node has no flock, and
 * since an exclusive lock on the main database would shut out its readers. Beside it, in `<file>.pid`, stands for people who holds it.
 *
 * The lock is the process's: nothing else in the process may open the file, because POSIX drops a process's locks on a file when any descriptor of it closes.
 * It is held here and not in the writer's thread so that it outlives a writer that crashes.
 */
function createLock(file: string): Lock {
  let held: Database | null = null
  const noteFile = `${file}.pid`
  return {
    take(who) {
      const taken = lockFile(file, noteFile)
      try {
        writeFileSync(noteFile, `${who.pid}\n${who.host}\n`)
      } catch (cause) {
        taken.close()
        throw unusable(noteFile, cause)
      }
      held = taken
    },
    free() {
      if (held === null) return
      rmSync(noteFile, { force: true })
      held.close()
      held = null
    },
  }
}

/** Several locks as one: taken in this order, all or none, and given back in the other. */
export function createLocks(files: readonly string[]): Lock {
  const locks = files.map(createLock)
  const free = () => {
    for (const lock of locks.toReversed()) lock.free()
  }
  return {
    take(who) {
      try {
        for (const lock of locks) lock.take(who)
      } catch (error) {
        free()
        throw error
      }
    },
    free,
  }
}

function lockFile(file: string, noteFile: string): Database {
  const database = openLock(file)
  try {
    database.exec('BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    throw sqlFailure(error) === 'busy' ? alreadyRunning(readNote(noteFile)) : unusable(file, error)
  }
}

function openLock(file: string): Database {
  try {
    return openDatabase(file, { busyMs: 0 })
  } catch (cause) {
    throw unusable(file, cause)
  }
}

function unusable(file: string, cause: unknown): TronError {
  return new TronError('STORE_DEGRADED', `the lock ${file} cannot be used: ${messageOf(cause)}`, { cause })
}

function readNote(noteFile: string): Owner {
  const [pid = '', host = ''] = noteText(noteFile).split('\n')
  return { pid: Number(pid), host: host === '' ? 'this host' : host }
}

/** The holder may be just about to write it. */
function noteText(noteFile: string): string {
  try {
    return readFileSync(noteFile, 'utf8')
  } catch {
    return ''
  }
}
