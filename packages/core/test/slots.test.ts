import { contentHash, type JobId, type JobSpec, jobId, runId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import {
  createStage,
  history,
  type JobWish,
  job,
  ledger,
  MINUTE,
  START_MS,
  type Stage,
  snapshotOf,
} from './stage.ts'

const one = jobId('MASTER.one')
const first = runId(one, 0)
const start = { kind: 'run', run: first, verb: 'start' } as const
const turn = (verb: 'enable' | 'disable') => ({ kind: 'job', job: one, verb }) as const

const rowsOf = (stage: Stage, id: JobId) => stage.database.rows('runs').filter((row) => row.job === id)

const withJitter = (value: string, wish: JobWish = {}): JobSpec => {
  const spec = { ...job('one', { ...wish, cron: value }), hash: '' }
  const jittered = { ...spec, schedule: { ...spec.schedule, jitterMs: 20_000 } }
  return { ...jittered, hash: contentHash(JSON.stringify(jittered)) }
}

describe('a slot', () => {
  it('is not planned again after its run was started by hand and the schedule changed, twice over', async () => {
    const stage = createStage(snapshotOf(job('one', { cron: '0 * * * *' })))
    await using tron = await stage.start()
    await stage.clock.advance(10 * MINUTE)
    await stage.command(tron, start)
    await stage.clock.advance(MINUTE)
    await stage.config.set(snapshotOf(job('one', { cron: '0 0 * * *' })))
    await stage.config.set(snapshotOf(job('one', { cron: '0,30 * * * *' })))
    await stage.clock.advance(80 * MINUTE)
    expect(rowsOf(stage, one).map((row) => ((row.slotMs ?? 0) - START_MS) / MINUTE)).toEqual([60, 90, 120])
    expect(await ledger(tron, one)).toEqual(['60+0 ran', '90+0 ran', '120+0 withdrawn'])
    expect(new Set(stage.cluster.ledger.map(({ id }) => id)).size).toBe(stage.cluster.ledger.length)
  })

  it('is not planned again after it ran, the clock was set back and the schedule changed', async () => {
    const stage = createStage(snapshotOf(job('one', { cron: '*/5 * * * *' })))
    await using tron = await stage.start()
    await stage.clock.advance(10 * MINUTE + 1_000)
    stage.clock.jump(-6 * MINUTE)
    await stage.config.set(snapshotOf(job('one', { cron: '*/2 * * * *' })))
    await stage.clock.advance(9 * MINUTE)
    expect(rowsOf(stage, one).map((row) => ((row.slotMs ?? 0) - START_MS) / MINUTE)).toEqual([5, 10, 12, 14])
    expect(await history(tron, one)).toEqual(['3 scheduled', '2 succeeded', '1 succeeded', '0 succeeded'])
  })

  it('owes nothing of the time before its schedule', async () => {
    const stage = createStage(snapshotOf(job('one', { cron: '0 * * * *' })))
    const tron = await stage.start()
    await stage.clock.advance(100 * MINUTE)
    await stage.config.set(snapshotOf(job('one', { cron: '*/10 * * * *' })))
    await tron[Symbol.asyncDispose]()
    await stage.clock.advance(35 * MINUTE)
    await using again = await stage.start()
    await stage.clock.advance(1_000)
    expect(await ledger(again, one)).toEqual(['60+0 ran', '110+0 late', '120+1 missed'])
  })

  it('keeps its jitter when a new configuration plans it', async () => {
    const stage = createStage(snapshotOf(withJitter('0 * * * *')))
    const drawn = async (wanted: JobSpec) => {
      const other = createStage(snapshotOf(wanted))
      await using _ = await other.start()
      return rowsOf(other, one)[0]?.dueMs
    }
    await using _ = await stage.start()
    const spec = withJitter('7 * * * *')
    await stage.config.set(snapshotOf(spec))
    const run = rowsOf(stage, one)[0]
    expect(run?.dueMs).not.toBe(START_MS + 7 * MINUTE)
    expect(run).toMatchObject({ slotMs: START_MS + 7 * MINUTE, dueMs: await drawn(spec) })
  })

  it('runs where its schedule changes between its instant and the jitter after it', async () => {
    for (let minute = 1; minute < 30; minute += 1) {
      const stage = createStage(snapshotOf(withJitter(`${minute} * * * *`)))
      await using tron = await stage.start()
      const run = rowsOf(stage, one)[0]
      const slotMs = START_MS + minute * MINUTE
      if ((run?.dueMs ?? 0) < slotMs + 5_000) continue
      await stage.clock.advance(minute * MINUTE + 1_000)
      await stage.config.set(snapshotOf(job('one', { cron: '45 * * * *' })))
      await stage.clock.advance(MINUTE)
      expect(await ledger(tron, one)).toEqual([`${minute}+0 ran`])
      return
    }
    expect.unreachable('no slot has jitter after it')
  })

  it('keeps its jitter after a slot that was held', async () => {
    const stage = createStage(snapshotOf(withJitter('7,37 * * * *', { held: ['not yet'] })))
    await using _ = await stage.start()
    await stage.clock.advance(8 * MINUTE)
    const run = rowsOf(stage, one)[0]
    expect(run?.slotMs).toBe(START_MS + 37 * MINUTE)
    expect(run?.dueMs).toBe(run?.runMs)
    expect(run?.dueMs).not.toBe(run?.slotMs)
  })

  it('runs when its job was disabled and enabled before it, by hand or by the configuration', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.command(tron, turn('disable'))
    expect(await ledger(tron, one)).toEqual(['1+0 disabled'])
    await stage.command(tron, turn('enable'))
    await stage.clock.advance(MINUTE + 1_000)
    expect(await ledger(tron, one)).toEqual(['1+0 ran'])
    await stage.config.set(snapshotOf(job('one', { enabled: false })))
    await stage.config.set(snapshotOf(job('one')))
    await stage.clock.advance(MINUTE)
    expect(await ledger(tron, one)).toEqual(['1+0 ran', '2+0 ran'])
    expect(stage.cluster.ledger).toHaveLength(2)
  })

  it('does not run when it was skipped by hand, or started, before its job was disabled and enabled', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.command(tron, { ...start, verb: 'cancel' })
    await stage.command(tron, { ...start, run: runId(one, 1) })
    await stage.command(tron, turn('disable'))
    await stage.command(tron, turn('enable'))
    await stage.clock.advance(3 * MINUTE + 1_000)
    expect(await ledger(tron, one)).toEqual(['1+0 skipped', '2+0 ran', '3+0 ran'])
    expect(stage.cluster.ledger).toHaveLength(2)
  })
})
