import type { Tron } from '@tron/core'
import type { FakeRun } from '@tron/executor/fake'
import { replace } from '@tron/executor/testing'
import { type ConfigSnapshot, jobId, runId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import {
  action,
  createStage,
  executorsOf,
  history,
  inShort,
  job,
  ledger,
  MINUTE,
  START_MS,
  type Stage,
  snapshotOf,
} from './stage.ts'

const one = jobId('MASTER.one')
const two = jobId('MASTER.two')
const HOUR = 60 * MINUTE
const ANN = { actor: 'ann', source: 'cli' }

/** A copy of minute 2 takes over at minute 11, while the node that ran slots 3 and 5 is away. */
const tookOver = async (): Promise<{
  readonly stage: Stage
  readonly restored: Stage
  readonly tron: Tron
}> => {
  const stage = createStage(snapshotOf(job('one')))
  const before = await stage.start()
  await stage.clock.advance(2 * MINUTE + 1_000)
  await before[Symbol.asyncDispose]()
  const copy = stage.database.clone()
  const first = await stage.start()
  await stage.clock.advance(3 * MINUTE)
  await first[Symbol.asyncDispose]()
  await stage.clock.advance(6 * MINUTE)
  stage.cluster.setReachable('n1', false)
  const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
  const tron = await restored.start({ takeOver: true })
  await stage.clock.advance(5_000)
  return { stage, restored, tron }
}

/** A stage, and one with the copy of its records from before anything ran. */
const copied = async (snapshot: ConfigSnapshot, run: FakeRun): Promise<readonly [Stage, Stage]> => {
  const stage = createStage(snapshot, { run: () => run })
  const before = await stage.start()
  await before[Symbol.asyncDispose]()
  return [stage, createStage(snapshot, { stage, database: stage.database.clone() })]
}

describe('a job that came after the copy was made', () => {
  /** Slots 1 to 3 of both jobs ran; the copy that takes over is from before there was a second one. */
  const twoJobs = snapshotOf(job('one'), job('two'))
  const restore = async (snapshot: ConfigSnapshot): Promise<readonly [Tron, Stage]> => {
    const stage = createStage(twoJobs, { run: () => ({ afterMs: 50_000 }) })
    const alone = await createStage(snapshotOf(job('one')), { stage, database: stage.database }).start()
    await alone[Symbol.asyncDispose]()
    const copy = stage.database.clone()
    const first = await stage.start()
    await stage.clock.advance(3 * MINUTE + 1_000)
    await first[Symbol.asyncDispose]()
    const restored = createStage(snapshot, { stage, database: copy })
    return [await restored.start({ takeOver: true }), restored]
  }

  it('is found with its runs, and what runs is not run beside', async () => {
    const [tron, stage] = await restore(twoJobs)
    await using _ = tron
    await stage.clock.advance(1_000)
    expect((await history(tron, two)).slice(-3)).toEqual(['2 running', '1 succeeded', '0 succeeded'])
    await stage.clock.advance(2 * MINUTE)
    expect((await ledger(tron, two)).slice(0, 4)).toEqual([
      '1+0 found on node',
      '2+0 found on node',
      '3+0 found on node',
      '4+0 ran',
    ])
    expect(await history(tron, two)).toContain('103 succeeded')
  })

  it('repeats no run number when the configuration has it again', async () => {
    const [tron, stage] = await restore(snapshotOf(job('one')))
    await using _ = tron
    await stage.clock.advance(MINUTE)
    await stage.config.set(twoJobs)
    await stage.clock.advance(2 * MINUTE)
    expect((await history(tron, two)).at(-1)).toBe('3 succeeded')
  })
})

describe('a run that was found at a take-over', () => {
  it('began and ended with its actions, in whatever order the nodes tell of them', async () => {
    const actions = [action({ name: 'a', node: 'n2' }), action({ name: 'b', requires: ['a'] })]
    const [stage, copy] = await copied(snapshotOf(job('one', { actions })), { afterMs: 20_000 })
    const first = await stage.start()
    await stage.clock.advance(MINUTE + 50_000)
    await first[Symbol.asyncDispose]()
    await stage.clock.advance(10 * MINUTE)
    await using tron = await copy.start({ takeOver: true })
    await stage.clock.advance(1_000)
    const found = await tron.run(one, { number: 0 })
    const ends = found?.actions.map(({ row }) => row.endedMs) ?? []
    expect(ends).toEqual([START_MS + MINUTE + 20_000, START_MS + MINUTE + 40_000])
    expect(found?.row).toMatchObject({
      state: 'succeeded',
      startedMs: START_MS + MINUTE,
      endedMs: START_MS + MINUTE + 40_000,
    })
  })

  it.each([
    ['the one that it was asked for', Date.UTC(2025, 10, 9), '2025-11-09'],
    ['its start where it was asked for without one', undefined, '2026-01-05'],
  ])('has as its run time %s, for what an operator starts in it', async (_what, runMs, date) => {
    const actions = [{ name: 'a' }, { name: 'b', command: 'load {shortdate}', requires: ['a'] }]
    const yearly = snapshotOf(job('one', { cron: '0 0 1 1 *', actions }))
    const [stage, copy] = await copied(yearly, { afterMs: null })
    const first = await stage.start()
    const asked = runMs === undefined ? {} : { runMs }
    await stage.command(first, { kind: 'job', job: one, verb: 'start', ...asked })
    await stage.clock.advance(1_000)
    await first[Symbol.asyncDispose]()
    await stage.clock.advance(50 * HOUR)
    await using tron = await copy.start({ takeOver: true })
    await copy.command(tron, { kind: 'action', run: runId(one, 1), action: 'b', verb: 'start' })
    const found = await tron.run(one, { number: 1 })
    expect(found?.row.runMs).toBe(runMs ?? START_MS)
    expect(found?.actions[1]?.row.command).toBe(`load ${date}`)
  })

  it('leaves its cleanup to an operator', async () => {
    const cleanup = action({ name: 'cleanup' })
    const [stage, copy] = await copied(snapshotOf(job('one', { cleanup })), { afterMs: 20_000 })
    const first = await stage.start()
    await stage.clock.advance(MINUTE + 5_000)
    await first[Symbol.asyncDispose]()
    await using tron = await copy.start({ takeOver: true })
    await stage.clock.advance(30_000)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded cleanup=waiting')
    await copy.command(tron, { kind: 'action', run: runId(one, 0), action: 'cleanup', verb: 'start' })
    await stage.clock.advance(30_000)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded cleanup=succeeded')
  })

  it('has the run time of its slot, jitter and all', async () => {
    const schedule = { kind: 'cron', value: '0 * * * *', jitterMs: 10 * MINUTE, zone: 'UTC' } as const
    const [stage, copy] = await copied(snapshotOf(job('one', { schedule })), { afterMs: 0 })
    const first = await stage.start()
    await stage.clock.advance(2 * HOUR)
    const planned = (await first.run(one, { number: 0 }))?.row
    await first[Symbol.asyncDispose]()
    await using tron = await copy.start({ takeOver: true })
    await stage.clock.advance(1_000)
    const found = (await tron.run(one, { number: 0 }))?.row
    expect(planned?.runMs).not.toBe(planned?.slotMs)
    expect([found?.slotMs, found?.runMs]).toEqual([planned?.slotMs, planned?.runMs])
  })
})

describe('an action that may have run before the take-over', () => {
  it('is not called never started while its node is away', async () => {
    const actions = [action({ name: 'a' }), action({ name: 'b', node: 'n2', requires: ['a'] })]
    const snapshot = snapshotOf(job('one', { actions }))
    const stage = createStage(snapshot, { run: () => ({ afterMs: 20_000 }) })
    const first = await stage.start()
    await stage.clock.advance(MINUTE + 5_000)
    await first[Symbol.asyncDispose]()
    const copy = stage.database.clone()
    const second = await stage.start()
    await stage.clock.advance(50_000)
    expect(await inShort(second, one, 0)).toBe('succeeded: a=succeeded b=succeeded')
    await second[Symbol.asyncDispose]()
    stage.cluster.setReachable('n2', false)
    const restored = createStage(snapshot, { stage, database: copy })
    await using tron = await restored.start({ takeOver: true })
    await stage.clock.advance(30_000)
    expect(await inShort(tron, one, 0)).toBe('starting: a=succeeded b=starting')
    stage.cluster.setReachable('n2', true)
    await stage.clock.advance(MINUTE)
    expect(await inShort(tron, one, 0)).toBe('succeeded: a=succeeded b=succeeded')
    const keys = stage.cluster.ledger.map(({ startKey }) => startKey)
    expect(keys).toEqual([...new Set(keys)])
  })
})

describe('a node that is met late after a take-over', () => {
  it('has its slots taken out of the row that called them missed, with true counts', async () => {
    const { stage, tron } = await tookOver()
    await using _ = tron
    expect((await ledger(tron, one)).slice(2)).toEqual(['3+8 missed'])
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(MINUTE)
    expect((await ledger(tron, one)).slice(2, 6)).toEqual([
      '3+0 found on node',
      '4+0 found on node',
      '5+0 found on node',
      '6+5 missed',
    ])
    expect((await history(tron, one)).length).toBeGreaterThan(5)
  })

  it('has them counted by the schedule of then, where the job has another one now', async () => {
    const { stage, restored, tron } = await tookOver()
    await using _ = tron
    await restored.config.set(snapshotOf(job('one', { cron: '*/7 * * * *' })))
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(5_000)
    expect((await ledger(tron, one)).slice(2, 6)).toEqual([
      '3+0 found on node',
      '4+0 found on node',
      '5+0 found on node',
      '6+5 missed',
    ])
  })

  it('answers a repeated recovery with its first answer, and refuses one under the request of a command', async () => {
    const { restored, tron } = await tookOver()
    await using _ = tron
    const ask = (requestId: string) => tron.recoverWithout('n1', { ...ANN, requestId })
    await restored.command(tron, { kind: 'job', job: one, verb: 'enable' }, 'turn')
    expect(await ask('turn')).toEqual({
      outcome: 'reused',
      text: 'The request id "turn" was used for another command: enable MASTER.one',
      runs: [],
    })
    const answer = await ask('go on')
    expect(answer.outcome).toBe('done')
    expect(await ask('go on')).toEqual(answer)
    expect(await ask('once more')).toMatchObject({ outcome: 'not-found' })
    expect(await ask('once more')).toMatchObject({ outcome: 'not-found' })
    expect(
      restored.database.rows('audit').map(({ request, actor, source }) => [request, actor, source]),
    ).toEqual([
      ['turn', 'ann', 'test'],
      ['go on', 'ann', 'cli'],
      ['once more', 'ann', 'cli'],
    ])
  })

  it('is named where an operator gives up another, and nothing is given up', async () => {
    const { tron } = await tookOver()
    await using _ = tron
    expect(tron.status().waitingFor).toEqual(['n1'])
    expect(await tron.recoverWithout('n2', { ...ANN, requestId: 'wrong' })).toEqual({
      outcome: 'not-found',
      text: 'No take-over waits for node "n2", only for n1',
      runs: [],
    })
    expect(tron.status().waitingFor).toEqual(['n1'])
  })

  it('holds nothing back once it is given up, and is imported from should it ever answer, after a restart too', async () => {
    const { stage, restored, tron } = await tookOver()
    await tron.recoverWithout('n1', { ...ANN, requestId: 'go on' })
    expect([tron.status().waitingFor, tron.job(one)?.held]).toEqual([[], []])
    await tron[Symbol.asyncDispose]()
    await using again = await restored.start()
    expect(again.status().state).toBe('working')
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(3 * MINUTE)
    expect(again.status().state).toBe('working')
    expect((await ledger(again, one)).slice(2, 5)).toEqual([
      '3+0 found on node',
      '4+0 found on node',
      '5+0 found on node',
    ])
    const launches = Map.groupBy(stage.cluster.ledger, ({ id }) => id)
    expect([...launches.values()].map((each) => each.length)).toEqual([...launches.keys()].map(() => 1))
  })

  it('holds back what the configuration adds or moves meanwhile, also where it leaves the configuration itself', async () => {
    const { stage, restored, tron } = await tookOver()
    const [added, moved, elsewhere] = [
      job('added'),
      job('one', { node: 'n2' }),
      job('elsewhere', { node: 'n3' }),
    ]
    await restored.config.set(snapshotOf(added, moved, elsewhere))
    const heldOf = (scheduler: Tron) =>
      [added, moved, elsewhere].map(({ id }) => scheduler.job(id)?.held.length)
    expect(heldOf(tron)).toEqual([1, 1, 0])
    const { n1: _gone, ...nodes } = snapshotOf().nodes
    await restored.config.set({ ...snapshotOf(moved, elsewhere), nodes })
    await tron[Symbol.asyncDispose]()
    await using again = await restored.start()
    await stage.clock.advance(3 * MINUTE)
    expect(again.status().waitingFor).toEqual(['n1'])
    expect([again.job(one)?.held.length, again.job(elsewhere.id)?.held]).toEqual([1, []])
    expect((await history(again, one))[0]).toContain('scheduled')
    await again.recoverWithout('n1', { ...ANN, requestId: 'go on' })
    expect(again.job(one)?.held).toEqual([])
    await stage.clock.advance(2 * MINUTE)
    expect((await ledger(again, one)).at(-1)).toContain('ran')
  })

  it('is not forgotten by a second take-over after it left the configuration', async () => {
    const { restored, tron } = await tookOver()
    await tron[Symbol.asyncDispose]()
    const { n1: _gone, ...nodes } = snapshotOf().nodes
    await restored.config.set({ ...snapshotOf(job('one', { node: 'n2' })), nodes })
    await using again = await restored.start({ takeOver: true })
    await restored.clock.advance(5_000)
    expect(again.status().waitingFor).toEqual(['n1'])
    expect(again.job(one)?.held.length).toBe(1)
  })

  it('leaves no timer behind when the scheduler stops while it is asked again', async () => {
    const { restored, tron } = await tookOver()
    await tron[Symbol.asyncDispose]()
    const executors = executorsOf(restored, (executor) =>
      replace(executor, {
        // oxlint-disable-next-line require-yield -- it is never answered
        async *inventory() {
          throw new Error('not now')
        },
      }),
    )
    const again = await restored.start({ executors })
    restored.cluster.setReachable('n1', true)
    await restored.clock.advance(5_000)
    expect(again.status().waitingFor).toEqual(['n1'])
    await again[Symbol.asyncDispose]()
    expect(restored.clock.untilNextMs()).toBe(null)
  })

  it('cannot be given up by a scheduler that does not work', async () => {
    const { restored, tron } = await tookOver()
    await using _ = tron
    restored.database.failNext({ kind: 'unavailable' })
    await restored.command(tron, { kind: 'job', job: one, verb: 'enable' })
    expect(await tron.recoverWithout('n1', { ...ANN, requestId: 'once more' })).toMatchObject({
      outcome: 'degraded',
    })
  })

  it('is not given up by a request whose commit the store does not take', async () => {
    const { restored, tron } = await tookOver()
    await using _ = tron
    restored.database.failNext({ kind: 'full' })
    expect(await tron.recoverWithout('n1', { ...ANN, requestId: 'in vain' })).toMatchObject({
      outcome: 'degraded',
    })
    await restored.clock.advance(40_000)
    expect(tron.status()).toMatchObject({ state: 'working', waitingFor: ['n1'] })
  })
})
