import { changeEvents } from '@tron/executor/testing'
import { jobId } from '@tron/model'
import { createMemoryLogger } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createStage, executorsOf, inShort, job, MINUTE, snapshotOf } from './stage.ts'

const good = jobId('MASTER.good')
const bad = jobId('MASTER.bad')

describe('an event that cannot be taken in', () => {
  it('is left out loudly, and holds up neither what came with it nor what comes after', async () => {
    const stage = createStage(snapshotOf(job('good'), job('bad')))
    const log = createMemoryLogger()
    const isOfBad = (id: string) =>
      stage.cluster.ledger.some((launch) => launch.id === id && launch.startKey.startsWith('MASTER.bad/'))
    // It has the shape of an event, and what comes along with its outcome cannot be kept.
    const executors = executorsOf(stage, (executor) =>
      changeEvents(executor, (event) =>
        event.kind === 'exit' && isOfBad(event.id)
          ? [{ ...event, outcome: { ...event.outcome, load: Number.NaN } }]
          : [event],
      ),
    )
    await using tron = await stage.start({ executors, log })
    await stage.clock.advance(MINUTE + 10_000)
    expect(await inShort(tron, good, 0)).toBe('succeeded: first=succeeded')
    expect(await inShort(tron, bad, 0)).toBe('running: first=running')
    const errors = log.lines.filter(({ level }) => level === 'error')
    expect(JSON.stringify(errors)).toContain('an event cannot be taken in and is left out')
    await stage.clock.advance(MINUTE)
    expect(await inShort(tron, good, 1)).toBe('succeeded: first=succeeded')
  })
})
