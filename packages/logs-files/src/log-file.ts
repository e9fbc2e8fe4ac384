import { constants, open } from 'node:fs/promises'
import { TronError } from '@tron/model'
import { codeOf } from './file-errors.ts'

/** One open log. Its length is kept at hand: nobody else writes to it. */
export interface LogFile {
  readonly path: string
  length(): number
  /** Writes what is new of bytes that belong at `offset`; calls are done in order. Answers the new length. */
  append(offset: number, bytes: Uint8Array): Promise<number>
  read(from: number, length: number): Promise<Uint8Array>
  /** Makes durable what was written, or found and may not be durable yet. What cannot be is cut off. */
  sync(): Promise<void>
  /** The same, if anything was written since the last time. */
  flush(): Promise<void>
  /** Whether it holds what can neither be made durable nor cut off. */
  isTorn(): boolean
  close(): Promise<void>
}

/** What a log needs of an open file. */
export interface OpenFile {
  stat(): Promise<{ readonly size: number }>
  write(
    ...given: readonly [bytes: Uint8Array, from: number, length: number, at: number]
  ): Promise<{ readonly bytesWritten: number }>
  read(
    ...given: readonly [into: Uint8Array, from: number, length: number, at: number]
  ): Promise<{ readonly bytesRead: number }>
  truncate(length: number): Promise<void>
  datasync(): Promise<void>
  close(): Promise<void>
}

/** Opens a file as Node does. */
export type FileOpener = (path: string, flags: number, mode: number) => Promise<OpenFile>

/** Opens a log, mode 0600; makes it when `create` is set, else answers null for one that does not exist. */
export async function openLogFile(
  path: string,
  how: { readonly create: boolean; readonly isTorn: boolean; readonly open?: FileOpener },
): Promise<LogFile | null> {
  const flags = constants.O_RDWR | (how.create ? constants.O_CREAT : 0)
  let file: OpenFile
  try {
    file = await (how.open ?? open)(path, flags, 0o600)
  } catch (error) {
    if (!how.create && codeOf(error) === 'ENOENT') return null
    throw error
  }
  const { size } = await file.stat()
  return wrap(path, file, { size, isTorn: how.isTorn })
}

function wrap(path: string, file: OpenFile, found: { readonly size: number; isTorn: boolean }): LogFile {
  let length = found.size
  /** So much is durable for certain: what was found may come from a process that crashed since. */
  let durable = 0
  let isDirty = found.size > 0
  let wasWritten = false
  let { isTorn } = found
  const inOrder = createOrder()

  const write = async (offset: number, bytes: Uint8Array): Promise<number> => {
    if (offset > length) {
      throw new TronError('OUTPUT_UNAVAILABLE', `the output at ${path} ends at ${length}, before ${offset}`)
    }
    // A disk that fills up takes a part; what was written then stays, and the next call goes on after it.
    for (let at = length - offset; at < bytes.length; ) {
      const { bytesWritten } = await file.write(bytes, at, bytes.length - at, length)
      isDirty = true
      wasWritten = true
      length += bytesWritten
      at += bytesWritten
    }
    return length
  }

  const cut = async (): Promise<void> => {
    await file.truncate(durable)
    length = durable
    isTorn = false
  }

  /** The system tells once that it could not write, and calls the same bytes written when it is asked again: they must not stay. */
  const sync = async (): Promise<void> => {
    if (isTorn) await cut()
    if (!isDirty) return
    try {
      await file.datasync()
    } catch (error) {
      isTorn = true
      // Where that fails as well, the next sync begins with it.
      await cut().catch(() => undefined)
      throw error
    }
    durable = length
    isDirty = false
    wasWritten = false
  }

  return {
    path,
    length: () => length,
    append: (offset, bytes) => inOrder(() => write(offset, bytes)),
    async read(from, wanted) {
      const bytes = new Uint8Array(Math.max(0, Math.min(wanted, length - from)))
      const { bytesRead } = await file.read(bytes, 0, bytes.length, from)
      return bytesRead === bytes.length ? bytes : bytes.subarray(0, bytesRead)
    },
    sync: () => inOrder(sync),
    flush: () => inOrder(async () => (wasWritten ? sync() : undefined)),
    isTorn: () => isTorn,
    close: () => file.close(),
  }
}

/** Calls one after the other, whether they fail or not. */
function createOrder(): <T>(call: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (call) => {
    const done = last.then(call)
    last = done.catch(() => undefined)
    return done
  }
}
