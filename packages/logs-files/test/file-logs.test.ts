import {
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogKey, LogStore } from '@tron/logs'
import { createFileLogs, logs as logsModule } from '@tron/logs-files'
import { createManualClock, createMemoryLogger, type ManualClock, settle } from '@tron/model/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

const KEY: LogKey = { namespace: 'ns', job: 'job', run: 7, action: 'load', ordinal: 2, stream: 'stdout' }

let folder: string
let directory: string
let clock: ManualClock
let logs: LogStore

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tron-logs-'))
  directory = join(folder, 'output')
  clock = createManualClock()
  logs = createFileLogs({ directory, clock, log: createMemoryLogger() })
})
afterEach(async () => {
  await logs[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const text = (content: string) => new TextEncoder().encode(content)
const mode = async (path: string) => (await stat(path)).mode & 0o777

/** How many files below the directory this process has open. */
async function openFiles(): Promise<number> {
  const links = await readdir('/proc/self/fd')
  const paths = await Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')))
  return paths.filter((path) => path.startsWith(directory)).length
}

/** Lets file operations that are under way end. */
async function closed(): Promise<number> {
  for (let round = 0; (await openFiles()) > 0 && round < 1000; round += 1) await settle()
  return openFiles()
}

describe('the layout', () => {
  it('is a file for each stream and start, private to its user', async () => {
    await logs.append(KEY, 0, text('out'))
    await logs.append({ ...KEY, stream: 'stderr' }, 0, text('err'))
    const action = join(directory, 'ns/job/7/load')
    expect((await readdir(action)).toSorted()).toEqual(['2.stderr', '2.stdout'])
    expect(await readFile(join(action, '2.stdout'), 'utf8')).toBe('out')
    expect(await mode(join(action, '2.stdout'))).toBe(0o600)
    for (const made of ['', 'ns', 'ns/job', 'ns/job/7', 'ns/job/7/load']) {
      expect(await mode(join(directory, made))).toBe(0o700)
    }
  })

  it('is not made by looking', async () => {
    expect(await logs.length(KEY)).toBe(0)
    expect(await logs.read(KEY, 0, 10)).toEqual(new Uint8Array())
    await expect(readdir(directory)).rejects.toThrow('ENOENT')
  })

  it.each([{ namespace: '..' }, { job: 'a/b' }, { action: '' }, { run: -1 }, { ordinal: 0.5 }])(
    'refuses %j, which could lead elsewhere',
    async (different) => {
      await expect(logs.append({ ...KEY, ...different }, 0, text('x'))).rejects.toMatchObject({
        code: 'BAD_ID',
      })
    },
  )
})

describe('open files', () => {
  it('are at most 256 while hundreds of logs are written', async () => {
    for (let index = 0; index < 300; index += 1) await logs.append({ ...KEY, run: index }, 0, text('x'))
    expect(await openFiles()).toBe(256)
    expect(await logs.append({ ...KEY, run: 0 }, 1, text('y'))).toBe(2)
  })

  it('are closed when they were not used for 10 seconds', async () => {
    await logs.append(KEY, 0, text('x'))
    await clock.advance(9_000)
    expect(await openFiles()).toBe(1)
    await clock.advance(11_000)
    expect(await closed()).toBe(0)
    expect(await logs.append(KEY, 1, text('y'))).toBe(2)
  })

  it('are closed, and no timer is left, when the store is', async () => {
    await logs.append(KEY, 0, text('x'))
    await logs[Symbol.asyncDispose]()
    expect(await openFiles()).toBe(0)
    expect(clock.untilNextMs()).toBe(null)
  })

  it('of a run that is removed while it is written and read are not left behind', async () => {
    const work = Array.from({ length: 50 }, (_, index) =>
      logs.append({ ...KEY, action: `a${index}` }, 0, text('x')),
    )
    const removed = logs.remove(KEY)
    await Promise.all([...work, removed])
    expect(await openFiles()).toBe(0)
    await expect(readdir(join(directory, 'ns/job/7'))).rejects.toThrow('ENOENT')
  })
})

/** Opens files on a disk that may fail. Like Linux, it tells once that it could not make a file durable, and calls the same bytes written the next time. */
function frailDisk() {
  const disk = {
    failsNextSync: false,
    isReadOnly: false,
    open: async (path: string, flags: number, perm: number) => {
      const file = await open(path, flags, perm)
      return {
        stat: () => file.stat(),
        write: (...given: readonly [bytes: Uint8Array, from: number, length: number, at: number]) =>
          file.write(...given),
        read: (...given: readonly [into: Uint8Array, from: number, length: number, at: number]) =>
          file.read(...given),
        truncate: (length: number) =>
          disk.isReadOnly ? Promise.reject(new Error('EROFS: read-only')) : file.truncate(length),
        datasync: () => {
          if (!disk.failsNextSync) return file.datasync()
          disk.failsNextSync = false
          return Promise.reject(new Error('EIO: i/o error'))
        },
        close: () => file.close(),
      }
    },
  }
  return disk
}

describe('a disk that could not make a log durable', () => {
  let disk: ReturnType<typeof frailDisk>

  beforeEach(() => {
    disk = frailDisk()
    logs = createFileLogs({ directory, clock, log: createMemoryLogger(), open: disk.open })
  })

  /** Time in which a file that nobody uses is closed. */
  const idle = async () => {
    await clock.advance(20_000)
    expect(await closed()).toBe(0)
  }

  it('keeps what was durable before, and takes the rest anew', async () => {
    await logs.append(KEY, 0, text('safe'))
    await logs.sync([KEY])
    await logs.append(KEY, 4, text(' and not'))
    disk.failsNextSync = true
    await expect(logs.sync([KEY])).rejects.toMatchObject({ code: 'LOGS_FAILED' })
    expect(await logs.length(KEY)).toBe(4)
    expect(await logs.append(KEY, 4, text(' and now'))).toBe(12)
    await logs.sync([KEY])
    expect(await logs.read(KEY, 0, 20)).toEqual(text('safe and now'))
  })

  it('takes away what it could not when the file was closed', async () => {
    await logs.append(KEY, 0, text('lost'))
    disk.failsNextSync = true
    await idle()
    expect(await logs.length(KEY)).toBe(0)
    await logs.sync([KEY])
  })

  it.each([
    ['open', () => Promise.resolve()],
    ['closed meanwhile', idle],
  ])('calls no log safe that it could not cut off, %s', async (_how, meanwhile) => {
    await logs.append(KEY, 0, text('lost'))
    disk.failsNextSync = true
    disk.isReadOnly = true
    await expect(logs.sync([KEY])).rejects.toThrow('EIO')
    await meanwhile()
    await expect(logs.sync([KEY])).rejects.toThrow('EROFS')
    expect(await logs.length(KEY)).toBe(4)
    disk.isReadOnly = false
    await logs.sync([KEY])
    expect(await logs.length(KEY)).toBe(0)
  })

  it('takes nothing from a log that was only read', async () => {
    await logs.append(KEY, 0, text('safe'))
    await logs.sync([KEY])
    await idle()
    disk.failsNextSync = true
    expect(await logs.read(KEY, 0, 10)).toEqual(text('safe'))
    await idle()
    expect(await logs.read(KEY, 0, 10)).toEqual(text('safe'))
  })
})

describe('a disk that refuses', () => {
  it('is named with the path and what to do, and what fits later is taken', async () => {
    const action = join(directory, 'ns/job/7/load')
    await mkdir(action, { recursive: true })
    const path = join(action, '2.stdout')
    await symlink('/dev/full', path)
    await expect(logs.append(KEY, 0, text('x'))).rejects.toMatchObject({
      code: 'LOGS_FAILED',
      message: `the output at ${path} cannot be written: ENOSPC: no space left on device, write`,
      hint: 'Free space on the disk that holds it, or shorten how long output is kept; fetching then goes on by itself.',
      details: { path },
    })
    expect(await logs.length(KEY)).toBe(0)
    await clock.advance(20_000)
    expect(await closed()).toBe(0)
    await rm(path)
    expect(await logs.append(KEY, 0, text('x'))).toBe(1)
  })

  it('is named when a folder cannot be made', async () => {
    await writeFile(directory, 'a file in the way')
    await expect(logs.append(KEY, 0, text('x'))).rejects.toMatchObject({
      code: 'LOGS_FAILED',
      details: { path: join(directory, 'ns/job/7/load/2.stdout') },
    })
  })
})

it('goes on from what a crash has left of a log', async () => {
  await logs.append(KEY, 0, text('0123456789'))
  await logs[Symbol.asyncDispose]()
  await truncate(join(directory, 'ns/job/7/load/2.stdout'), 4)
  logs = createFileLogs({ directory, clock, log: createMemoryLogger() })
  expect(await logs.length(KEY)).toBe(4)
  expect(await logs.append(KEY, 2, text('23456789'))).toBe(10)
  expect(await logs.read(KEY, 0, 20)).toEqual(text('0123456789'))
})

it('names the option that is wrong', async () => {
  const result = await logsModule.options['~standard'].validate({ directory: 5, extra: true })
  expect(result.issues?.map(({ path, message }) => [path, message])).toEqual([
    [['directory'], 'Invalid input: expected string, received number'],
    [[], 'Unrecognized key: "extra"'],
  ])
})
