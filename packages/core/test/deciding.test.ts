import type { Input } from '@tron/core/internal/replay'
import { jobId } from '@tron/model'
import type { Change } from '@tron/store'
import { describe, expect, it } from 'vitest'
import { countReads, countReadsOfTick, createReplay, liveRuns } from './replay.ts'
import { action, createStage, job, MINUTE, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')

/** A day in short: slots, commands, a failing command, a stop, a new configuration. */
const scriptedDay = async (record: (input: Input, nowMs: number) => void, crashes = false) => {
  const actions = [action({ name: 'a' }), action({ name: 'b', requires: ['a'] }), action({ name: 'c' })]
  const spec = job('one', { actions, cleanup: action({ name: 'cleanup' }) })
  const stage = createStage(snapshotOf(spec), {
    run: ({ command, runNumber }) => ({
      afterMs: command === 'run a' ? 20_000 : 0,
      code: command === 'run c' && runNumber % 3 === 1 ? 2 : 0,
      stdout: command,
    }),
  })
  let tron = await stage.start({ record })
  const step = async (ms: number) => {
    await stage.clock.advance(ms)
    if (!crashes) return
    await stage.crash(tron)
    tron = await stage.start({ record })
    await stage.clock.advance(1)
  }
  for (let minute = 0; minute < 10; minute += 1) {
    await step(MINUTE - 30_000)
    if (minute === 3) await stage.command(tron, { kind: 'job', job: one, verb: 'start' }, 'by hand')
    await step(10_000)
    if (minute === 5) await stage.command(tron, { kind: 'job', job: one, verb: 'disable' }, 'off')
    if (minute === 6) await stage.command(tron, { kind: 'job', job: one, verb: 'enable' }, 'on')
    await step(20_000)
  }
  await stage.clock.advance(30_000)
  return { stage, tron, spec }
}

describe('decide', () => {
  it('gives the same changes for the same recorded inputs', async () => {
    const inputs: { readonly input: Input; readonly nowMs: number }[] = []
    const { stage, tron, spec } = await scriptedDay((input, nowMs) => inputs.push({ input, nowMs }))
    const replayed = createReplay(snapshotOf(spec), tron.status().installation)
    const changes: Change[] = inputs.flatMap(({ input, nowMs }) => replayed.take(input, nowMs))
    const again = createReplay(snapshotOf(spec), tron.status().installation)
    expect(inputs.flatMap(({ input, nowMs }) => again.take(input, nowMs))).toEqual(changes)
    expect(replayed.rows('runs')).toEqual(stage.database.rows('runs').filter((row) => row.live))
    expect(inputs.length).toBeGreaterThan(50)
    await tron[Symbol.asyncDispose]()
  })

  it('ends a day with a crash after each step in the same state as one without', async () => {
    const calm = await scriptedDay(() => {})
    const rough = await scriptedDay(() => {}, true)
    const outcome = async ({ stage, tron }: typeof calm) => {
      const runs = await tron.runs(one, { limit: 100 })
      const states = runs.map(({ row, actions }) => [
        row.number,
        row.state,
        row.slotMs,
        actions.map((view) => `${view.row.name}=${view.row.state}/${view.row.exitStatus ?? '-'}`).join(' '),
      ])
      return { states, launches: stage.cluster.ledger.map(({ startKey }) => startKey).toSorted() }
    }
    expect(await outcome(rough)).toEqual(await outcome(calm))
    await calm.tron[Symbol.asyncDispose]()
    await rough.tron[Symbol.asyncDispose]()
  })

  it('reads as many rows for one decision among 10,000 live runs as among 100', () => {
    const many = liveRuns(10_000)
    const few = liveRuns(100)
    for (const what of ['exit', 'start by hand', 'tick'] as const) {
      expect([what, countReads(many, what)]).toEqual([what, countReads(few, what)])
    }
  }, 180_000)
  it('reads as many rows for each run of a tick, however many are due', () => {
    expect(countReadsOfTick(100)).toBeGreaterThan(100)
    // What is read once for the whole tick is not in proportion.
    const [few, more, many] = [countReadsOfTick(100), countReadsOfTick(200), countReadsOfTick(1_100)]
    expect(many - few).toBe(10 * (more - few))
  })
})
