import type { Tron } from '@tron/core'
import { jobId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { createStage, history, job, ledger, MINUTE, type Stage, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
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
  return { stage, restored, tron }
}

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
    expect(await ask('once more')).toMatchObject({ outcome: 'refused' })
    expect(await ask('once more')).toMatchObject({ outcome: 'refused' })
    expect(
      restored.database.rows('audit').map(({ request, actor, source }) => [request, actor, source]),
    ).toEqual([
      ['turn', 'ann', 'test'],
      ['go on', 'ann', 'cli'],
      ['once more', 'ann', 'cli'],
    ])
  })
})
