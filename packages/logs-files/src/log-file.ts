import { constants, type FileHandle, open } from 'node:fs/promises'
import { TronError } from '@tron/model'
import { codeOf } from './file-errors.ts'

/** One open log. Its length is kept at hand: nobody else writes to it. */
export interface LogFile {
  readonly path: string
  length(): number
  /** Writes what is new of bytes that belong at `offset`; calls are done in order. Answers the new length. */
  append(offset: number, bytes: Uint8Array): Promise<number>
  read(from: number, length: number): Promise<Uint8Array>
  /** Makes what was written durable, if anything was since the last time. */
  sync(): Promise<void>
  close(): Promise<void>
}

/** Opens a log, mode 0600; makes it when `create` is set, else answers null for one that does not exist. */
export async function openLogFile(path: string, create: boolean): Promise<LogFile | null> {
  const flags = constants.O_RDWR | (create ? constants.O_CREAT : 0)
  let handle: FileHandle
  try {
    handle = await open(path, flags, 0o600)
  } catch (error) {
    if (!create && codeOf(error) === 'ENOENT') return null
    throw error
  }
  const { size } = await handle.stat()
  return wrap(path, handle, size)
}

function wrap(path: string, handle: FileHandle, size: number): LogFile {
  let length = size
  // What a process wrote that crashed since may not be on the disk yet.
  let isDirty = size > 0
  let writing: Promise<unknown> = Promise.resolve()

  const write = async (offset: number, bytes: Uint8Array): Promise<number> => {
    if (offset > length) {
      throw new TronError('OUTPUT_UNAVAILABLE', `the output at ${path} ends at ${length}, before ${offset}`)
    }
    // A disk that fills up takes a part; what was written then stays, and the next call goes on after it.
    for (let at = length - offset; at < bytes.length; ) {
      const { bytesWritten } = await handle.write(bytes, at, bytes.length - at, length)
      isDirty = true
      length += bytesWritten
      at += bytesWritten
    }
    return length
  }

  return {
    path,
    length: () => length,
    append(offset, bytes) {
      const done = writing.then(() => write(offset, bytes))
      writing = done.catch(() => undefined)
      return done
    },
    async read(from, wanted) {
      const bytes = new Uint8Array(Math.max(0, Math.min(wanted, length - from)))
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
      return bytesRead === bytes.length ? bytes : bytes.subarray(0, bytesRead)
    },
    async sync() {
      if (!isDirty) return
      isDirty = false
      try {
        await handle.datasync()
      } catch (error) {
        isDirty = true
        throw error
      }
    },
    close: () => handle.close(),
  }
}
