import type { Tron } from '@tron/core'
import { replace } from '@tron/executor/testing'
import { type JobId, jobId, runId } from '@tron/model'
import { settle } from '@tron/model/testing'
import type { Store, StoreHost } from '@tron/store'
import { memoryStoreModule } from '@tron/store/memory'
import { wrapStore } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import { createStage, executorsOf, job, MINUTE, START_MS, type Stage, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')

/** The last success of a job as it shows, in minutes after the start: what the run was for, and when it ended. */
function lastSuccess(tron: Tron, id: JobId): string | null {
  const row = tron.job(id)?.row
  if (row?.lastSuccessRunMs == null || row.lastSuccessMs === null) return null
  const [run, end] = [row.lastSuccessRunMs, row.lastSuccessMs].map((ms) => (ms - START_MS) / MINUTE)
  return `${row.lastSuccessNumber}: for ${run}, ended ${end}`
}

const verdict = (stage: Stage, tron: Tron, given: { number: number; verb: 'success' | 'fail' }) =>
  stage.command(tron, { kind: 'action', run: runId(one, given.number), action: 'first', verb: given.verb })

/** Two runs that succeeded, which are history, and one that waits. Commits of verdicts wait for what is given. */
async function twoRuns(held: Promise<void> = Promise.resolve()) {
  const stage = createStage(snapshotOf(job('one')))
  const inner = memoryStoreModule(stage.database)
  const module = {
    ...inner,
    async open(options: unknown, host: StoreHost) {
      const store = await inner.open(options, host)
      const commit: Store['commit'] = async (lease, wanted) => {
        if (wanted.changes.some(({ append }) => append !== undefined)) await held
        return store.commit(lease, wanted)
      }
      return wrapStore(store, { commit })
    },
  }
  const tron = await stage.start({ store: { module, options: {} } })
  await stage.clock.advance(2.5 * MINUTE)
  expect(tron.stats()).toMatchObject({ liveRuns: 1 })
  return { stage, tron }
}

describe('the last success of a job', () => {
  it('is the newest run that succeeded, also where an older one ends after it', async () => {
    const stage = createStage(snapshotOf(job('one', { allowOverlap: true })), {
      run: ({ runNumber }) => ({ afterMs: runNumber === 0 ? 1.5 * MINUTE : 0 }),
    })
    await using tron = await stage.start()
    await stage.clock.advance(2.25 * MINUTE)
    expect(lastSuccess(tron, one)).toBe('1: for 2, ended 2')
    await stage.clock.advance(0.5 * MINUTE)
    expect(await tron.run(one, { number: 0 })).toMatchObject({ row: { state: 'succeeded' } })
    expect(lastSuccess(tron, one)).toBe('1: for 2, ended 2')
  })

  it('stays when an older run is called a success, and is what commands are given', async () => {
    const first = { name: 'first', command: 'run {last_success#unixtime}' }
    const stage = createStage(snapshotOf(job('one', { actions: [first] })), {
      run: ({ runNumber }) => ({ afterMs: 0, code: runNumber === 0 ? 1 : 0 }),
    })
    await using tron = await stage.start()
    await stage.clock.advance(2.5 * MINUTE)
    await verdict(stage, tron, { number: 0, verb: 'success' })
    expect(lastSuccess(tron, one)).toBe('1: for 2, ended 2')
    await stage.clock.advance(MINUTE)
    const unixTime = (START_MS + 2 * MINUTE) / 1_000
    expect(stage.cluster.ledger.at(-1)?.command).toBe(`run ${unixTime}`)
  })

  it('is the one before when the newest is called a failure, as far back as runs are kept', async () => {
    const { stage, tron } = await twoRuns()
    expect(lastSuccess(tron, one)).toBe('1: for 2, ended 2')
    await verdict(stage, tron, { number: 1, verb: 'fail' })
    expect(lastSuccess(tron, one)).toBe('0: for 1, ended 1')
    await verdict(stage, tron, { number: 0, verb: 'fail' })
    expect(lastSuccess(tron, one)).toBeNull()
    await verdict(stage, tron, { number: 1, verb: 'success' })
    expect(lastSuccess(tron, one)).toBe('1: for 2, ended 2.5')
    await tron[Symbol.asyncDispose]()
  })

  it('is right when several are called failures at the same moment', async () => {
    const gate = Promise.withResolvers<void>()
    const { stage, tron } = await twoRuns(gate.promise)
    const older = verdict(stage, tron, { number: 0, verb: 'fail' })
    await settle()
    const newer = verdict(stage, tron, { number: 1, verb: 'fail' })
    await settle()
    gate.resolve()
    await Promise.all([older, newer])
    expect(lastSuccess(tron, one)).toBeNull()
    await tron[Symbol.asyncDispose]()
  })

  it('is the one before also where that one is in memory still', async () => {
    const stage = createStage(snapshotOf(job('one')))
    const release = () => Promise.reject(new Error('not now'))
    const executors = executorsOf(stage, (executor) => replace(executor, { release }))
    await using tron = await stage.start({ executors })
    await stage.clock.advance(2.5 * MINUTE)
    expect(tron.stats()).toMatchObject({ liveRuns: 3 })
    await verdict(stage, tron, { number: 1, verb: 'fail' })
    expect(lastSuccess(tron, one)).toBe('0: for 1, ended 1')
  })

  it('is none when the run is not kept any more', async () => {
    const stage = createStage(snapshotOf(job('one', { runLimit: 2 })), {
      run: ({ runNumber }) => ({ afterMs: 0, code: runNumber === 0 ? 0 : 1 }),
    })
    await using tron = await stage.start()
    await stage.clock.advance(1.5 * MINUTE)
    expect(lastSuccess(tron, one)).toBe('0: for 1, ended 1')
    await stage.clock.advance(2 * MINUTE)
    expect(await tron.run(one, { number: 0 })).toBeUndefined()
    expect(lastSuccess(tron, one)).toBeNull()
  })

  it('survives a crash right after a verdict took it away', async () => {
    const { stage, tron } = await twoRuns()
    await verdict(stage, tron, { number: 1, verb: 'fail' })
    await stage.crash(tron)
    await using again = await stage.start()
    expect(lastSuccess(again, one)).toBe('0: for 1, ended 1')
  })
})
