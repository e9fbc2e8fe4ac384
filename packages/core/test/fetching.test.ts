import { fakeExecutorModule } from '@tron/executor/testing'
import { jobId } from '@tron/model'
import { expect, it } from 'vitest'
import { createStage, job, MINUTE, snapshotOf } from './stage.ts'

it('asks ever more seldom for output that a node stated and does not hold', async () => {
  const stage = createStage(snapshotOf(job('one', { cron: '0 0 1 1 *' })), {
    run: () => ({ afterMs: 0, stdout: 'x'.repeat(200_000) }),
  })
  const inner = fakeExecutorModule(stage.cluster)
  let reads = 0
  const module: typeof inner = {
    ...inner,
    async create(...given) {
      const executor = await inner.create(...given)
      return {
        ...executor,
        async *read() {
          reads += 1
          yield* []
        },
      }
    },
  }
  await using tron = await stage.start({ executors: { fake: { module, options: {} } } })
  await stage.command(tron, { kind: 'job', job: jobId('MASTER.one'), verb: 'start' })
  await stage.clock.advance(10 * MINUTE)
  expect(reads).toBeGreaterThan(8)
  expect(reads).toBeLessThan(20)
  expect(tron.stats()).toMatchObject({ fetches: 1 })
})
