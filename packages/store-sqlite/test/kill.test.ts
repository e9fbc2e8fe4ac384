import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { store as sqlite } from '@tron/store-sqlite'
import { expect, it } from 'vitest'
import { runChild } from './child.ts'
import { host } from './host.ts'
import { scratchDirectory } from './sqlite-fixture.ts'

const STRESS = new URL('./stress-child.ts', import.meta.url)
const OWNER = { host: 'test', pid: process.pid }
const signal = AbortSignal.timeout(600_000)

it('keeps every acknowledged commit whole through SIGKILL at any instant', { timeout: 300_000 }, async () => {
  using scratch = scratchDirectory()
  const directory = join(scratch.path, 'state')
  let acknowledged = 0
  for (const [size, lifeMs] of [
    [1, 40],
    [50, 90],
    [5, 10],
    [200, 130],
    [1, 0],
    [20, 170],
  ] as const) {
    await using child = runChild(STRESS, [directory, String(size)])
    await child.line('ok ')
    await new Promise((resolve) => setTimeout(resolve, lifeMs))
    await child.kill()
    acknowledged = lastAcknowledged(child.lines)

    await using store = await sqlite.open({ directory }, host)
    const lease = await store.acquire(OWNER, { ttlMs: 1000, signal })
    // One more may have been taken whose answer was not printed.
    expect([acknowledged, acknowledged + 1]).toContain(lease.seq)
    expect(await whatIsThere(store, lease.seq)).toEqual({
      newest: lease.seq,
      cursor: String(lease.seq),
      audit: lease.seq,
      size,
    })
    expect(await liveRows(store, lease)).toEqual([
      { table: 'meta', row: { key: 'newest', value: lease.seq } },
      { table: 'cursors', row: { source: 'ssh', cursor: String(lease.seq) } },
    ])
  }
  expect(acknowledged).toBeGreaterThan(20)
})

it('frees the lock with the process that held it, however that ended', { timeout: 300_000 }, async () => {
  using scratch = scratchDirectory()
  const directory = join(scratch.path, 'state')
  await using child = runChild(STRESS, [directory, '1'])
  await child.line('acquired')
  await using store = await sqlite.open({ directory }, host)
  const refused = store.acquire(OWNER, { ttlMs: 1000, signal })
  await expect(refused).rejects.toMatchObject({
    code: 'ALREADY_RUNNING',
    message: `the store is held by the process with pid ${child.process.pid} on child`,
  })
  expect(readFileSync(join(directory, 'lock.sqlite.pid'), 'utf8')).toBe(`${child.process.pid}\nchild\n`)
  await child.kill()
  const lease = await store.acquire(OWNER, { ttlMs: 1000, signal })
  expect(lease.issued.map(({ epoch }) => epoch)).toEqual([1, 2])
})

function lastAcknowledged(lines: readonly string[]): number {
  const last = lines.findLast((line) => line.startsWith('ok '))
  return Number(last?.slice(3))
}

type Opened = Awaited<ReturnType<typeof sqlite.open>>

/** What the newest commit left, and how many commits the history has. */
async function whatIsThere(store: Opened, seq: number): Promise<object> {
  const { rows } = await store.query({ name: 'audit', params: {}, limit: 10_000 }, { signal })
  const runs = await store.query(
    { name: 'runsOfJob', params: { job: 'ns.nightly' }, limit: 1000 },
    { signal },
  )
  return {
    newest: rows[0]?.atMs,
    cursor: String(rows[0]?.request.slice(1)),
    audit: rows.length,
    size: runs.rows.filter(({ note }) => note === `of ${seq}`).length,
  }
}

async function liveRows(
  store: Opened,
  lease: Awaited<ReturnType<Opened['acquire']>>,
): Promise<readonly object[]> {
  const rows: object[] = []
  for await (const page of store.load(lease)) rows.push(...page)
  return rows
}
