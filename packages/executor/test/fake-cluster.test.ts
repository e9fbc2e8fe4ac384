import type { Executor, ExecutorEvent, Fence, StartRequest, TargetConfig } from '@tron/executor'
import {
  createFakeCluster,
  createFakeExecutor,
  type FakeCluster,
  type FakeRun,
  suiteFence,
} from '@tron/executor/testing'
import { attemptIdOf } from '@tron/model'
import { createManualClock, type ManualClock, settle } from '@tron/model/testing'
import { beforeEach, describe, expect, it } from 'vitest'

const TARGET: TargetConfig = { target: { executor: 'fake', node: 'n1', address: 'n1' }, settings: null }
const SIGNAL = new AbortController().signal
const NEXT: Partial<Fence> = { epoch: 2, nonce: 'second', issued: [{ epoch: 1, nonce: 'first' }] }

let clock: ManualClock
let cluster: FakeCluster
let runs: Record<string, FakeRun>

beforeEach(() => {
  clock = createManualClock()
  runs = {}
  cluster = createFakeCluster({ clock, run: ({ command }) => runs[command] ?? { afterMs: 1000 } })
})

function request(command: string): StartRequest {
  const startKey = `ns.job/r${command}/0/act/0`
  const id = attemptIdOf('i', startKey)
  return { id, startKey, runNumber: 1, configHash: 'h', target: TARGET.target, command, env: {}, spec: null }
}

/** An executor and all the events it tells, taken in as they come. */
async function open(
  fence?: Partial<Fence>,
  on = cluster,
): Promise<{ executor: Executor; events: ExecutorEvent[] }> {
  const executor = createFakeExecutor(on, suiteFence(fence))
  await executor.setTargets([TARGET])
  const events: ExecutorEvent[] = []
  const take = async () => {
    for await (const batch of executor.events({}, { signal: SIGNAL })) events.push(...batch.events)
  }
  void take()
  await settle()
  return { executor, events }
}

/** The events of one start in short. */
function story(events: readonly ExecutorEvent[], { id }: StartRequest): readonly string[] {
  return events.flatMap((event) => {
    if (event.kind === 'target' || event.id !== id) return []
    return event.kind === 'exit' ? [`exit ${JSON.stringify(event.outcome)}`] : [event.kind]
  })
}

const EXIT_0 = 'exit {"type":"exited","code":0}'
const LOST = 'exit {"type":"lost","cause":"reboot","legacyCode":-12}'

describe('a scripted command', () => {
  it('ends when its time has passed on the clock, its output later where the script says so', async () => {
    runs['slow'] = {
      afterMs: 5000,
      code: 3,
      stdout: 'half',
      closesAfterMs: 1000,
      leftRunning: 2,
      lostBytes: 7,
    }
    const { executor, events } = await open()
    const slow = request('slow')
    await executor.start([slow], { signal: SIGNAL })
    await clock.advance(4999)
    expect(story(events, slow)).toEqual(['started', 'progress'])
    await clock.advance(1)
    expect(story(events, slow)).toEqual(['started', 'progress', 'exit {"type":"exited","code":3}'])
    await clock.advance(1000)
    expect(events.at(-1)).toMatchObject({
      kind: 'closed',
      sizes: { stdout: 4, stderr: 0 },
      leftRunning: 2,
      lost: 7,
    })
  })

  it('ends when the test says so, and is in the ledger once', async () => {
    runs['open end'] = { afterMs: null }
    const { executor, events } = await open()
    const start = request('open end')
    await executor.start([start, start], { signal: SIGNAL })
    cluster.finish(start.id, 4)
    await settle()
    expect(story(events, start)).toEqual(['started', 'exit {"type":"exited","code":4}', 'closed'])
    expect(cluster.started(start.id)).toBe(1)
    expect(cluster.ledger).toEqual([
      {
        id: start.id,
        startKey: start.startKey,
        node: 'n1',
        command: 'open end',
        env: {},
        atMs: clock.nowMs(),
      },
    ])
    expect(() => {
      cluster.finish(start.id, 0)
    }).toThrow('does not run')
  })

  it('that no signal ends is named as a survivor, and goes on', async () => {
    runs['stubborn'] = { afterMs: 9000, survivors: ['4711'] }
    const { executor, events } = await open()
    const start = request('stubborn')
    await executor.start([start], { signal: SIGNAL })
    await executor.stop({ id: start.id, target: TARGET.target }, { signal: 'KILL', graceMs: 0 })
    await settle()
    expect(events.at(-1)).toMatchObject({ kind: 'stopped', survivors: ['4711'] })
    await clock.advance(9000)
    expect(story(events, start)).toEqual(['started', 'stopped', EXIT_0, 'closed'])
  })
})

describe('a wire', () => {
  it('that loses a reply leaves the start unknown, although it ran', async () => {
    const { executor, events } = await open()
    const start = request('a')
    cluster.loseReplies('n1', 1)
    await expect(executor.start([start], { signal: SIGNAL })).rejects.toMatchObject({
      code: 'EXECUTOR_FAILED',
    })
    expect(await executor.start([start], { signal: SIGNAL })).toEqual([{ id: start.id, result: 'exists' }])
    await settle()
    expect(story(events, start)).toEqual(['started'])
  })

  it('that loses a request leaves the start unknown, although it never ran', async () => {
    const { executor } = await open()
    const start = request('a')
    cluster.loseRequests('n1', 1)
    await expect(executor.start([start], { signal: SIGNAL })).rejects.toMatchObject({
      code: 'EXECUTOR_FAILED',
    })
    expect(cluster.started(start.id)).toBe(0)
  })

  it('that holds requests delivers them in order later, also those that nobody waits for any more', async () => {
    const { executor } = await open()
    const start = request('a')
    const ref = { id: start.id, target: TARGET.target }
    const release = cluster.hold('n1')
    const stop = new AbortController()
    const starting = executor.start([start], { signal: stop.signal })
    stop.abort()
    await expect(starting).rejects.toMatchObject({ code: 'EXECUTOR_FAILED' })
    const other = createFakeExecutor(cluster, suiteFence())
    const revoking = other.revoke([ref], { signal: SIGNAL })
    release()
    expect(await revoking).toEqual([{ id: start.id, result: 'started' }])
    expect(cluster.started(start.id)).toBe(1)
  })

  it('that breaks and mends is told, with all that happened meanwhile', async () => {
    const { executor, events } = await open()
    const start = request('a')
    await executor.start([start], { signal: SIGNAL })
    await settle()
    cluster.setReachable('n1', false)
    await clock.advance(2000)
    expect(await executor.start([request('b')], { signal: SIGNAL })).toMatchObject([
      { result: 'refused', retry: true, code: 'UNREACHABLE' },
    ])
    await expect(executor.inspect(TARGET.target)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    cluster.setReachable('n1', true)
    await settle()
    const kinds = events.map((event) => (event.kind === 'target' ? event.state : event.kind))
    expect(kinds).toEqual(['reachable', 'started', 'unreachable', 'reachable', 'exit', 'closed'])
  })

  it('that is broken keeps a stop until it mends', async () => {
    const { executor, events } = await open()
    const start = request('a')
    await executor.start([start], { signal: SIGNAL })
    cluster.setReachable('n1', false)
    await executor.stop({ id: start.id, target: TARGET.target }, { signal: 'TERM', graceMs: 10 })
    expect(story(events, start)).not.toContain('stopped')
    cluster.setReachable('n1', true)
    await settle()
    expect(story(events, start).toSorted()).toEqual([
      'closed',
      'exit {"type":"exited","code":143}',
      'started',
      'stopped',
    ])
  })
})

describe('a node', () => {
  it('that reboots loses what ran, and keeps its memory', async () => {
    const { executor, events } = await open()
    const start = request('a')
    await executor.start([start], { signal: SIGNAL })
    cluster.reboot('n1')
    await clock.advance(5000)
    expect(story(events, start)).toEqual(['started', LOST, 'closed'])
    expect(await executor.start([start], { signal: SIGNAL })).toMatchObject([{ result: 'exists' }])
  })

  it('that began a new journal lists what lives to whoever comes with an old cursor', async () => {
    const { executor, events } = await open()
    const start = request('a')
    await executor.start([start], { signal: SIGNAL })
    await settle()
    cluster.rotateJournals('n1')
    await clock.advance(1000)
    expect(story(events, start)).toEqual(['started', 'started', EXIT_0, 'closed'])
  })

  it('that was put back from a backup has forgotten what came after it', async () => {
    const { executor, events } = await open()
    const [before, after] = [request('before'), request('after')]
    await executor.start([before], { signal: SIGNAL })
    const disk = cluster.snapshot('n1')
    await executor.start([after], { signal: SIGNAL })
    cluster.restore('n1', disk)
    await settle()
    expect(story(events, before).at(-2)).toBe(LOST)
    await executor.adopt([{ id: after.id, target: TARGET.target }], { signal: SIGNAL })
    await settle()
    expect(story(events, after).at(-1)).toBe('absent')
  })
})

describe('schedulers', () => {
  it('of which one is deposed hear of it at once', async () => {
    const first = await open()
    await open(NEXT)
    await settle()
    expect(first.events.at(-1)).toMatchObject({ kind: 'target', state: 'fenced' })
    expect(await first.executor.start([request('a')], { signal: SIGNAL })).toMatchObject([{ code: 'FENCED' }])
  })

  it('take over once for each order, not again and again', async () => {
    const taker = await open({ epoch: 5, nonce: 'taker', takeOver: ['n1'] })
    const other = await open({ epoch: 6, nonce: 'other', takeOver: ['n1'] })
    expect(await taker.executor.start([request('a')], { signal: SIGNAL })).toMatchObject([{ code: 'FENCED' }])
    expect(await other.executor.start([request('a')], { signal: SIGNAL })).toMatchObject([
      { result: 'accepted' },
    ])
  })

  it('that only inspect hold nothing', async () => {
    const prober = createFakeExecutor(cluster, suiteFence({ nonce: 'prober' }))
    await prober.setTargets([TARGET])
    expect(await prober.inspect(TARGET.target)).toBe(null)
    await settle()
    expect(await prober.inspect(TARGET.target)).toBe(null)
  })
})

it('a clone goes its own way', async () => {
  const { executor, events } = await open()
  const [shared, alone] = [request('shared'), request('alone')]
  await executor.start([shared], { signal: SIGNAL })
  const copy = cluster.clone()
  await executor.start([alone], { signal: SIGNAL })
  const there = await open({}, copy)
  cluster.finish(shared.id, 9)
  await clock.advance(1000)
  expect(story(events, shared)).toEqual(['started', 'exit {"type":"exited","code":9}', 'closed'])
  expect(story(there.events, shared)).toEqual(['started', EXIT_0, 'closed'])
  expect([copy.started(shared.id), copy.started(alone.id)]).toEqual([1, 0])
})
