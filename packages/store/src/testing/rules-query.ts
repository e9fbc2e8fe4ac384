import assert from 'node:assert/strict'
import { isTronError, jobId } from '@tron/model'
import type { Change } from '../contract.ts'
import type { Query, QueryName } from '../queries.ts'
import { type Session, type StoreRule, start } from './rule.ts'
import { sampleAction, sampleAttempt, sampleAudit, sampleRun, sampleSlot, sampleSpec } from './sample-rows.ts'

/** Asking for history and for what is live. */
export const queryRules: readonly StoreRule[] = [
  {
    name: 'each query finds what it names, in its order',
    async check(fixture) {
      await using session = await start(fixture)
      await putHistory(session)
      for (const [query, expected] of EXPECTED) {
        assert.deepEqual(await keys(session, query), expected, JSON.stringify(query))
      }
    },
  },
  {
    name: 'query answers with whole rows',
    async check(fixture) {
      await using session = await start(fixture)
      await putHistory(session)
      const run = sampleRun(3, { live: false, state: 'failed' })
      assert.deepEqual(await session.query({ name: 'run', params: { id: run.id }, limit: 1 }), {
        rows: [run],
        more: false,
      })
    },
  },
  {
    name: 'query says whether there is more',
    async check(fixture) {
      await using session = await start(fixture)
      await putHistory(session)
      const more: boolean[] = []
      for (const limit of [1, 4, 5, 6]) {
        more.push(
          (await session.query({ name: 'runsOfJob', params: { job: 'ns.nightly' }, limit })).more,
          (await session.query({ name: 'actionsOfRun', params: { run: 'ns.nightly.1' }, limit })).more,
        )
      }
      assert.deepEqual(more, [true, true, true, false, false, false, false, false])
    },
  },
  {
    name: 'paging by before loses no row and repeats none, whatever is equal',
    async check(fixture) {
      await using session = await start(fixture)
      const times = [5, 5, 4, 3, 3, 3, 3, 2, 1, 1]
      const rows = times.map((atMs, at) => sampleAudit(`r${at}`, { atMs }))
      await session.commit(...rows.map((row): Change => ({ append: { table: 'audit', row } })))
      for (const limit of [1, 2, 3, 4, 20]) {
        assert.deepEqual(await pageThrough(session, limit), [
          'r1',
          'r0',
          'r2',
          'r6',
          'r5',
          'r4',
          'r3',
          'r7',
          'r9',
          'r8',
        ])
      }
    },
  },
  {
    name: 'query orders equal rows by their key',
    async check(fixture) {
      await using session = await start(fixture)
      const names = ['b', 'Z', 'a', 'é', '\u{1f680}', '\uffee', 'aa']
      await session.commit(
        ...names.map((name): Change => ({ append: { table: 'audit', row: sampleAudit(name) } })),
      )
      const { rows } = await session.query({ name: 'audit', params: {}, limit: 10 })
      assert.deepEqual(
        rows.map(({ request }) => request),
        ['\u{1f680}', '\uffee', 'é', 'b', 'aa', 'a', 'Z'],
      )
    },
  },
  {
    name: 'query sees the commits that were answered before it',
    async check(fixture) {
      await using session = await start(fixture)
      for (let number = 0; number < 30; number += 1) {
        await session.commit({ put: { table: 'runs', row: sampleRun(number) } })
        const { rows } = await session.query({ name: 'runsOfJob', params: { job: 'ns.nightly' }, limit: 1 })
        assert.equal(rows[0]?.number, number)
      }
    },
  },
  {
    name: 'query needs no lease and does not hold up a commit',
    async check(fixture) {
      await using session = await start(fixture)
      await putHistory(session)
      await using reader = await fixture.open()
      const signal = AbortSignal.timeout(120_000)
      const query = { name: 'runsOfJob', params: { job: 'ns.nightly' }, limit: 10 } as const
      const asked = Array.from({ length: 20 }, () => reader.query(query, { signal }))
      await session.commit()
      const pages = await Promise.all(asked)
      assert.ok(pages.every(({ rows }) => rows.length === 5))
    },
  },
  {
    name: 'query ends with the reason of its signal',
    async check(fixture) {
      await using session = await start(fixture)
      const query = { name: 'audit', params: {}, limit: 1 } as const
      const asked = session.store.query(query, { signal: AbortSignal.abort(new Error('enough')) })
      await assert.rejects(asked, { message: 'enough' })
    },
  },
  {
    name: 'query refuses a limit outside of 1 to 10,000',
    async check(fixture) {
      await using session = await start(fixture)
      for (const limit of [0, -1, 10_001, 1.5, Number.NaN]) {
        const asked = session.query({ name: 'audit', params: {}, limit })
        await assert.rejects(asked, (error) => isTronError(error, 'INTERNAL'), `limit ${limit}`)
      }
    },
  },
]

const NIGHTLY = jobId('ns.nightly')
const OTHER = jobId('ns.other')

/** A query and the keys it must find: `putHistory` has put them. */
const EXPECTED: readonly [Query, readonly string[]][] = [
  [{ name: 'run', params: { id: 'ns.nightly.3' }, limit: 5 }, ['ns.nightly.3']],
  [{ name: 'run', params: { id: 'ns.nightly.99' }, limit: 5 }, []],
  [
    { name: 'runsOfJob', params: { job: NIGHTLY }, limit: 9 },
    ['ns.nightly.10', 'ns.nightly.9', 'ns.nightly.3', 'ns.nightly.2', 'ns.nightly.1'],
  ],
  [{ name: 'runsOfJob', params: { job: NIGHTLY, before: 9 }, limit: 2 }, ['ns.nightly.3', 'ns.nightly.2']],
  [
    { name: 'runsOfJob', params: { job: NIGHTLY, state: 'failed' }, limit: 9 },
    ['ns.nightly.9', 'ns.nightly.3'],
  ],
  [{ name: 'runsOfJob', params: { job: NIGHTLY, state: 'failed', before: 9 }, limit: 9 }, ['ns.nightly.3']],
  [
    { name: 'actionsOfRun', params: { run: 'ns.nightly.1' }, limit: 9 },
    ['ns.nightly.1.zed', 'ns.nightly.1.extract', 'ns.nightly.1.load', 'ns.nightly.1.cleanup'],
  ],
  [
    { name: 'actionHistory', params: { job: NIGHTLY, name: 'extract' }, limit: 9 },
    ['ns.nightly.2.extract', 'ns.nightly.1.extract'],
  ],
  [
    { name: 'actionHistory', params: { job: NIGHTLY, name: 'extract', before: 2 }, limit: 9 },
    ['ns.nightly.1.extract'],
  ],
  [
    { name: 'attemptsOfRun', params: { run: 'ns.nightly.1' }, limit: 9 },
    [attemptId(0), attemptId(1), attemptId(2)],
  ],
  [{ name: 'attempt', params: { id: attemptId(1) }, limit: 1 }, [attemptId(1)]],
  [{ name: 'specs', params: { hashes: ['bbb', 'aaa', 'bbb', 'nope'] }, limit: 9 }, ['aaa', 'bbb']],
  [{ name: 'specs', params: { hashes: [] }, limit: 9 }, []],
  [
    { name: 'slotsOfJob', params: { job: NIGHTLY }, limit: 9 },
    ['ns.nightly/0/300', 'ns.nightly/1/200', 'ns.nightly/0/200', 'ns.nightly/0/100'],
  ],
  [{ name: 'slotsOfJob', params: { job: NIGHTLY, before: 200 }, limit: 9 }, ['ns.nightly/0/100']],
  [{ name: 'request', params: { request: 'r2' }, limit: 9 }, ['r2']],
  [{ name: 'audit', params: {}, limit: 2 }, ['r3', 'r2']],
  [{ name: 'audit', params: { before: 20 }, limit: 9 }, ['r1']],
]

function attemptId(ordinal: number): string {
  return sampleAttempt(sampleAction(sampleRun(1), 'extract'), ordinal).id
}

async function putHistory(session: Session): Promise<void> {
  const history = { live: false }
  const runs = [
    sampleRun(10),
    sampleRun(9, { ...history, state: 'failed' }),
    sampleRun(3, { ...history, state: 'failed' }),
    sampleRun(2, history),
    sampleRun(1, history),
    sampleRun(5, { job: OTHER, state: 'failed' }),
  ]
  const [first = sampleRun(1), second = first, other = first] = [runs[4], runs[3], runs[5]]
  const extract = sampleAction(first, 'extract', { position: 1 })
  const actions = [
    extract,
    sampleAction(first, 'cleanup', { ...history, position: 9 }),
    sampleAction(first, 'load', { ...history, position: 2 }),
    sampleAction(first, 'zed', { position: 0 }),
    sampleAction(second, 'extract', history),
    sampleAction(other, 'extract'),
  ]
  const attempts = [2, 0, 1].map((ordinal) => sampleAttempt(extract, ordinal, { live: ordinal === 2 }))
  const slots = [
    sampleSlot(200, { nodeSlot: 1 }),
    sampleSlot(100),
    sampleSlot(300),
    sampleSlot(200),
    sampleSlot(250, { job: OTHER }),
  ]
  const audit = [
    sampleAudit('r2', { atMs: 20 }),
    sampleAudit('r1', { atMs: 10 }),
    sampleAudit('r3', { atMs: 30 }),
  ]
  await session.commit(
    ...runs.map((row): Change => ({ put: { table: 'runs', row } })),
    ...actions.map((row): Change => ({ put: { table: 'actions', row } })),
    ...attempts.map((row): Change => ({ put: { table: 'attempts', row } })),
    ...slots.map((row): Change => ({ put: { table: 'slots', row } })),
    ...audit.map((row): Change => ({ append: { table: 'audit', row } })),
    ...['ccc', 'aaa', 'bbb'].map((hash): Change => ({ put: { table: 'specs', row: sampleSpec({ hash }) } })),
  )
}

async function keys<Q extends QueryName>(session: Session, query: Query<Q>): Promise<readonly string[]> {
  const { rows } = await session.query(query)
  return rows.map((row) => keyOf(row))
}

function keyOf(row: object): string {
  if ('id' in row) return String(row.id)
  if ('key' in row) return String(row.key)
  if ('hash' in row) return String(row.hash)
  return 'request' in row ? String(row.request) : '?'
}

async function pageThrough(session: Session, limit: number): Promise<readonly string[]> {
  const seen: string[] = []
  let before: number | undefined
  for (let more = true; more; ) {
    const page = await session.query({ name: 'audit', params: before === undefined ? {} : { before }, limit })
    seen.push(...page.rows.map(({ request }) => request))
    before = page.rows.at(-1)?.atMs
    more = page.more && page.rows.length > 0
  }
  return seen
}
