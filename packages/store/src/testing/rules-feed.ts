import assert from 'node:assert/strict'
import { isTronError } from '@tron/model'
import type { Change } from '../contract.ts'
import { answer, failNext, type Seen, type StoreRule, start, takeCommits, within } from './rule.ts'
import { sampleJob, sampleRun, sampleTrash } from './sample-rows.ts'
import { meddle } from './unsafe-meddle.ts'

/** The newest seq, and following commits. */
export const feedRules: readonly StoreRule[] = [
  {
    name: 'lastSeq answers the seq of the newest commit',
    async check(fixture) {
      await using session = await start(fixture)
      assert.equal(await session.store.lastSeq(session.lease), 0)
      await session.commit()
      await session.commit()
      assert.equal(answer(await session.try({ seq: 9 })), 'conflict')
      assert.equal(await session.store.lastSeq(session.lease), 2)
    },
  },
  {
    name: 'lastSeq settles a commit that is ambiguous',
    async check(fixture) {
      await using session = await start(fixture)
      const changes: readonly Change[] = [{ put: { table: 'jobs', row: sampleJob() } }]
      await failNext(fixture, session.store, 'ambiguous, not taken')
      assert.equal(answer(await session.try({ changes })), 'ambiguous')
      assert.equal(await session.store.lastSeq(session.lease), 0)
      assert.deepEqual(await session.load(), [])
      await failNext(fixture, session.store, 'ambiguous, taken')
      assert.equal(answer(await session.try({ changes })), 'ambiguous')
      assert.equal(await session.store.lastSeq(session.lease), 1)
      assert.deepEqual(await session.load(), [{ table: 'jobs', row: sampleJob() }])
      session.seq = 1
      await session.commit()
      const seen = await takeCommits(session.store, 0, 2)
      assert.deepEqual(seen[0]?.changes, changes, 'changes must have what an ambiguous commit brought')
    },
  },
  failedCommitRule('full'),
  failedCommitRule('unavailable'),
  {
    name: 'lastSeq refuses a lease that is over',
    async check(fixture) {
      await using first = await start(fixture)
      await first.lease.release()
      await using second = await start(fixture)
      await second.commit()
      await assert.rejects(first.store.lastSeq(first.lease), (error) => isTronError(error, 'LEASE_LOST'))
    },
  },
  {
    name: 'changes yields commits in order, from the one after the seq',
    async check(fixture) {
      await using session = await start(fixture)
      const lists = [1, 2, 3, 4].map((number): readonly Change[] => [
        { put: { table: 'runs', row: sampleRun(number) } },
        { put: { table: 'trash', row: sampleTrash(number) } },
        { remove: { table: 'trash', key: sampleTrash(number).key } },
      ])
      for (const changes of lists) await session.commit(...changes)
      const all = lists.map((changes, at) => ({ seq: at + 1, changes }))
      assert.deepEqual(await takeCommits(session.store, 0, 4), all)
      assert.deepEqual(await takeCommits(session.store, 2, 2), all.slice(2))
    },
  },
  {
    name: 'changes goes on with commits as they come',
    async check(fixture) {
      await using session = await start(fixture)
      const seen = takeCommits(session.store, 0, 3)
      for (const number of [1, 2, 3])
        await session.commit({ put: { table: 'trash', row: sampleTrash(number) } })
      assert.deepEqual(
        (await seen).map(({ seq }) => seq),
        [1, 2, 3],
      )
    },
  },
  {
    name: 'changes has no commit that was refused',
    async check(fixture) {
      await using session = await start(fixture)
      const changes: readonly Change[] = [{ put: { table: 'jobs', row: sampleJob() } }]
      assert.equal(answer(await session.try({ seq: 5, changes })), 'conflict')
      await session.commit({ put: { table: 'trash', row: sampleTrash(1) } })
      const expected = [{ seq: 1, changes: [{ put: { table: 'trash', row: sampleTrash(1) } }] }]
      assert.deepEqual(await takeCommits(session.store, 0, 1), expected)
    },
  },
  {
    name: 'changes yields every commit to each of its readers',
    async check(fixture) {
      await using session = await start(fixture)
      const early = [takeCommits(session.store, 0, 3), takeCommits(session.store, 0, 3)]
      for (const number of [1, 2, 3])
        await session.commit({ put: { table: 'trash', row: sampleTrash(number) } })
      const late = [takeCommits(session.store, 0, 3), takeCommits(session.store, 1, 2)]
      const seen = (await Promise.all([...early, ...late])).map((commits) => commits.map(({ seq }) => seq))
      assert.deepEqual(seen, [
        [1, 2, 3],
        [1, 2, 3],
        [1, 2, 3],
        [2, 3],
      ])
    },
  },
  {
    name: 'nobody can change what changes yields',
    async check(fixture) {
      await using session = await start(fixture)
      const row = sampleRun(1)
      const changes: Change[] = [{ put: { table: 'runs', row } }]
      const before = [{ seq: 1, changes: structuredClone(changes) }]
      await session.commit(...changes)
      meddle(row, 'node', 'other')
      for (const reader of ['the first reader', 'the second reader']) {
        const seen = await takeCommits(session.store, 0, 1)
        assert.deepEqual(seen, before, reader)
        for (const { put } of seen.flatMap((commit) => commit.changes))
          meddle(put?.row ?? {}, 'node', 'other')
        for (const commit of seen) meddle(commit.changes, '0', 'nothing')
      }
    },
  },
  {
    name: 'changes ends when its signal fires, and when the store is closed',
    async check(fixture) {
      const session = await start(fixture)
      await session.commit()
      const abort = new AbortController()
      const first = count(session.store.changes(0, { signal: abort.signal }))
      const second = count(session.store.changes(0, { signal: new AbortController().signal }))
      await session.commit()
      abort.abort(new Error('enough'))
      await within(first, 'the end of changes by its signal')
      await session.store[Symbol.asyncDispose]()
      await within(second, 'the end of changes by closing')
    },
  },
  {
    name: 'changes never has a gap: it says what it no longer keeps',
    async check(fixture) {
      {
        await using session = await start(fixture)
        for (let number = 0; number < 5; number += 1) await session.commit()
      }
      await using after = await start(fixture)
      await after.commit()
      const seen = await takeCommits(after.store, 1, 1).catch((error: unknown) => error)
      if (!isTronError(seen, 'NOT_FOUND')) assert.deepEqual(seen, [{ seq: 2, changes: [] }])
      assert.deepEqual(await takeCommits(after.store, 5, 1), [{ seq: 6, changes: [] }])
      await assert.rejects(takeCommits(after.store, 99, 1), (error) => isTronError(error, 'NOT_FOUND'))
    },
  },
]

function failedCommitRule(fault: 'full' | 'unavailable'): StoreRule {
  return {
    name: `a commit that is ${fault} has changed nothing and can be sent again`,
    async check(fixture) {
      await using session = await start(fixture)
      const changes: readonly Change[] = [{ put: { table: 'jobs', row: sampleJob() } }]
      await failNext(fixture, session.store, fault)
      assert.equal(answer(await session.try({ changes, cursors: { ssh: '1' } })), fault)
      assert.equal(await session.store.lastSeq(session.lease), 0)
      assert.deepEqual(await session.load(), [])
      await session.commit(...changes)
    },
  }
}

async function count(commits: AsyncIterable<Seen>): Promise<number> {
  let seen = 0
  for await (const _ of commits) seen += 1
  return seen
}
