import assert from 'node:assert/strict'
import { isTronError } from '@tron/model'
import type { Change, Row } from '../contract.ts'
import { loadAll, type Session, type StoreRule, sortRows, start } from './rule.ts'
import {
  sampleAction,
  sampleAttempt,
  sampleAudit,
  sampleJob,
  sampleMeta,
  sampleRun,
  sampleSlot,
  sampleSpec,
  sampleTrash,
} from './sample-rows.ts'

/** What start-up reads. */
export const loadRules: readonly StoreRule[] = [
  {
    name: 'load yields the live rows and no others',
    async check(fixture) {
      const { changes, live } = mixedRows()
      {
        await using session = await start(fixture)
        await session.commit(...changes)
      }
      await using after = await start(fixture)
      assert.deepEqual(sortRows(await after.load()), sortRows(live))
    },
  },
  {
    name: 'load stops yielding a row that is put again as history',
    async check(fixture) {
      await using session = await start(fixture)
      const run = sampleRun(1)
      await session.commit({ put: { table: 'runs', row: run } })
      await session.commit({ put: { table: 'runs', row: { ...run, live: false } } })
      assert.deepEqual(await session.load(), [])
      await session.commit({ put: { table: 'runs', row: run } })
      assert.deepEqual(await session.load(), [{ table: 'runs', row: run }])
    },
  },
  {
    name: 'load yields each live row once, however many there are',
    async check(fixture) {
      await using session = await start(fixture)
      const rows = await putRuns(session, 3000)
      const loaded = await session.load()
      assert.equal(loaded.length, rows.length)
      assert.deepEqual(sortRows(loaded), sortRows(rows))
    },
  },
  {
    name: 'load yields pages, not everything at once',
    async check(fixture) {
      await using session = await start(fixture)
      await putRuns(session, 5000)
      const sizes: number[] = []
      for await (const page of session.store.load(session.lease)) sizes.push(page.length)
      assert.ok(sizes.length > 1 && Math.max(...sizes) < 5000, `pages of ${sizes.join(', ')} rows`)
    },
  },
  {
    name: 'load is one snapshot, whatever is committed while it is read',
    async check(fixture) {
      await using session = await start(fixture)
      const rows = await putRuns(session, 3000)
      const seen: Row[] = []
      for await (const page of session.store.load(session.lease)) {
        if (seen.length === 0) {
          await session.commit(
            { put: { table: 'jobs', row: sampleJob() } },
            { put: { table: 'runs', row: sampleRun(2999, { note: 'later' }) } },
            { remove: { table: 'runs', key: sampleRun(2998).id } },
            { put: { table: 'trash', row: sampleTrash(1) } },
          )
        }
        seen.push(...page)
      }
      assert.deepEqual(sortRows(seen), sortRows(rows))
    },
  },
  {
    name: 'load can be left before its end',
    async check(fixture) {
      await using session = await start(fixture)
      await putRuns(session, 3000)
      for await (const page of session.store.load(session.lease)) {
        assert.ok(page.length > 0)
        break
      }
      await session.commit({ put: { table: 'jobs', row: sampleJob() } })
      assert.equal((await session.load()).length, 3001)
    },
  },
  {
    name: 'load refuses a lease that is over',
    async check(fixture) {
      await using first = await start(fixture)
      await first.lease.release()
      await using second = await start(fixture)
      await assert.rejects(loadAll(first.store, first.lease), (error) => isTronError(error, 'LEASE_LOST'))
      assert.deepEqual(await second.load(), [])
    },
  },
]

async function putRuns(session: Session, count: number): Promise<readonly Row[]> {
  const rows = Array.from({ length: count }, (_, at): Row => ({ table: 'runs', row: sampleRun(at) }))
  await session.commit(...rows.map((put): Change => ({ put })))
  return rows
}

/** Rows of every table, and those of them that start-up sees. */
function mixedRows(): { readonly changes: readonly Change[]; readonly live: readonly Row[] } {
  const run = sampleRun(2)
  const action = sampleAction(run, 'extract')
  const old = sampleRun(1, { live: false, phase: 'ended' })
  const oldAction = sampleAction(old, 'extract', { live: false })
  const live: readonly Row[] = [
    { table: 'meta', row: sampleMeta() },
    { table: 'jobs', row: sampleJob() },
    { table: 'runs', row: run },
    { table: 'actions', row: action },
    { table: 'attempts', row: sampleAttempt(action, 0) },
    { table: 'trash', row: sampleTrash(0) },
  ]
  const history: readonly Row[] = [
    { table: 'specs', row: sampleSpec() },
    { table: 'runs', row: old },
    { table: 'actions', row: oldAction },
    { table: 'attempts', row: sampleAttempt(oldAction, 0, { live: false, released: true }) },
    { table: 'slots', row: sampleSlot(1) },
  ]
  const changes: readonly Change[] = [
    ...[...history, ...live].map((put): Change => ({ put })),
    { append: { table: 'audit', row: sampleAudit('r1') } },
  ]
  return { changes, live }
}
