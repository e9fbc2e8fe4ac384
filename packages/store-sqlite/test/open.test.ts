import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isTronError } from '@tron/model'
import { sampleJob } from '@tron/store/testing'
import { store as sqlite } from '@tron/store-sqlite'
import { openDatabase } from '@tron/store-sqlite/internal/parts'
import { expect, it, vi } from 'vitest'
import { host } from './host.ts'
import { scratchDirectory } from './sqlite-fixture.ts'

// Each test starts several threads, which takes long on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

const OWNER = { host: 'test', pid: 7 }
const options = { ttlMs: 1000, signal: AbortSignal.timeout(60_000) }

it('makes its directory, for its user alone, and the database in it', async () => {
  using scratch = scratchDirectory()
  const directory = join(scratch.path, 'a', 'b')
  await using store = await sqlite.open({ directory }, host)
  expect(store.shared).toBe(false)
  expect(statSync(directory).mode & 0o777).toBe(0o700)
  expect(existsSync(join(directory, 'tron.sqlite'))).toBe(true)
})

it('refuses options that it does not know, and names them', async () => {
  expect(await failure(sqlite.open({ directory: 'x', colour: 'red' }, host), 'colour')).toEqual([
    'SETTINGS',
    true,
  ])
})

it('names a file that is not a database', async () => {
  using scratch = scratchDirectory()
  const file = join(scratch.path, 'tron.sqlite')
  writeFileSync(file, 'not a database '.repeat(1000))
  expect(await failure(sqlite.open({ directory: scratch.path }, host), file)).toEqual(['STORE_CORRUPT', true])
})

it('names a database that lacks what its version has', async () => {
  using scratch = scratchDirectory()
  const first = await sqlite.open({ directory: scratch.path }, host)
  await first[Symbol.asyncDispose]()
  alter(scratch.path, 'ALTER TABLE runs DROP COLUMN zone')
  expect(
    await failure(sqlite.open({ directory: scratch.path }, host), join(scratch.path, 'tron.sqlite')),
  ).toEqual(['STORE_CORRUPT', true])
})

it('names a lock that cannot be used', async () => {
  using scratch = scratchDirectory()
  const lockFile = join(scratch.path, 'nowhere', 'daemon.lock')
  expect(await failure(sqlite.open({ directory: scratch.path, lockFile }, host), lockFile)).toEqual([
    'STORE_DEGRADED',
    true,
  ])
})

it('refuses a newer database', async () => {
  using scratch = scratchDirectory()
  const first = await sqlite.open({ directory: scratch.path }, host)
  await first[Symbol.asyncDispose]()
  alter(scratch.path, 'PRAGMA user_version = 1000')
  await expect(sqlite.open({ directory: scratch.path }, host)).rejects.toMatchObject({
    code: 'STORE_VERSION',
  })
})

it('makes or migrates a database under the lock only', async () => {
  using scratch = scratchDirectory()
  const [one, two] = [join(scratch.path, 'one'), join(scratch.path, 'two')]
  const lockFile = join(scratch.path, 'daemon.lock')
  await using first = await sqlite.open({ directory: one, lockFile }, host)
  await first.acquire(OWNER, options)
  const refused = sqlite.open({ directory: two, lockFile }, host)
  await expect(refused).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: 'the store is held by the process with pid 7 on test',
  })
})

it.each([
  ['a lock of its own', 'own.lock'],
  ['no lock of its own', undefined],
  ['the very lock of the directory', 'state/lock.sqlite'],
  ['that lock by another way', 'way/lock.sqlite'],
])('keeps out a second one with %s, naming the first', async (_what, name) => {
  using scratch = scratchDirectory()
  const directory = join(scratch.path, 'state')
  symlinkSync(directory, join(scratch.path, 'way'))
  await using first = await sqlite.open({ directory, lockFile: join(scratch.path, 'daemon.lock') }, host)
  const lease = await first.acquire(OWNER, options)
  const lockFile = name === undefined ? {} : { lockFile: join(scratch.path, name) }
  await using second = await sqlite.open({ directory, ...lockFile }, host)
  await expect(second.acquire({ host: 'test', pid: 8 }, options)).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: 'the store is held by the process with pid 7 on test',
  })
  const changes = [{ put: { table: 'jobs', row: sampleJob() } }] as const
  expect(await first.commit(lease, { seq: 1, atMs: 1, changes, cursors: {} })).toMatchObject({ ok: true })
  await lease.release()
  await second.acquire({ host: 'test', pid: 8 }, options)
})

it('gives the lock of the directory back where the other one is held', async () => {
  using scratch = scratchDirectory()
  const [one, two] = [join(scratch.path, 'one'), join(scratch.path, 'two')]
  const lockFile = join(scratch.path, 'daemon.lock')
  await using first = await sqlite.open({ directory: one, lockFile }, host)
  await using second = await sqlite.open({ directory: two, lockFile }, host)
  await using third = await sqlite.open({ directory: two }, host)
  await first.acquire(OWNER, options)
  await expect(second.acquire(OWNER, options)).rejects.toMatchObject({ code: 'ALREADY_RUNNING' })
  await third.acquire(OWNER, options)
})

it('does not take a copied directory for a held one', async () => {
  using scratch = scratchDirectory()
  const [one, two] = [join(scratch.path, 'one'), join(scratch.path, 'two')]
  await using first = await sqlite.open({ directory: one }, host)
  const lease = await first.acquire(OWNER, options)
  execFileSync('cp', ['-r', one, two])
  await using second = await sqlite.open({ directory: two }, host)
  const copied = await second.acquire(OWNER, options)
  expect(copied.epoch).toBe(lease.epoch + 1)
  expect(copied.issued[0]).toEqual({ epoch: lease.epoch, nonce: lease.nonce })
})

it('is fenced by the database itself where somebody removed the lock file', async () => {
  using scratch = scratchDirectory()
  await using first = await sqlite.open({ directory: scratch.path }, host)
  const lease = await first.acquire(OWNER, options)
  execFileSync('rm', [join(scratch.path, 'lock.sqlite')])
  await using second = await sqlite.open({ directory: scratch.path }, host)
  await second.acquire(OWNER, options)
  const changes = [{ put: { table: 'jobs', row: sampleJob() } }] as const
  const result = await first.commit(lease, { seq: 1, atMs: 1, changes, cursors: {} })
  expect(result).toMatchObject({ ok: false, why: 'fenced' })
  await expect(first.lastSeq(lease)).rejects.toMatchObject({ code: 'LEASE_LOST' })
})

it('names a directory that cannot be made, and why', async () => {
  using scratch = scratchDirectory()
  const file = join(scratch.path, 'file')
  mkdirSync(scratch.path, { recursive: true })
  writeFileSync(file, '')
  const state = join(file, 'state')
  expect(await failure(sqlite.open({ directory: state }, host), `${state} cannot be made: E`)).toEqual([
    'STORE_DEGRADED',
    true,
  ])
})

it('names a directory that cannot be written, and why', async () => {
  // Not even by root.
  const directory = '/proc/sys/kernel'
  expect(await failure(sqlite.open({ directory }, host), `${directory} cannot be written: E`)).toEqual([
    'STORE_DEGRADED',
    true,
  ])
})

function alter(directory: string, sql: string): void {
  const database = openDatabase(join(directory, 'tron.sqlite'), { busyMs: 0 })
  database.exec(sql)
  database.close()
}

/** The code of the error that this ends with, and whether its message names something. */
async function failure(opening: Promise<unknown>, named: string): Promise<readonly unknown[]> {
  const error = await opening.catch((thrown: unknown) => thrown)
  return isTronError(error) ? [error.code, error.message.includes(named)] : [error]
}
