import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode, type Scheduler } from '../test-node.ts'
import { createHurriedClock } from './killed-at-every-line/hurried-clock.ts'

const HOUR_MS = 3_600_000
const BIG = 3_000_000

const statesOf = ({ events }: Scheduler): readonly string[] =>
  events.flatMap((event) => (event.kind === 'target' ? [event.state] : []))

async function openStage(sessionMaxAgeMs: number) {
  await using stack = new AsyncDisposableStack()
  const hurried = createHurriedClock()
  const { clock } = hurried
  const hurry = (days?: number): number => hurried.hurry(days)
  const [kind] = SHELLS
  if (kind === undefined) throw new Error('there is no shell')
  const node = stack.use(await createTestNode(kind, { clock, sessionMaxAgeMs }))
  const scheduler = stack.use(await node.open())
  const owned = stack.move()
  return {
    node,
    scheduler,
    /** Lets rounds of upkeep come, the first after so many days, until the connections are these. */
    async until(expected: { readonly made: number; readonly open: number }, days = 0) {
      hurry(days)
      const isSo = (): boolean => {
        hurry()
        const { made, open } = node.transport.connections()
        return made === expected.made && open === expected.open
      }
      await until(`connections are ${JSON.stringify(expected)}`, isSo, {
        withinMs: 60_000,
        everyMs: 50,
        explain: () => JSON.stringify(node.transport.connections()),
      })
    },
    hurry,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Starts a command that waits until it is told to end, which it does with 3. */
async function startWaiting({ node, scheduler }: Awaited<ReturnType<typeof openStage>>) {
  const file = join(node.folder, 'end')
  const request = scheduler.request(`until test -e ${file}; do sleep 0.05; done; exit 3`)
  await scheduler.start([request])
  await scheduler.wait('started', request.id)
  return { id: request.id, end: () => writeFile(file, '') }
}

const [shell] = SHELLS

describe.skipIf(shell === undefined || !canUse(shell))('a connection', () => {
  it('that is too old is renewed, and nobody hears of it: neither who waits for events nor what runs', async () => {
    await using stage = await openStage(HOUR_MS)
    const { node, scheduler } = stage
    const { id, end } = await startWaiting(stage)
    stage.hurry()
    expect(node.transport.connections()).toEqual({ made: 1, open: 1 })
    await stage.until({ made: 2, open: 1 }, 1)
    await end()
    expect((await scheduler.wait('exit', id)).outcome).toEqual({ type: 'exited', code: 3 })
    await scheduler.finish('true')
    expect(node.transport.connections()).toEqual({ made: 2, open: 1 })
    expect(statesOf(scheduler)).toEqual(['reachable'])
    expect(scheduler.events.filter(({ kind }) => kind === 'started')).toHaveLength(2)
  })

  it('is not taken from who reads by it, however old it is', async () => {
    await using stage = await openStage(HOUR_MS)
    const { node, scheduler } = stage
    const request = await scheduler.finish(`head -c ${BIG} /dev/zero`)
    const reading = scheduler.executor.read({ id: request.id, target: node.target.target }, 'stdout', 0, {
      signal: AbortSignal.timeout(60_000),
    })
    let read = 0
    for await (const chunk of reading) {
      read += chunk.length
      stage.hurry(1)
    }
    expect(read).toBe(BIG)
    expect(node.transport.connections().made).toBe(1)
    await stage.until({ made: 2, open: 1 })
  })

  it('to a node that is not wanted any more ends when what ran there has ended, and comes back with it', async () => {
    await using stage = await openStage(HOUR_MS)
    const { node, scheduler } = stage
    const { id, end } = await startWaiting(stage)
    await scheduler.executor.setTargets([])
    stage.hurry(1)
    expect(node.transport.connections()).toEqual({ made: 1, open: 1 })
    await end()
    await scheduler.wait('closed', id)
    await stage.until({ made: 1, open: 0 })
    await scheduler.executor.setTargets([node.target])
    await stage.until({ made: 2, open: 1 })
    await scheduler.finish('true')
    expect(statesOf(scheduler)).toEqual(['reachable'])
  })
})
