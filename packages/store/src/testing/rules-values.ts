import assert from 'node:assert/strict'
import type { JsonValue } from '@tron/model'
import type { Change } from '../contract.ts'
import type { AttemptRow, RunRow } from '../rows.ts'
import { type Session, type StoreRule, start, takeCommits } from './rule.ts'
import { sampleAction, sampleAttempt, sampleAudit, sampleRun } from './sample-rows.ts'
import { meddle } from './unsafe-meddle.ts'

const TEXTS = [
  '',
  ' ',
  'plain',
  'naïve Ünïcödé',
  '日本語',
  '🚀👩‍👩‍👧‍👦',
  '\u0000',
  'a\u0000b',
  '"quoted" \\ \' ; --',
  'a\r\nb\tc',
  '\u{10ffff}\uffff\ufeff',
  'x'.repeat(100_000),
]

const NUMBERS = [
  0,
  1,
  -1,
  2 ** 31,
  -(2 ** 31) - 1,
  2 ** 51 + 1,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
]

const JSON_VALUES: readonly JsonValue[] = [
  null,
  true,
  false,
  0,
  -1.5,
  1e300,
  Number.MAX_SAFE_INTEGER,
  '',
  'null',
  '\u0000🚀',
  [],
  {},
  [null, [[]], { '': {} }],
  { ключ: { 日本: ['🚀', { 'a.b': 1e-7 }] } },
]

/** What goes in comes out. */
export const valueRules: readonly StoreRule[] = [
  {
    name: 'every column comes back as it was put',
    async check(fixture) {
      const attempts = sampleAttempts()
      const runs = sampleRuns()
      {
        await using session = await start(fixture)
        await session.commit(
          ...attempts.map((row): Change => ({ put: { table: 'attempts', row } })),
          ...runs.map((row): Change => ({ put: { table: 'runs', row } })),
        )
      }
      await using after = await start(fixture)
      for (const row of attempts) {
        const { rows } = await after.query({ name: 'attempt', params: { id: row.id }, limit: 1 })
        assert.deepEqual(rows, [row])
      }
      for (const row of runs) {
        const { rows } = await after.query({ name: 'run', params: { id: row.id }, limit: 1 })
        assert.deepEqual(rows, [row])
      }
    },
  },
  {
    name: 'keys may be any text',
    async check(fixture) {
      await using session = await start(fixture)
      const requests = [...TEXTS, 'é'.normalize('NFC'), 'é'.normalize('NFD'), 'A', 'a']
      const rows = requests.map((request) => sampleAudit(request, { subject: request }))
      await session.commit(...rows.map((row): Change => ({ append: { table: 'audit', row } })))
      for (const row of rows) {
        const found = await session.query({ name: 'request', params: { request: row.request }, limit: 2 })
        assert.deepEqual(found.rows, [row])
      }
    },
  },
  {
    name: 'half of a surrogate pair is kept or refused, never changed',
    async check(fixture) {
      await using session = await start(fixture)
      const run = sampleRun(1, { actor: 'lone \ud800 surrogate', note: '\udc00' })
      const attempt = sampleAttempt(sampleAction(run, 'a'), 0, { spec: { '\ud83d': '\ude80' } })
      if (!(await isTaken(session, { put: { table: 'runs', row: run } }))) return
      if (!(await isTaken(session, { put: { table: 'attempts', row: attempt } }))) return
      const runs = await session.query({ name: 'run', params: { id: run.id }, limit: 1 })
      const attempts = await session.query({ name: 'attempt', params: { id: attempt.id }, limit: 1 })
      assert.deepEqual([runs.rows, attempts.rows], [[run], [attempt]])
    },
  },
  {
    name: 'JSON members that are undefined are left out',
    async check(fixture) {
      await using session = await start(fixture)
      const spec = { here: 1, gone: undefined, deep: [{ gone: undefined }] }
      const attempt = sampleAttempt(sampleAction(sampleRun(1), 'a'), 0, { spec })
      await session.commit({ put: { table: 'attempts', row: attempt } })
      const { rows } = await session.query({ name: 'attempt', params: { id: attempt.id }, limit: 1 })
      assert.deepEqual(rows[0]?.spec, { here: 1, deep: [{}] })
    },
  },
  {
    name: 'nobody can change what is stored but by a commit',
    async check(fixture) {
      await using session = await start(fixture)
      const env = { LANG: 'C' }
      const attempt = sampleAttempt(sampleAction(sampleRun(1), 'a'), 0, { env })
      const before = structuredClone(attempt)
      await session.commit({ put: { table: 'attempts', row: attempt } })
      meddle(attempt, 'command', 'rm -rf /')
      meddle(env, 'LANG', 'other')
      const query = { name: 'attempt', params: { id: attempt.id }, limit: 1 } as const
      const first = await session.query(query)
      assert.deepEqual(first.rows, [before])
      for (const row of first.rows) {
        meddle(row, 'command', 'rm -rf /')
        meddle(row.env, 'LANG', 'other')
      }
      assert.deepEqual((await session.query(query)).rows, [before])
    },
  },
  {
    name: 'everything that it hands out is plain data',
    async check(fixture) {
      await using session = await start(fixture)
      const attempt = sampleAttempt(sampleAction(sampleRun(1), 'a'), 0, { spec: { deep: [1, { two: '2' }] } })
      await session.commit({ put: { table: 'attempts', row: attempt } })
      const { epoch, nonce, seq, issued } = session.lease
      const given: readonly unknown[] = [
        { epoch, nonce, seq, issued },
        await session.query({ name: 'attempt', params: { id: attempt.id }, limit: 1 }),
        await session.load(),
        await takeCommits(session.store, 0, 1),
      ]
      for (const each of given) assert.deepEqual(structuredClone(each), each)
    },
  },
  {
    name: 'thousands of changes fit in one commit',
    async check(fixture) {
      const count = 5000
      {
        await using session = await start(fixture)
        const runs = Array.from({ length: count }, (_, number) =>
          sampleRun(number, { live: number % 10 === 0 }),
        )
        await session.commit(...runs.map((row): Change => ({ put: { table: 'runs', row } })))
        await session.commit(
          ...runs.map((row): Change => ({ put: { table: 'runs', row: { ...row, note: 'seen' } } })),
        )
      }
      await using after = await start(fixture)
      assert.equal((await after.load()).length, count / 10)
      const page = await after.query({ name: 'runsOfJob', params: { job: 'ns.nightly' }, limit: 10_000 })
      assert.equal(page.rows.filter(({ note }) => note === 'seen').length, count)
    },
  },
]

function sampleAttempts(): readonly AttemptRow[] {
  const action = sampleAction(sampleRun(1), 'a')
  return [
    ...JSON_VALUES.map((spec, at) => sampleAttempt(action, at, { spec, outcome: spec })),
    sampleAttempt(action, 900, {
      env: { PATH: '/bin', naïve: '日本語 🚀' },
      stopped: { atMs: 5, signalled: ['1'], survivors: [] },
      stopWanted: 'KILL',
      released: true,
    }),
  ]
}

function sampleRuns(): readonly RunRow[] {
  return [
    ...TEXTS.map((text, at) => sampleRun(at, { actor: text, note: text })),
    ...NUMBERS.map((value, at) => sampleRun(100 + at, { runMs: value, dueMs: value })),
    sampleRun(200, { manual: true, cancelling: true, live: false, startedMs: null, slotMs: null }),
  ]
}

async function isTaken(session: Session, change: Change): Promise<boolean> {
  return session.try({ changes: [change] }).then(
    (result) => result.ok,
    () => false,
  )
}
