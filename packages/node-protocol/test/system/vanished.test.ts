import { existsSync } from 'node:fs'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ExecutorEvent, StartRequest } from '@tron/executor'
import { until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode, type Scheduler, type TestNode } from '../test-node.ts'
import { createHurriedClock, type HurriedClock } from './killed-at-every-line/hurried-clock.ts'

/** Of the rounds of upkeep, one in so many looks at the records; the next one comes when it is over. */
const ROUNDS_A_LOOK = 6

type Started = Extract<ExecutorEvent, { kind: 'started' }>

/** A scheduler whose rounds of upkeep, which look at the records, come only when they are called for. */
interface Stage extends AsyncDisposable {
  readonly node: TestNode
  readonly clock: HurriedClock
  readonly scheduler: Scheduler
  /** Starts a command that goes on until it may end. */
  run(name: string, code: number): Promise<StartRequest>
  mayEnd(name: string): Promise<void>
  /** In the folder that holds the spool. */
  inside(script: string): Promise<void>
  /** Lets rounds of upkeep come until something holds. */
  rounds(what: string, holds: () => boolean): Promise<void>
  connections(): number
}

async function openStage(kind: (typeof SHELLS)[number]): Promise<Stage> {
  await using stack = new AsyncDisposableStack()
  const clock = createHurriedClock()
  const node = stack.use(await createTestNode(kind, { clock: clock.clock }))
  const scheduler = stack.use(await node.open())
  const owned = stack.move()
  const { events } = scheduler
  return {
    node,
    clock,
    scheduler,
    async run(name, code) {
      const command = `until test -e ${join(node.folder, name)}; do sleep 0.05; done; exit ${code}`
      const request = scheduler.request(command)
      expect(await scheduler.start([request])).toEqual([{ id: request.id, result: 'accepted' }])
      await scheduler.wait('started', request.id)
      return request
    },
    mayEnd: (name) => writeFile(join(node.folder, name), ''),
    async inside(script) {
      const { code, stderr } = await node.namespace.inside(`set -e; cd ${node.folder}; ${script}`)
      expect({ code, stderr }).toMatchObject({ code: 0 })
    },
    async rounds(what, holds) {
      const round = (): boolean => {
        clock.hurry()
        return holds()
      }
      await until(what, round, { withinMs: 60_000, everyMs: 100, explain: () => JSON.stringify(events) })
    },
    connections: () =>
      events.filter((event) => event.kind === 'target' && event.state === 'reachable').length,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

const exited = (code: number): object => ({ outcome: { type: 'exited', code } })

function startsOf({ scheduler }: Stage, { id }: StartRequest): readonly Started[] {
  return scheduler.events.filter((event): event is Started => event.kind === 'started' && event.id === id)
}

function isAbsent({ scheduler }: Stage, { id }: StartRequest): boolean {
  return scheduler.events.some((event) => event.kind === 'absent' && event.id === id)
}

/** It is told to run, for a reason, until it ends; and then that nothing is known of its end. */
async function outlivesItsRecords(stage: Stage, request: StartRequest, name: string): Promise<void> {
  const reason =
    'the node lost its records, and it still runs there: how it ends will not be known, nor what it wrote'
  await stage.rounds('why its end will not be known is told', () => startsOf(stage, request).length > 1)
  expect(startsOf(stage, request).at(-1)).toMatchObject({ reason })
  const told = startsOf(stage, request).length
  let rounds = 0
  await until('its records were looked at again', () => {
    rounds += stage.clock.hurry()
    return rounds > ROUNDS_A_LOOK
  })
  expect([isAbsent(stage, request), startsOf(stage, request).length]).toEqual([false, told])
  await stage.mayEnd(name)
  await stage.rounds('its end is told', () => isAbsent(stage, request))
  expect(await stage.scheduler.wait('absent', request.id)).toMatchObject({ proof: 'none' })
}

describe.each(SHELLS)('a spool under a live connection, with $name', (kind) => {
  const isUsable = canUse(kind)

  it.skipIf(!isUsable)('is made anew where it was removed, and what ends there is told at once', async () => {
    await using stage = await openStage(kind)
    const old = await stage.run('old', 7)
    await stage.inside('rm -r spool')
    const next = await stage.run('next', 5)
    await stage.mayEnd('next')
    expect(await stage.scheduler.wait('exit', next.id)).toMatchObject(exited(5))
    await outlivesItsRecords(stage, old, 'old')
  })

  it.skipIf(!isUsable)('is made anew by itself where it was removed and nothing is asked of it', async () => {
    await using stage = await openStage(kind)
    const old = await stage.run('old', 7)
    await stage.inside('rm -r spool')
    await stage.rounds('it is connected anew', () => stage.connections() === 2)
    expect(await stage.scheduler.executor.inspect(old.target)).not.toBeNull()
    await outlivesItsRecords(stage, old, 'old')
  })

  it.skipIf(!isUsable)(
    'is taken up where an older copy was put in its place, and what ends there is told at once',
    async () => {
      await using stage = await openStage(kind)
      const kept = await stage.run('kept', 3)
      await stage.inside('cp -a spool copy')
      const newer = await stage.run('newer', 7)
      // The connection's own fence is in both.
      await stage.inside('mv spool moved; mv copy spool')
      await stage.rounds('it is connected anew', () => stage.connections() === 2)
      const next = await stage.run('next', 5)
      await stage.mayEnd('next')
      expect(await stage.scheduler.wait('exit', next.id)).toMatchObject(exited(5))
      await outlivesItsRecords(stage, newer, 'newer')
      expect(isAbsent(stage, kept)).toBe(false)
    },
  )

  it.skipIf(!isUsable)('is heard again where only its journal was put back', async () => {
    await using stage = await openStage(kind)
    const old = await stage.run('old', 7)
    await stage.inside('cd spool/*/node/g.*; cp journal copy; mv copy journal')
    await stage.rounds('it is connected anew', () => stage.connections() === 2)
    await stage.mayEnd('old')
    expect(await stage.scheduler.wait('exit', old.id)).toMatchObject(exited(7))
  })

  it.skipIf(!isUsable)(
    'stops and releases also what a copy from before its launch was put back for',
    async () => {
      await using stage = await openStage(kind)
      const [one, other] = [await stage.run('one', 3), await stage.run('other', 4)]
      const claimed = ({ id }: StartRequest): string => `rm copy/*/node/g.*/a/${id.slice(0, 2)}/${id}/go`
      await stage.inside(`cp -a spool copy; ${claimed(one)}; ${claimed(other)}; rm -r spool; mv copy spool`)
      await stage.rounds('it is connected anew', () => stage.connections() === 2)
      await stage.scheduler.executor.stop(one, { signal: 'TERM', graceMs: 60_000 })
      expect(await stage.scheduler.wait('stopped', one.id)).toMatchObject({
        signalled: ['TERM'],
        survivors: [],
      })
      await stage.rounds('the end of what was stopped is told', () => isAbsent(stage, one))
      await outlivesItsRecords(stage, other, 'other')
      expect(await stage.scheduler.executor.release([one, other])).toEqual([one.id, other.id])
    },
  )
})

describe('a start that was not confirmed when the spool was removed', () => {
  const kind = SHELLS.find(canUse)

  it.skipIf(kind === undefined)('is not sent again while its command runs', async () => {
    if (kind === undefined) return
    // The journal tells of the start before the start is answered.
    await using node = await createTestNode(kind, { lateMs: 300 })
    await using scheduler = await node.open()
    const [ran, end] = [join(node.folder, 'ran'), join(node.folder, 'end')]
    const command = `echo ran >>${ran}; until test -e ${end}; do sleep 0.05; done`
    const request = scheduler.request(command)
    const starting = scheduler.start([request])
    await until('it runs', () => existsSync(ran))
    await rm(join(node.folder, 'spool'), { recursive: true })
    node.transport.cut()
    expect(await starting).toEqual([{ id: request.id, result: 'accepted' }])
    await writeFile(end, '')
    await scheduler.wait('absent', request.id)
    expect(await readFile(ran, 'latin1')).toBe('ran\n')
  })
})
