import assert from 'node:assert/strict'
import { isTronError } from '@tron/model'
import type { Change, Lease } from '../contract.ts'
import { BAD_CHANGES } from './bad-rows.ts'
import { answer, rowsOfTable, type Session, type StoreRule, sortRows, start } from './rule.ts'
import { sampleAudit, sampleJob, sampleMeta, sampleRun, sampleTrash } from './sample-rows.ts'

/** Taking changes, or refusing them whole. */
export const commitRules: readonly StoreRule[] = [
  {
    name: 'commit takes every change of its list',
    async check(fixture) {
      await using session = await start(fixture)
      const puts = [1, 2, 3, 4, 5].map(
        (number): Change => ({ put: { table: 'runs', row: sampleRun(number) } }),
      )
      await session.commit(...puts)
      const runs = await session.query({ name: 'runsOfJob', params: { job: 'ns.nightly' }, limit: 10 })
      assert.deepEqual(
        runs.rows.map(({ number }) => number),
        [5, 4, 3, 2, 1],
      )
    },
  },
  {
    name: 'commit takes its changes in their order',
    async check(fixture) {
      await using session = await start(fixture)
      await session.commit(
        { put: { table: 'meta', row: sampleMeta({ key: 'a', value: 1 }) } },
        { put: { table: 'meta', row: sampleMeta({ key: 'a', value: 2 }) } },
        { put: { table: 'meta', row: sampleMeta({ key: 'b', value: 1 }) } },
        { remove: { table: 'meta', key: 'b' } },
        { remove: { table: 'meta', key: 'c' } },
        { put: { table: 'meta', row: sampleMeta({ key: 'c', value: 3 }) } },
      )
      assert.deepEqual(sortRows(await session.load()), [
        { table: 'meta', row: { key: 'a', value: 2 } },
        { table: 'meta', row: { key: 'c', value: 3 } },
      ])
    },
  },
  {
    name: 'commit replaces every column of a row that is put again',
    async check(fixture) {
      await using session = await start(fixture)
      const first = sampleRun(1)
      const second = {
        ...first,
        state: 'failed',
        endedMs: 9,
        startedMs: null,
        note: 'n',
        manual: true,
      } as const
      await session.commit({ put: { table: 'runs', row: first } })
      await session.commit({ put: { table: 'runs', row: second } })
      const { rows } = await session.query({ name: 'run', params: { id: first.id }, limit: 1 })
      assert.deepEqual(rows, [second])
    },
  },
  {
    name: 'commit is all or nothing',
    async check(fixture) {
      await using session = await start(fixture)
      await session.commit({ append: { table: 'audit', row: sampleAudit('r1') } })
      const refused = session.try({
        changes: [
          { put: { table: 'jobs', row: sampleJob() } },
          { append: { table: 'audit', row: sampleAudit('r2') } },
          { append: { table: 'audit', row: sampleAudit('r1', { verb: 'stop' }) } },
          { put: { table: 'trash', row: sampleTrash(1) } },
        ],
        cursors: { ssh: '1' },
      })
      await assert.rejects(refused, (error) => isTronError(error, 'INTERNAL'))
      assert.deepEqual(await session.load(), [])
      const audit = await session.query({ name: 'audit', params: {}, limit: 10 })
      assert.deepEqual(audit.rows, [sampleAudit('r1')])
      assert.equal(await session.store.lastSeq(session.lease), 1)
    },
  },
  {
    name: 'commit appends each key once, ever',
    async check(fixture) {
      await using session = await start(fixture)
      const append: Change = { append: { table: 'audit', row: sampleAudit('r1') } }
      const again: Change = { append: { table: 'audit', row: sampleAudit('r1', { verb: 'stop' }) } }
      await assert.rejects(session.try({ changes: [append, again] }), (error) =>
        isTronError(error, 'INTERNAL'),
      )
      await session.commit(append)
      await assert.rejects(session.try({ changes: [again] }), (error) => namesAll(error, ['audit', 'r1']))
      const { rows } = await session.query({ name: 'request', params: { request: 'r1' }, limit: 2 })
      assert.deepEqual(rows, [sampleAudit('r1')])
    },
  },
  {
    name: 'commit removes nothing when the key is not there',
    async check(fixture) {
      await using session = await start(fixture)
      await session.commit({ put: { table: 'jobs', row: sampleJob() } })
      await session.commit({ remove: { table: 'jobs', key: 'ns.other' } })
      assert.deepEqual(await session.load(), [{ table: 'jobs', row: sampleJob() }])
    },
  },
  {
    name: 'commit removes the row that is named',
    async check(fixture) {
      await using session = await start(fixture)
      await session.commit(
        { put: { table: 'trash', row: sampleTrash(1) } },
        { put: { table: 'trash', row: sampleTrash(2) } },
      )
      await session.commit({ remove: { table: 'trash', key: sampleTrash(1).key } })
      assert.deepEqual(await session.load(), [{ table: 'trash', row: sampleTrash(2) }])
    },
  },
  {
    name: 'commit refuses a seq that does not follow the newest',
    async check(fixture) {
      await using session = await start(fixture)
      await session.commit({ put: { table: 'jobs', row: sampleJob() } })
      const changes: readonly Change[] = [{ put: { table: 'trash', row: sampleTrash(1) } }]
      const answers: string[] = []
      for (const seq of [0, 1, 3, 100]) answers.push(answer(await session.try({ seq, changes })))
      assert.deepEqual(answers, ['conflict', 'conflict', 'conflict', 'conflict'])
      assert.deepEqual(await session.load(), [{ table: 'jobs', row: sampleJob() }])
      await session.commit()
    },
  },
  {
    name: 'commit is fenced once another lease was acquired',
    async check(fixture) {
      await using first = await start(fixture)
      await first.commit()
      await first.lease.release()
      await using second = await start(fixture)
      const changes: readonly Change[] = [{ put: { table: 'jobs', row: sampleJob() } }]
      assert.equal(answer(await first.try({ changes })), 'fenced')
      assert.equal(answer(await second.store.commit(first.lease, { ...EMPTY, seq: 2, changes })), 'fenced')
      assert.deepEqual(await second.load(), [])
      await second.commit()
    },
  },
  {
    name: 'commit is fenced for a pair that was never issued',
    async check(fixture) {
      await using session = await start(fixture)
      const { lease, store } = session
      const forged: readonly Partial<Lease>[] = [
        { nonce: 'never drawn' },
        { epoch: lease.epoch + 1 },
        { epoch: lease.epoch - 1 },
      ]
      const changes: readonly Change[] = [{ put: { table: 'jobs', row: sampleJob() } }]
      for (const part of forged) {
        const result = await store.commit({ ...lease, ...part }, { ...EMPTY, seq: 1, changes })
        assert.equal(answer(result), 'fenced', `a commit with ${JSON.stringify(part)}`)
      }
      assert.deepEqual(await session.load(), [])
      await session.commit()
    },
  },
  {
    name: 'commit that is refused answers with an error that says why',
    async check(fixture) {
      await using session = await start(fixture)
      const results = [await session.try({ seq: 9 })]
      await session.lease.release()
      results.push(await session.try({}))
      await session.store[Symbol.asyncDispose]()
      results.push(await session.try({}))
      assert.deepEqual(results.map(answer), ['conflict', 'fenced', 'unavailable'])
      for (const result of results) {
        const error: unknown = result.ok ? undefined : result.error
        assert.ok(isTronError(error) && error.message !== '', `${answer(result)} comes with ${String(error)}`)
      }
    },
  },
  {
    name: 'commit is durable when it resolves',
    async check(fixture) {
      const session = await start(fixture)
      await session.commit({ put: { table: 'jobs', row: sampleJob() } })
      await session.commit({ put: { table: 'trash', row: sampleTrash(1) } })
      await fixture.crash()
      await using after = await start(fixture)
      assert.equal(after.lease.seq, 2)
      assert.deepEqual(sortRows(await after.load()), [
        { table: 'jobs', row: sampleJob() },
        { table: 'trash', row: sampleTrash(1) },
      ])
    },
  },
  {
    name: 'commit moves cursors together with its changes',
    async check(fixture) {
      await using session = await start(fixture)
      await commitCursors(session, { ssh: '1', local: 'é🚀' })
      await commitCursors(session, { ssh: '2' })
      assert.equal(answer(await session.try({ seq: 9, cursors: { ssh: '3' } })), 'conflict')
      const cursors = rowsOfTable(sortRows(await session.load()), 'cursors')
      assert.deepEqual(cursors, [
        { source: 'ssh', cursor: '2' },
        { source: 'local', cursor: 'é🚀' },
      ])
    },
  },
  {
    name: 'commit refuses a row that does not fit its table, naming table, column and key',
    async check(fixture) {
      await using session = await start(fixture)
      for (const { what, change, names } of BAD_CHANGES) {
        const changes: readonly Change[] = [{ put: { table: 'jobs', row: sampleJob() } }, change]
        await assert.rejects(session.try({ changes }), (error) => namesAll(error, names), what)
      }
      assert.deepEqual(await session.load(), [])
      await session.commit()
    },
  },
]

const EMPTY = { atMs: 1, changes: [], cursors: {} }

async function commitCursors(session: Session, cursors: Readonly<Record<string, string>>): Promise<void> {
  assert.equal(answer(await session.try({ cursors })), 'ok')
}

function namesAll(error: unknown, names: readonly string[]): boolean {
  return isTronError(error, 'INTERNAL') && names.every((name) => error.message.includes(name))
}
