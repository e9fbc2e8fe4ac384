import type { Executor, Outcome } from '@tron/executor'
import type { FakeRun } from '@tron/executor/fake'
import { changeEvents, replace } from '@tron/executor/testing'
import { jobId, runId, TRON_EXIT } from '@tron/model'
import { describe, expect, it } from 'vitest'
import {
  createStage,
  executorsOf,
  history,
  inShort,
  job,
  MINUTE,
  START_MS,
  type Stage,
  snapshotOf,
} from './stage.ts'

const one = jobId('MASTER.one')
const first = runId(one, 0)
const SECOND = 1_000

/** A stage on which the first slot's command is running. */
function stageWith(run: FakeRun): Stage {
  const second = { afterMs: 0 }
  const runs = [run]
  return createStage(snapshotOf(job('one')), { run: () => runs.shift() ?? second })
}

const onRun = (verb: 'stop' | 'cancel') => ({ kind: 'run', run: first, verb }) as const
const onAction = (verb: 'stop' | 'kill' | 'cancel' | 'success') =>
  ({ kind: 'action', run: first, action: 'first', verb }) as const

describe('a stop, where a child outlives the command and ignores TERM', () => {
  const outliving = { afterMs: null, leavesForMs: null }

  it.each([onRun('stop'), onAction('stop')])(
    'is done when the child is gone: until then the action is open, says why, and nothing follows it (%o)',
    async (subject) => {
      const stage = stageWith(outliving)
      await using tron = await stage.start()
      await stage.clock.advance(2 * MINUTE + SECOND)
      expect(await history(tron, one)).toEqual(['1 queued', '0 running'])
      await stage.command(tron, subject)
      await stage.clock.advance(5 * SECOND)
      expect(await history(tron, one)).toEqual(['1 queued', '0 running'])
      const view = await tron.run(one, { number: 0 })
      expect(view?.actions[0]?.row).toMatchObject({
        state: 'running',
        reason: 'its command ended; whether anything of it survives the stop is not known yet',
      })
      expect(view?.actions[0]?.attempts[0]).toMatchObject({ phase: 'ended', released: false, leftRunning: 1 })
      await stage.clock.advance(10 * SECOND)
      expect(await history(tron, one)).toEqual(['2 scheduled', '1 succeeded', '0 failed'])
      const [after] = (await tron.run(one, { number: 0 }))?.actions ?? []
      expect(after?.row).toMatchObject({ exitStatus: 143, exitStatuses: [143], reason: null })
      expect(after?.attempts[0]).toMatchObject({
        leftRunning: 0,
        released: true,
        stopped: { survivors: [] },
      })
    },
  )

  it('is seen through after a crash within the grace', async () => {
    const stage = stageWith(outliving)
    const tron = await stage.start()
    await stage.clock.advance(2 * MINUTE + SECOND)
    await stage.command(tron, onRun('stop'))
    await stage.clock.advance(2 * SECOND)
    await stage.crash(tron)
    await using again = await stage.start()
    await stage.clock.advance(5 * SECOND)
    expect(await history(again, one)).toEqual(['1 queued', '0 running'])
    await stage.clock.advance(10 * SECOND)
    expect(await history(again, one)).toEqual(['2 scheduled', '1 succeeded', '0 failed'])
    expect(isLeft(stage)).toBe(false)
  })

  it.each([
    ['becomes a kill that does not wait for the grace', 'kill', 'failed'],
    ['lets a cancel wait until the child is gone', 'cancel', 'running'],
    ['leaves a verdict alone that is given meanwhile', 'success', 'succeeded'],
  ] as const)('%s, and is seen through', async (_what, verb, atOnce) => {
    const stage = stageWith(outliving)
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + SECOND)
    await stage.command(tron, onAction('stop'))
    await stage.clock.advance(SECOND)
    expect((await stage.command(tron, onAction(verb))).outcome).toBe('done')
    await stage.clock.advance(SECOND)
    expect(await inShort(tron, one, 0)).toBe(`${atOnce}: first=${atOnce}`)
    await stage.clock.advance(15 * SECOND)
    const inTheEnd = verb === 'cancel' ? 'cancelled' : atOnce
    expect(await inShort(tron, one, 0)).toBe(`${inTheEnd}: first=${inTheEnd}`)
    expect(isLeft(stage)).toBe(false)
  })

  it.each([
    ['is not waited for where its node was rebooted', lost('reboot'), 'unknown'],
    ['is not waited for where another machine stands', lost('replaced'), 'unknown'],
    ['is waited for where nobody saw its end', lost('killed'), 'running'],
    ['is waited for where it ended', { type: 'exited', code: 1 }, 'running'],
  ] as const)('%s', async (_what, outcome, state) => {
    const stage = stageWith(outliving)
    await using tron = await stage.start({ executors: executorsOf(stage, deaf) })
    await stage.clock.advance(MINUTE + SECOND)
    await stage.command(tron, onRun('stop'))
    const [launch] = stage.cluster.ledger
    if (launch !== undefined) stage.cluster.finish(launch.id, outcome)
    await stage.clock.advance(MINUTE)
    expect(await inShort(tron, one, 0)).toBe(`${state}: first=${state}`)
  })
})

describe('a stop of what a command left running', () => {
  it.each([
    ['before its output was released', 300],
    ['when it is history', 30 * SECOND],
  ])('ends it %s, and changes nothing else of the run', async (_when, afterMs) => {
    const stage = stageWith({ afterMs: 0, leavesForMs: null })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + afterMs)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
    expect((await stage.command(tron, onAction('kill'))).text).toBe(
      'Attempting to kill ActionRun: MASTER.one.0.first',
    )
    await stage.clock.advance(SECOND)
    expect(isLeft(stage)).toBe(false)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
    await stage.clock.advance(SECOND)
    expect(tron.stats()).toMatchObject({ liveRuns: 1, liveAttempts: 0 })
    expect(await stage.command(tron, onAction('kill'))).toMatchObject({
      outcome: 'refused',
      text: 'Failed to kill MASTER.one.0.first: no command of it is running. State is succeeded.',
    })
  })

  it('survives a crash', async () => {
    const stage = stageWith({ afterMs: 0, leavesForMs: null })
    const tron = await stage.start()
    await stage.clock.advance(MINUTE + 30 * SECOND)
    await stage.command(tron, onRun('stop'))
    await stage.crash(tron)
    await using again = await stage.start()
    await stage.clock.advance(15 * SECOND)
    expect(isLeft(stage)).toBe(false)
    expect(again.stats()).toMatchObject({ liveRuns: 1, liveAttempts: 0 })
  })
})

describe('a stop that something survives', () => {
  it('is tried again until nothing does', async () => {
    const stage = stageWith({ afterMs: 5 * MINUTE, survivors: ['4711'] })
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE + SECOND)
    await stage.command(tron, onRun('stop'))
    await stage.clock.advance(2 * MINUTE)
    const view = await tron.run(one, { number: 0 })
    expect(view?.actions[0]?.row).toMatchObject({
      state: 'running',
      stopsAsked: [{ verb: 'stop', actor: 'ann' }],
      note: '1 processes survived the stop: 4711',
    })
    const { stopped } = view?.actions[0]?.attempts[0] ?? {}
    expect(stopped?.atMs).toBeGreaterThan(START_MS + 2 * MINUTE)
    await stage.clock.advance(5 * MINUTE)
    expect(await inShort(tron, one, 0)).toBe('succeeded: first=succeeded')
  })
})

describe('a stop by an executor that cannot tell what comes of it', () => {
  const cannotTell = { survivors: null, signalled: ['TERM'] }

  it('ends its action with the command, and says that the rest is not known', async () => {
    const stage = stageWith({ afterMs: null, leavesForMs: null })
    const executors = executorsOf(stage, (executor) =>
      replace(withoutProofs(executor), { capabilities: { ...executor.capabilities, stop: 'requested' } }),
    )
    await using tron = await stage.start({ executors })
    await stage.clock.advance(MINUTE + SECOND)
    await stage.command(tron, onRun('stop'))
    await stage.clock.advance(SECOND)
    const [action] = (await tron.run(one, { number: 0 }))?.actions ?? []
    expect(action?.row).toMatchObject({ state: 'failed', exitStatus: 143 })
    expect(action?.attempts[0]?.stopped).toMatchObject(cannotTell)
  })
})

/** Whether anything that outlived the first command is there. */
function isLeft({ cluster }: Stage): boolean {
  const [launch] = cluster.ledger
  const [spool] = cluster.snapshot('n1').spools
  return launch !== undefined && spool?.attempts.get(launch.id)?.left === true
}

/** The executor, which takes stops and says nothing of what comes of them. */
function withoutProofs(executor: Executor): Executor {
  return changeEvents(executor, (event) => (event.kind === 'stopped' ? [] : [event]))
}

/** The executor, which takes stops and does nothing about them. */
function deaf(executor: Executor): Executor {
  return replace(executor, { stop: () => Promise.resolve() })
}

function lost(cause: Extract<Outcome, { type: 'lost' }>['cause']): Outcome {
  return { type: 'lost', cause, legacyCode: TRON_EXIT.lost }
}
