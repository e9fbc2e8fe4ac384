import { jobId, runId } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { action, createStage, inShort, job, MINUTE, snapshotOf } from './stage.ts'

const one = jobId('MASTER.one')
const first = runId(one, 0)
const onAction = (verb: 'start' | 'success' | 'fail', name: string) =>
  ({ kind: 'action', run: first, action: name, verb }) as const

describe('what is left of a run that was stopped', () => {
  /** Its first action ended with 0 although it was stopped; two require it, and one of these is required. */
  const stopped = async () => {
    const actions = [
      { name: 'first' },
      { name: 'next', requires: ['first'] },
      { name: 'last', requires: ['next'] },
      { name: 'beside', requires: ['first'] },
    ]
    const cleanup = action({ name: 'cleanup' })
    const stage = createStage(snapshotOf(job('one', { cron: '0 0 1 1 *', actions, cleanup })), {
      run: ({ command }) => ({ afterMs: command === 'run first' ? MINUTE : 0 }),
    })
    const tron = await stage.start()
    await stage.command(tron, { kind: 'run', run: first, verb: 'start' })
    stage.cluster.setReachable('n1', false)
    await stage.command(tron, { kind: 'run', run: first, verb: 'stop' })
    const [launch] = stage.cluster.ledger
    if (launch !== undefined) stage.cluster.finish(launch.id, 0)
    stage.cluster.setReachable('n1', true)
    await stage.clock.advance(MINUTE)
    return { stage, tron }
  }

  it('waits for an operator, and starts nothing of it', async () => {
    const { stage, tron } = await stopped()
    await using _ = tron
    const rest = 'next=waiting last=waiting beside=waiting cleanup=waiting'
    expect(await inShort(tron, one, 0)).toBe(`cancelled: first=succeeded ${rest}`)
    await stage.clock.advance(60 * MINUTE)
    expect(await inShort(tron, one, 0)).toBe(`cancelled: first=succeeded ${rest}`)
    expect(stage.cluster.ledger).toHaveLength(1)
  })

  it.each([
    ['an action of it is started', onAction('start', 'next')],
    ['an action is called a success', onAction('success', 'first')],
  ])('goes on where %s, to its cleanup', async (_what, subject) => {
    const { stage, tron } = await stopped()
    await using _ = tron
    expect(await stage.command(tron, subject)).toMatchObject({ outcome: 'done' })
    await stage.clock.advance(MINUTE)
    const rest = 'next=succeeded last=succeeded beside=succeeded cleanup=succeeded'
    expect(await inShort(tron, one, 0)).toBe(`succeeded: first=succeeded ${rest}`)
  })

  it.each([
    [
      'the cleanup is started',
      onAction('start', 'cleanup'),
      'next=waiting last=waiting beside=waiting cleanup=succeeded',
    ],
    [
      'the cleanup is called a success',
      onAction('success', 'cleanup'),
      'next=waiting last=waiting beside=waiting cleanup=succeeded',
    ],
    [
      'an action is called a failure',
      onAction('fail', 'next'),
      'next=failed last=waiting beside=waiting cleanup=waiting',
    ],
  ])('goes on waiting where %s', async (_what, subject, rest) => {
    const { stage, tron } = await stopped()
    await using _ = tron
    expect(await stage.command(tron, subject)).toMatchObject({ outcome: 'done' })
    await stage.clock.advance(MINUTE)
    expect(await inShort(tron, one, 0)).toBe(`cancelled: first=succeeded ${rest}`)
  })
})
