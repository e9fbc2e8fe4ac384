import type { Executor, ExecutorEvent, ExecutorModule } from '@tron/executor'
import { fakeExecutorModule } from '@tron/executor/testing'
import { jobId } from '@tron/model'
import { createMemoryLogger } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createStage, inShort, job, MINUTE, snapshotOf } from './stage.ts'

const good = jobId('MASTER.good')
const bad = jobId('MASTER.bad')

describe('an event that cannot be taken in', () => {
  it('is left out loudly, and holds up neither what came with it nor what comes after', async () => {
    const stage = createStage(snapshotOf(job('good'), job('bad')))
    const log = createMemoryLogger()
    const poisoned = () => {
      const launch = stage.cluster.ledger.find(({ startKey }) => startKey.startsWith('MASTER.bad/'))
      return launch?.id
    }
    const executors = {
      fake: { module: poisoning(fakeExecutorModule(stage.cluster), poisoned), options: {} },
    }
    await using tron = await stage.start({ executors, log })
    await stage.clock.advance(MINUTE + 10_000)
    expect(await inShort(tron, good, 0)).toBe('succeeded: first=succeeded')
    expect(await inShort(tron, bad, 0)).toBe('starting: first=starting')
    const errors = log.lines.filter(({ level }) => level === 'error')
    expect(JSON.stringify(errors)).toContain('an event cannot be taken in and is left out')
    await stage.clock.advance(MINUTE)
    expect(await inShort(tron, good, 1)).toBe('succeeded: first=succeeded')
  })
})

/** The exit and the start of one attempt are told with instants that are none. */
function poisoning(module: ExecutorModule, victim: () => string | undefined): ExecutorModule {
  return {
    ...module,
    async create(options, host) {
      const inner = await module.create(options, host)
      const spoil = (event: ExecutorEvent): ExecutorEvent =>
        'id' in event && event.id === victim() && 'atMs' in event ? { ...event, atMs: Number.NaN } : event
      return new Proxy(inner, {
        get(target, name: keyof Executor) {
          if (name !== 'events') return target[name]
          return async function* events(...args: Parameters<Executor['events']>) {
            for await (const batch of target.events(...args)) {
              yield { ...batch, events: batch.events.map(spoil) }
            }
          }
        },
      })
    },
  }
}
