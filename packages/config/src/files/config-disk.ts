import { constants } from 'node:fs'
import { mkdir, open, readdir, realpath, rename, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What the configuration needs of a disk. Every change is on the disk when its promise resolves, whole or not at all. */
export interface ConfigDisk {
  /**
   * The bytes of a file, or null when there is none; of one that is larger than `maxBytes` no more than one byte beyond. What is no regular file,
   * such as a pipe, is refused at once.
   */
  read(path: string, maxBytes: number): Promise<Uint8Array | null>
  /** The names in a folder, or null when there is no such folder. */
  list(directory: string): Promise<readonly string[] | null>
  /**
   * Puts a text in the place of a file, which keeps its mode; a new one gets `mode`, 0644 unless given. A reader, also after a crash, sees the old
   * text or the new one.
   */
  replace(path: string, text: string, mode?: number): Promise<void>
  /** Removes a file; one that is not there is removed already. */
  remove(path: string): Promise<void>
  makeDirectory(directory: string): Promise<void>
}

/** The file system of this machine. */
export function createConfigDisk(): ConfigDisk {
  return {
    read: (path, maxBytes) => unlessMissing(readBytes(path, maxBytes)),
    list: (directory) => unlessMissing(readdir(directory)),
    replace,
    remove: async (path) => {
      await unlessMissing(unlink(path))
      await syncDirectory(dirname(path))
    },
    makeDirectory: async (directory) => {
      await mkdir(directory, { recursive: true })
    },
  }
}

async function readBytes(path: string, maxBytes: number): Promise<Uint8Array> {
  // Otherwise opening a pipe waits until somebody writes into it.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const found = await file.stat()
    if (!found.isFile() && !found.isDirectory()) throw new Error('it is no regular file')
    const parts: Uint8Array[] = []
    // With `end` the byte beyond tells that there are more.
    for await (const part of file.createReadStream({ end: maxBytes, autoClose: false })) {
      if (part instanceof Uint8Array) parts.push(part)
    }
    return Buffer.concat(parts)
  } finally {
    await file.close()
  }
}

async function replace(path: string, text: string, mode = 0o644): Promise<void> {
  // A link stays a link: what it names is replaced.
  const target = (await unlessMissing(realpath(path))) ?? path
  const before = await unlessMissing(stat(target))
  const written = `${target}.new`
  const file = await open(written, 'w', before === null ? mode : before.mode & 0o777)
  try {
    // The umask is about new files alone.
    if (before !== null) await file.chmod(before.mode & 0o777)
    await file.writeFile(text)
    await file.sync()
    await rename(written, target)
  } catch (error) {
    // Half a file helps nobody; what went wrong before is what is to be told.
    await unlink(written).catch(() => undefined)
    throw error
  } finally {
    await file.close()
  }
  await syncDirectory(dirname(target))
}

/** A name is durable only when its folder is. */
async function syncDirectory(directory: string): Promise<void> {
  const folder = await open(directory, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

async function unlessMissing<Value>(found: Promise<Value>): Promise<Value | null> {
  try {
    return await found
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
}
