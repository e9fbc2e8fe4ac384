import { jobId } from '@tron/model'
import { createMemoryLogger } from '@tron/model/testing'
import { MemoryDatabase } from '@tron/store/memory'
import { describe, expect, it } from 'vitest'
import { action, createStage, history, inShort, job, ledger, MINUTE, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
const start = { kind: 'job', job: one, verb: 'start' } as const
const many = Array.from({ length: 20 }, (_, index) => action({ name: `a${index}` }))
const yearly = { cron: '0 0 1 1 *' }

const launchesPerId = (ledgerRows: readonly { readonly id: string }[]) =>
  [...Map.groupBy(ledgerRows, (launch) => launch.id).values()].map((launches) => launches.length)

describe('after a crash', () => {
  it('takes up what runs and what ended meanwhile, and starts nothing twice', async () => {
    const script = ({ startKey }: { startKey: string }) => ({
      afterMs: startKey.includes('/a1') ? 5_000 : 60_000,
      stdout: startKey,
      code: startKey.includes('/a12') ? 7 : 0,
    })
    const stage = createStage(snapshotOf(job('one', { ...yearly, actions: many })), { run: script })
    const tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(1_000)
    await stage.crash(tron)
    await stage.clock.advance(30_000)
    await using again = await stage.start()
    await stage.clock.advance(60_000)
    const run = await again.run(one, { number: 1 })
    expect(run?.actions.map(({ row }) => row.exitStatus)).toEqual(
      many.map(({ name }) => (name === 'a12' ? 7 : 0)),
    )
    expect(launchesPerId(stage.cluster.ledger)).toEqual(many.map(() => 1))
    expect(again.stats()).toMatchObject({ liveAttempts: 0 })
  })

  it.each(['request', 'reply'] as const)(
    'starts what was committed exactly once when the %s was lost',
    async (lost) => {
      const stage = createStage(snapshotOf(job('one', { ...yearly, actions: many })))
      const tron = await stage.start()
      if (lost === 'reply') stage.cluster.loseReplies('n1', 1_000)
      else stage.cluster.loseRequests('n1', 1_000)
      await stage.command(tron, start)
      await stage.clock.advance(10)
      await stage.crash(tron)
      stage.cluster.loseReplies('n1', -1_000)
      stage.cluster.loseRequests('n1', -1_000)
      await using again = await stage.start()
      await stage.clock.advance(60_000)
      expect(await inShort(again, one, 1)).toContain('succeeded: ')
      expect(launchesPerId(stage.cluster.ledger)).toEqual(many.map(() => 1))
    },
  )

  it('does not call a start failed that an earlier request may have delivered', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)), { run: () => ({ afterMs: 5_000, code: 4 }) })
    const tron = await stage.start()
    stage.cluster.loseReplies('n1', 1)
    await stage.command(tron, start)
    stage.cluster.setReachable('n1', false)
    await stage.crash(tron)
    await using again = await stage.start()
    await stage.clock.advance(20_000)
    expect(await inShort(again, one, 1)).toBe('starting: first=starting')
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(60_000)
    expect((await again.run(one, { number: 1 }))?.actions[0]?.row).toMatchObject({
      state: 'failed',
      exitStatus: 4,
    })
    expect(stage.cluster.ledger).toHaveLength(1)
  })

  it('starts the one planned run late after downtime, and records the slots since as one missed row', async () => {
    const stage = createStage(snapshotOf(job('one')))
    const tron = await stage.start()
    await stage.clock.advance(MINUTE + 1_000)
    await tron[Symbol.asyncDispose]()
    await stage.clock.advance(10 * MINUTE)
    await using again = await stage.start()
    await stage.clock.advance(1_000)
    expect(await history(again, one)).toEqual(['2 scheduled', '1 succeeded', '0 succeeded'])
    await stage.clock.advance(MINUTE)
    expect(await ledger(again, one)).toEqual(['1+0 ran', '2+0 late', '3+8 missed', '12+0 ran'])
  })

  it('says unknown, with the reason, for what a reboot ended', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)), { run: () => ({ afterMs: null }) })
    await using tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(1_000)
    stage.cluster.reboot('n1')
    await stage.clock.advance(1_000)
    const row = (await tron.run(one, { number: 1 }))?.actions[0]?.row
    expect(row).toMatchObject({ state: 'unknown', exitStatus: null })
    expect(row?.reason).toContain('rebooted')
  })
})

describe('a store that fails', () => {
  it.each([
    [{ kind: 'full' }],
    [{ kind: 'unavailable' }],
    [{ kind: 'ambiguous', applied: true }],
    [{ kind: 'ambiguous', applied: false }],
  ] as const)('%j holds things up and loses nothing', async (fault) => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    await stage.clock.advance(MINUTE - 1)
    stage.database.failNext(fault, fault)
    await stage.clock.advance(MINUTE + 2_000)
    expect(tron.status().state).toBe('working')
    expect(await history(tron, one)).toEqual(['2 scheduled', '1 succeeded', '0 succeeded'])
    expect(launchesPerId(stage.cluster.ledger)).toEqual([1, 1])
  })

  it('answers commands that nothing happened, and does nothing of them later', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)))
    await using tron = await stage.start()
    stage.database.failNext({ kind: 'full' })
    expect(await stage.command(tron, start)).toMatchObject({ outcome: 'degraded' })
    expect(tron.status().state).toBe('store-degraded')
    await stage.clock.advance(40_000)
    expect(tron.status().state).toBe('working')
    expect(stage.cluster.ledger).toEqual([])
  })

  it('does not hold up a stop, and loses nothing by it', async () => {
    const stage = createStage(snapshotOf(job('one', yearly)), { run: () => ({ afterMs: 5_000, code: 3 }) })
    const tron = await stage.start()
    await stage.command(tron, start)
    await stage.clock.advance(1_000)
    stage.database.failNext(...Array.from({ length: 1_000 }, () => ({ kind: 'full' }) as const))
    await stage.clock.advance(10_000)
    expect(tron.status().state).toBe('store-degraded')
    await tron[Symbol.asyncDispose]()
    // There is room again.
    stage.database.crash()
    await using again = await stage.start()
    await stage.clock.advance(1_000)
    expect(await inShort(again, one, 1)).toBe('failed: first=failed')
  })

  it('stops deciding for good when somebody else wrote', async () => {
    const stage = createStage(snapshotOf(job('one')))
    await using tron = await stage.start()
    stage.database.failNext({ kind: 'fenced' })
    await stage.clock.advance(5 * MINUTE)
    expect(tron.status().state).toBe('fenced')
    expect(stage.cluster.ledger).toEqual([])
    expect(await stage.command(tron, start)).toMatchObject({ outcome: 'fenced' })
  })
})

it('only reads where the lease was lost before it had read its configuration', async () => {
  const database = new MemoryDatabase({ shared: true })
  const stage = createStage(snapshotOf(job('one')), { database })
  const before = await stage.start()
  await before[Symbol.asyncDispose]()
  const read = async () => {
    database.holdRenewals(true)
    await stage.clock.advance(MINUTE)
    return stage.config.read()
  }
  await using tron = await stage.start({ config: { ...stage.config, read } })
  const reason = 'the lease of the store was lost; another scheduler may hold it now'
  expect(tron.status()).toMatchObject({ state: 'fenced', reason })
})

describe('a copy of the state', () => {
  /** Works for some minutes, as the one that went on while the copy lay aside. */
  const worked = async () => {
    const stage = createStage(snapshotOf(job('one')), {
      run: ({ startKey }) => ({ afterMs: 100, stdout: startKey }),
    })
    const before = await stage.start()
    await stage.clock.advance(2 * MINUTE + 1_000)
    await before[Symbol.asyncDispose]()
    const copy = stage.database.clone()
    const tron = await stage.start()
    await stage.clock.advance(3 * MINUTE)
    return { stage, tron, copy }
  }

  it('is refused by the nodes, three times over, and only reads', async () => {
    const { stage, tron, copy } = await worked()
    await tron[Symbol.asyncDispose]()
    const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
    for (let time = 0; time < 3; time += 1) {
      await using fenced = await restored.start()
      await stage.clock.advance(3 * MINUTE)
      expect(fenced.status()).toMatchObject({ state: 'fenced' })
      const { reason, targets } = fenced.status()
      expect(reason).toContain('held by another scheduler: trond on stage, pid 1')
      const held = targets.find(({ state }) => state === 'fenced')
      expect(reason).toBe(`${held?.reason}. If that one is gone for good, start with --take-over`)
      expect(await history(fenced, one)).toEqual(['2 scheduled', '1 succeeded', '0 succeeded'])
    }
    expect(stage.cluster.ledger).toHaveLength(5)
  })

  it('stays refused while the first one goes on working', async () => {
    const { stage, tron, copy } = await worked()
    await using _ = tron
    const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
    await using fenced = await restored.start()
    await stage.clock.advance(2 * MINUTE)
    expect(fenced.status().state).toBe('fenced')
    expect(tron.status().state).toBe('working')
    expect(stage.cluster.ledger).toHaveLength(7)
  })

  it('takes over when told to: imports what ran, repeats no command and no number', async () => {
    const { stage, tron, copy } = await worked()
    await tron[Symbol.asyncDispose]()
    const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
    await using taken = await restored.start({ takeOver: true })
    await stage.clock.advance(2 * MINUTE + 1_000)
    expect(taken.status().state).toBe('working')
    expect(launchesPerId(stage.cluster.ledger)).toEqual(stage.cluster.ledger.map(() => 1))
    expect(await history(taken, one)).toEqual([
      '107 scheduled',
      '106 succeeded',
      '105 succeeded',
      '4 succeeded',
      '3 succeeded',
      '2 succeeded',
      '1 succeeded',
      '0 succeeded',
    ])
    const run = await taken.run(one, { number: 3 })
    expect(run?.row.note).toContain('found on its node')
    const output = await taken.output(run?.row.id ?? tronRun(), 'first', { stream: 'stdout', lines: 0 })
    expect(output).toMatchObject({ lines: [], complete: false })
    expect(output.reason).toContain('before the take-over')
    expect((await ledger(taken, one)).slice(2, 5)).toEqual([
      '3+0 found on node',
      '4+0 found on node',
      '5+0 found on node',
    ])
  })

  it('tells the one that it took the nodes from who holds them, and what to do', async () => {
    const { stage, tron, copy } = await worked()
    await using _ = tron
    const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
    await using taken = await restored.start({ takeOver: true })
    await stage.clock.advance(MINUTE)
    expect([taken.status().state, tron.status().state]).toEqual(['working', 'fenced'])
    expect(tron.status().reason).toMatch(
      /^node n\d is held by trond on stage, pid 1, since [-\d]+ [:\d]+ UTC\. If that one is gone for good, start with --take-over$/,
    )
  })

  it('goes on with a take-over that a crash interrupted, without being told again', async () => {
    const { stage, tron, copy } = await worked()
    await tron[Symbol.asyncDispose]()
    stage.cluster.setReachable('n1', false)
    const restored = createStage(snapshotOf(job('one')), { stage, database: copy })
    const interrupted = await restored.start({ takeOver: true })
    expect(interrupted.jobs()[0]?.held).toEqual([
      'the take-over could not ask n1, where it may have run; to go on without an answer: tron recover --without NODE',
    ])
    await restored.crash(interrupted)
    stage.cluster.setReachable('n1', true)
    await using taken = await restored.start()
    await stage.clock.advance(MINUTE)
    expect(taken.status().state).toBe('working')
    expect(launchesPerId(stage.cluster.ledger)).toEqual(stage.cluster.ledger.map(() => 1))
    expect((await history(taken, one)).slice(-5)).toEqual([
      '4 succeeded',
      '3 succeeded',
      '2 succeeded',
      '1 succeeded',
      '0 succeeded',
    ])
  })
})

function tronRun(): never {
  throw new Error('the run is not there')
}

it('logs why it is fenced', async () => {
  const stage = createStage(snapshotOf(job('one')))
  const tron = await stage.start()
  await tron[Symbol.asyncDispose]()
  const log = createMemoryLogger()
  const stranger = createStage(snapshotOf(job('one')), {
    stage,
    database: new MemoryDatabase({ copyOf: stage.database }),
  })
  const second = await stage.start()
  await using fenced = await stranger.start({ log })
  expect(fenced.status().state).toBe('fenced')
  expect(log.lines.some((line) => line.level === 'warn' && line.fields['state'] === 'fenced')).toBe(true)
  await second[Symbol.asyncDispose]()
})
