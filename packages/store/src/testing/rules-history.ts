import assert from 'node:assert/strict'
import { type JobId, jobId } from '@tron/model'
import type { Change, Row } from '../contract.ts'
import type { Query } from '../queries.ts'
import { type StoreFixture, type StoreRule, sortRows, start } from './rule.ts'
import { SAMPLE_JOB, sampleAction, sampleAttempt, sampleAudit, sampleRun, sampleSlot } from './sample-rows.ts'

/** Rows of history that the rules put unless told otherwise: enough to be too many for one page of anything. */
const HISTORY_ROWS = 20_000

/** A run of the history is itself, an action, a slot, and the request that asked for it; every fourth one has an attempt. */
const ROWS_OF_FOUR_RUNS = 17
const JOBS = 10
/** So many runs are live, spread over the whole history, however long it is. */
const LIVE_RUNS = 20
const RUNS_OF_COMMIT = 2000

/**
 * What must not depend on how much has happened: start-up and the answers to queries. A database that has the history already, from an earlier rule,
 * is not filled again.
 */
export function historyRules(historyRows: number = HISTORY_ROWS): readonly StoreRule[] {
  const history = planHistory(historyRows)
  return [
    {
      name: 'load sees live rows alone, however long the history is',
      async check(fixture) {
        await fill(fixture, history)
        await using session = await start(fixture)
        const seen: Row[] = []
        let pages = 0
        for await (const page of session.store.load(session.lease)) {
          pages += 1
          seen.push(...page)
        }
        assert.equal(seen.length, LIVE_RUNS * 3)
        assert.deepEqual(sortRows(seen), sortRows(history.live()))
        assert.ok(pages <= seen.length, `${pages} pages for ${seen.length} rows`)
      },
    },
    {
      name: 'queries find the newest and the oldest of a long history',
      async check(fixture) {
        await fill(fixture, history)
        await using session = await start(fixture)
        for (const [query, found, more] of expectedOf(history.runs)) {
          const page = await session.query(query)
          const numbers = page.rows.map((row) => numberOf(row))
          assert.deepEqual({ numbers, more: page.more }, { numbers: found, more }, JSON.stringify(query))
        }
      },
    },
  ]
}

interface History {
  readonly runs: number
  /** The changes of one run. */
  changes(at: number): readonly Change[]
  /** What start-up must see. */
  live(): readonly Row[]
}

function planHistory(historyRows: number): History {
  const runs = Math.ceil((historyRows * 4) / ROWS_OF_FOUR_RUNS / RUNS_OF_COMMIT) * RUNS_OF_COMMIT
  const step = runs / LIVE_RUNS
  const rows = (at: number) => rowsOfRun(at, at % step === 0)
  return {
    runs,
    changes: (at) => [
      ...rows(at).map((put): Change => ({ put })),
      { put: { table: 'slots', row: sampleSlot(at, { job: jobOf(at) }) } },
      { append: { table: 'audit', row: sampleAudit(`r${at}`, { atMs: at }) } },
    ],
    live: () => Array.from({ length: LIVE_RUNS }, (_, index) => rows(index * step)).flat(),
  }
}

function jobOf(at: number): JobId {
  const number = at % JOBS
  return jobId(number === 0 ? SAMPLE_JOB : `ns.job-${number}`)
}

/** A run with its action and attempt, if it has one. The first one of each job has failed, all others have not. */
function rowsOfRun(at: number, live: boolean): readonly Row[] {
  const state = at < JOBS ? 'failed' : 'succeeded'
  const run = sampleRun(Math.floor(at / JOBS), { job: jobOf(at), phase: 'ended', state, endedMs: at, live })
  const action = sampleAction(run, 'extract', { state, endedMs: at, live })
  const attempt = sampleAttempt(action, 0, { phase: 'ended', released: !live, live })
  const rows: readonly Row[] = [
    { table: 'runs', row: run },
    { table: 'actions', row: action },
  ]
  return at % 4 === 0 ? [...rows, { table: 'attempts', row: attempt }] : rows
}

/** Puts what is not there yet, in large commits, each made while the store is busy with the one before. */
async function fill(fixture: StoreFixture, history: History): Promise<void> {
  await using session = await start(fixture)
  const commits = history.runs / RUNS_OF_COMMIT
  let changes = changesAfter(session.seq, history)
  while (session.seq < commits) {
    const taken = session.commit(...changes)
    changes = changesAfter(session.seq + 1, history)
    await taken
  }
  assert.equal(session.seq, commits, 'the database has something else than the history')
}

/** What the commit after `seq` puts. */
function changesAfter(seq: number, history: History): readonly Change[] {
  const runs = Array.from({ length: RUNS_OF_COMMIT }, (_, index) => seq * RUNS_OF_COMMIT + index)
  return runs.flatMap((at) => history.changes(at))
}

/** Queries, the numbers of the rows that they must find, and whether there is more. */
function expectedOf(runs: number): readonly (readonly [Query, readonly number[], boolean])[] {
  const job = SAMPLE_JOB
  const newest = runs / JOBS - 1
  const of = { job, name: 'extract' }
  return [
    [{ name: 'runsOfJob', params: { job }, limit: 3 }, [newest, newest - 1, newest - 2], true],
    [{ name: 'runsOfJob', params: { job, before: 2 }, limit: 9 }, [1, 0], false],
    [{ name: 'runsOfJob', params: { job, state: 'failed' }, limit: 9 }, [0], false],
    [{ name: 'actionHistory', params: of, limit: 2 }, [newest, newest - 1], true],
    [{ name: 'actionHistory', params: { ...of, before: 1 }, limit: 2 }, [0], false],
    [{ name: 'slotsOfJob', params: { job }, limit: 1 }, [newest * JOBS], true],
    [{ name: 'slotsOfJob', params: { job, before: JOBS }, limit: 9 }, [0], false],
    [{ name: 'audit', params: {}, limit: 2 }, [runs - 1, runs - 2], true],
    [{ name: 'audit', params: { before: 2 }, limit: 9 }, [1, 0], false],
    [{ name: 'request', params: { request: 'r0' }, limit: 9 }, [0], false],
    [{ name: 'run', params: { id: sampleRun(0).id }, limit: 9 }, [0], false],
    [{ name: 'attemptsOfRun', params: { run: sampleRun(0).id }, limit: 9 }, [0], false],
    [{ name: 'attemptsOfRun', params: { run: sampleRun(newest - 1).id }, limit: 9 }, [newest - 1], false],
  ]
}

function numberOf(row: object): number {
  if ('runNumber' in row) return Number(row.runNumber)
  if ('number' in row) return Number(row.number)
  if ('fromMs' in row) return Number(row.fromMs)
  return 'atMs' in row ? Number(row.atMs) : Number.NaN
}
