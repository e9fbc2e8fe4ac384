import assert from 'node:assert/strict'
import { isTronError } from '@tron/model'
import type { Change, Row } from '../contract.ts'
import {
  acquire,
  answer,
  failNext,
  loadAll,
  RuleSkipped,
  rowsOfTable,
  type Session,
  type StoreRule,
  sortRows,
  start,
} from './rule.ts'
import { sampleAudit, sampleJob, sampleRun, sampleTrash } from './sample-rows.ts'

/** What a crash, a restart, another version or a copy leaves. */
export const restartRules: readonly StoreRule[] = [
  {
    name: 'a crash at any moment leaves what was committed',
    async check(fixture) {
      const epochs: number[] = []
      for (const [round, [moment, pass]] of MOMENTS.entries()) {
        const session = await start(fixture)
        assert.deepEqual(sortRows(await session.load()), pairs(round), `before a crash ${moment}`)
        assert.equal(session.lease.seq, round, `before a crash ${moment}`)
        epochs.push(session.lease.epoch)
        await session.commit(...pair(round + 1))
        await pass(session)
        await fixture.crash()
      }
      await using after = await start(fixture)
      assert.deepEqual(sortRows(await after.load()), pairs(MOMENTS.length))
      assert.deepEqual(
        after.lease.issued.map(({ epoch }) => epoch),
        [...epochs, after.lease.epoch],
      )
    },
  },
  {
    name: 'a crash amid commits leaves the first of them whole, and all that were answered',
    async check(fixture) {
      const { store, lease } = await start(fixture)
      let answered = 0
      const send = async (seq: number): Promise<void> => {
        const commit = { seq, atMs: seq, changes: pair(seq), cursors: { ssh: String(seq) } }
        if ((await store.commit(lease, commit)).ok) answered = seq
      }
      const sent = Array.from({ length: 40 }, (_, at) => send(at + 1))
      await sent[9]
      const known = answered
      await fixture.crash()
      await Promise.allSettled(sent)
      await using after = await start(fixture)
      const { seq } = after.lease
      assert.ok(seq >= known, `${known} commits were answered, ${seq} are there`)
      const rows = await after.load()
      assert.deepEqual(sortRows(rows.filter(({ table }) => table === 'trash')), pairs(seq))
      assert.deepEqual(rowsOfTable(rows, 'cursors'), [{ source: 'ssh', cursor: String(seq) }])
      await after.commit()
    },
  },
  {
    name: 'a crash leaves nothing of what was refused',
    async check(fixture) {
      const session = await start(fixture)
      const append: Change = { append: { table: 'audit', row: sampleAudit('r1') } }
      await session.commit({ put: { table: 'jobs', row: sampleJob() } }, append)
      assert.equal(answer(await session.try({ seq: 7, changes: pair(1), cursors: { ssh: '1' } })), 'conflict')
      await assert.rejects(session.try({ changes: [...pair(2), append], cursors: { ssh: '2' } }))
      await fixture.crash()
      await using after = await start(fixture)
      assert.equal(after.lease.seq, 1)
      assert.deepEqual(await after.load(), [{ table: 'jobs', row: sampleJob() }])
    },
  },
  {
    name: 'after a crash the next lease settles a commit that is ambiguous',
    async check(fixture) {
      for (const [seq, fault] of [
        [0, 'ambiguous, not taken'],
        [1, 'ambiguous, taken'],
      ] as const) {
        const session = await start(fixture)
        await failNext(fixture, session.store, fault)
        assert.equal(answer(await session.try({ changes: pair(1) })), 'ambiguous')
        await fixture.crash()
        await using after = await start(fixture)
        assert.equal(after.lease.seq, seq, fault)
        assert.deepEqual(sortRows(await after.load()), pairs(seq), fault)
      }
    },
  },
  {
    name: 'open refuses the records of a newer version',
    inapplicable: async (_store, fixture) =>
      fixture.openNewer === undefined ? 'records of this fixture outlive no version' : undefined,
    async check(fixture) {
      const opened = fixture.openNewer?.() ?? Promise.resolve()
      await assert.rejects(opened, (error) => isTronError(error, 'STORE_VERSION'))
    },
  },
  {
    name: 'backup is a consistent copy while writing goes on',
    inapplicable: async (store) => (store.backup === undefined ? 'the store makes no backups' : undefined),
    async check(fixture) {
      const place = await fixture.backupPlace?.()
      if (place === undefined) throw new RuleSkipped('this fixture has no place for a backup')
      await using session = await start(fixture)
      for (const number of [1, 2, 3]) await session.commit(...pair(number))
      const copied = session.store.backup?.(place.to, { signal: AbortSignal.timeout(120_000) })
      await commitUntil(copied ?? Promise.resolve(), session)
      await using copy = await place.open()
      const lease = await acquire(copy)
      assert.ok(lease.seq >= 3 && lease.seq <= session.seq, `the copy is of ${lease.seq} commits`)
      assert.deepEqual(sortRows(await loadAll(copy, lease)), pairs(lease.seq))
      assert.deepEqual(lease.issued.slice(0, -1), session.lease.issued)
    },
  },
]

/** What a process does when it is killed, one after the other; each commits a pair of rows before. */
const MOMENTS: readonly (readonly [string, (session: Session) => Promise<unknown>])[] = [
  ['right after a commit', async () => undefined],
  ['amid loading', leaveLoad],
  [
    'after a query',
    (session) => session.query({ name: 'runsOfJob', params: { job: 'ns.nightly' }, limit: 9 }),
  ],
  ['after pruning', (session) => session.store.prune(session.lease, { runs: [sampleRun(1).id], maxRows: 9 })],
  ['after the lease was given back', (session) => session.lease.release()],
  ['after the store was closed', async (session) => session.store[Symbol.asyncDispose]()],
]

async function leaveLoad(session: Session): Promise<void> {
  for await (const _ of session.store.load(session.lease)) break
}

/** Two rows that stand together or not at all. */
function pair(number: number): readonly Change[] {
  return rowsOfPair(number).map((put) => ({ put }))
}

function rowsOfPair(number: number): readonly Row[] {
  return [2 * number, 2 * number + 1].map((key) => ({ table: 'trash', row: sampleTrash(key) }))
}

/** The rows of the first pairs, in the order of `sortRows`. */
function pairs(count: number): readonly Row[] {
  return sortRows(Array.from({ length: count }, (_, at) => rowsOfPair(at + 1)).flat())
}

/** Goes on committing pairs until the promise settles. */
async function commitUntil(end: Promise<void>, session: Session): Promise<void> {
  const ended = new AbortController()
  const stop = end.finally(() => ended.abort())
  while (!ended.signal.aborted) await session.commit(...pair(session.seq + 1))
  await stop
}
