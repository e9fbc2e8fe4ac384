import assert from 'node:assert/strict'
import { isTronError, jobId, type RunId } from '@tron/model'
import type { Change, PrunePlan, Row } from '../contract.ts'
import type { ActionRow } from '../rows.ts'
import { type Session, type StoreRule, start, takeCommits } from './rule.ts'
import { sampleAction, sampleAttempt, sampleAudit, sampleRun, sampleSlot, sampleSpec } from './sample-rows.ts'

/** A run of `putRuns` is itself, two actions, and three attempts. */
const ROWS_OF_RUN = 6

/** Letting history go. */
export const pruneRules: readonly StoreRule[] = [
  {
    name: 'prune removes the runs that are named, with their actions and attempts',
    async check(fixture) {
      await using session = await start(fixture)
      const runs = await putRuns(session, 4)
      const plan = { runs: runs.slice(0, 3), maxRows: 1000 }
      assert.deepEqual(await prune(session, plan), { rows: 3 * ROWS_OF_RUN, more: false })
      assert.deepEqual(await present(session, runs), [0, 0, 0, ROWS_OF_RUN])
    },
  },
  {
    name: 'prune leaves everything else',
    async check(fixture) {
      await using session = await start(fixture)
      const runs = await putRuns(session, 2)
      const other = sampleRun(1, { job: jobId('ns.other'), live: false })
      const slot = sampleSlot(5, { run: runs[0] ?? null })
      await session.commit(
        { put: { table: 'runs', row: other } },
        { put: { table: 'slots', row: slot } },
        { put: { table: 'specs', row: sampleSpec() } },
        { append: { table: 'audit', row: sampleAudit('r1') } },
      )
      await prune(session, { runs: runs.slice(0, 1), maxRows: 1000 })
      const pages = [
        await session.query({ name: 'run', params: { id: other.id }, limit: 2 }),
        await session.query({ name: 'slotsOfJob', params: { job: 'ns.nightly' }, limit: 2 }),
        await session.query({ name: 'specs', params: { hashes: ['c0ffee'] }, limit: 2 }),
        await session.query({ name: 'audit', params: {}, limit: 2 }),
      ]
      assert.deepEqual(
        pages.map(({ rows }) => rows),
        [[other], [slot], [sampleSpec()], [sampleAudit('r1')]],
      )
      assert.deepEqual(await present(session, runs), [0, ROWS_OF_RUN])
    },
  },
  {
    name: 'prune is bounded, takes whole runs, and says whether there is more',
    async check(fixture) {
      await using session = await start(fixture)
      const runs = await putRuns(session, 4)
      const plan = { runs, maxRows: 2 * ROWS_OF_RUN + 1 }
      assert.deepEqual(await prune(session, plan), { rows: 2 * ROWS_OF_RUN, more: true })
      assert.deepEqual(await present(session, runs), [0, 0, ROWS_OF_RUN, ROWS_OF_RUN])
      assert.deepEqual(await prune(session, plan), { rows: 2 * ROWS_OF_RUN, more: false })
      assert.deepEqual(await prune(session, plan), { rows: 0, more: false })
    },
  },
  {
    name: 'prune removes a run that alone has more rows than it may',
    async check(fixture) {
      await using session = await start(fixture)
      const runs = await putRuns(session, 2)
      assert.deepEqual(await prune(session, { runs, maxRows: 1 }), { rows: ROWS_OF_RUN, more: true })
      assert.deepEqual(await prune(session, { runs, maxRows: 1 }), { rows: ROWS_OF_RUN, more: false })
    },
  },
  {
    name: 'prune is fenced like a commit',
    async check(fixture) {
      await using first = await start(fixture)
      const runs = await putRuns(first, 1)
      await first.lease.release()
      await using second = await start(fixture)
      await assert.rejects(prune(first, { runs, maxRows: 1000 }), (error) => isTronError(error, 'LEASE_LOST'))
      assert.deepEqual(await present(second, runs), [ROWS_OF_RUN])
    },
  },
  {
    name: 'prune does not change the seq',
    async check(fixture) {
      await using session = await start(fixture)
      const runs = await putRuns(session, 2)
      const before = await session.store.lastSeq(session.lease)
      await prune(session, { runs, maxRows: 1000 })
      assert.equal(await session.store.lastSeq(session.lease), before)
      await session.commit()
    },
  },
  {
    name: 'prune is not in changes',
    async check(fixture) {
      await using session = await start(fixture)
      const runs = await putRuns(session, 2)
      await session.commit()
      await prune(session, { runs, maxRows: 1000 })
      await session.commit()
      assert.deepEqual(await takeCommits(session.store, 1, 2), [
        { seq: 2, changes: [] },
        { seq: 3, changes: [] },
      ])
    },
  },
  {
    name: 'prune is durable when it resolves',
    async check(fixture) {
      const session = await start(fixture)
      const runs = await putRuns(session, 2)
      await prune(session, { runs, maxRows: 1000 })
      await fixture.crash()
      await using after = await start(fixture)
      assert.deepEqual(await present(after, runs), [0, 0])
    },
  },
]

function prune(
  session: Session,
  plan: PrunePlan,
): Promise<{ readonly rows: number; readonly more: boolean }> {
  return session.store.prune(session.lease, plan)
}

/** How many rows each run still has. */
async function present(session: Session, runs: readonly RunId[]): Promise<readonly number[]> {
  const counts: number[] = []
  for (const run of runs) {
    const pages = [
      await session.query({ name: 'run', params: { id: run }, limit: 10 }),
      await session.query({ name: 'actionsOfRun', params: { run }, limit: 10 }),
      await session.query({ name: 'attemptsOfRun', params: { run }, limit: 10 }),
    ]
    counts.push(pages.reduce((sum, { rows }) => sum + rows.length, 0))
  }
  return counts
}

async function putRuns(session: Session, count: number): Promise<readonly RunId[]> {
  const runs = Array.from({ length: count }, (_, number) => sampleRun(number, { live: false }))
  const rows = runs.flatMap((run): readonly Row[] => {
    const [first, second] = [sampleAction(run, 'extract'), sampleAction(run, 'load', { position: 1 })]
    return [{ table: 'runs', row: run }, ...withAttempts(first, 2), ...withAttempts(second, 1)]
  })
  await session.commit(...rows.map((put): Change => ({ put })))
  return runs.map(({ id }) => id)
}

function withAttempts(action: ActionRow, count: number): readonly Row[] {
  const attempts = Array.from({ length: count }, (_, ordinal) => sampleAttempt(action, ordinal))
  return [{ table: 'actions', row: action }, ...attempts.map((row): Row => ({ table: 'attempts', row }))]
}
