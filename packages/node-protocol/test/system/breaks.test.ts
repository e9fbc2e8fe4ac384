import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { StartReply, StartRequest } from '@tron/executor'
import { requireNamespaces, requireProgram, until } from '@tron/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DEADLINE_MS,
  type NodeInNamespace,
  newRequest,
  openNode,
  patience,
  type Scheduler,
} from './node-in-namespace.ts'

const ROUNDS = 10
const STARTS = 50

describe.skipIf(!requireProgram('dash', 'dash') || !requireNamespaces())('when something breaks', () => {
  let node: NodeInNamespace
  let scheduler: Scheduler
  beforeEach(async () => {
    node = await openNode({ program: 'dash' })
    scheduler = await node.open()
    await scheduler.finish('true')
  })
  afterEach(async () => {
    await scheduler[Symbol.asyncDispose]()
    await node[Symbol.asyncDispose]()
  })

  it(`${STARTS} starts whose channel breaks among them all run exactly once, in each of ${ROUNDS} rounds`, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const requests = Array.from({ length: STARTS }, (_, index) =>
        newRequest(`echo ${index} >>ran.${round}; exit ${index}`),
      )
      const starting = startAll(scheduler, requests)
      // Later from round to round; the first time nothing has been answered yet.
      const some = (round * STARTS) / ROUNDS
      await until('some have started', () => countStarted(scheduler, requests) >= some, {
        everyMs: 1,
        withinMs: DEADLINE_MS,
      })
      await (round % 2 === 0 ? node.transport.cutAll() : node.transport.killAll())
      await starting
      const again = await startAll(scheduler, requests)
      expect(again.map(({ result }) => result)).toEqual(requests.map(() => 'exists'))
      const exits = await Promise.all(requests.map((request) => scheduler.exitOf(request)))
      expect(exits).toEqual(requests.map((_, code) => ({ type: 'exited', code })))
      expect(await numbersIn(node, `ran.${round}`)).toEqual(requests.map((_, index) => index))
    }
    expect(node.transport.connections()).toBeGreaterThan(ROUNDS)
    const told = new Set(scheduler.all('exit').map(({ id, outcome }) => JSON.stringify([id, outcome])))
    expect(told.size).toBe(1 + ROUNDS * STARTS)
  })

  it('commands run on, and their ends are told by the next connection', async () => {
    const request = await scheduler.run(
      'until test -e go-on; do sleep 0.05; done; echo out; echo err >&2; exit 3',
    )
    node.transport.setReachable(false)
    node.transport.cutAll()
    await node.inside(`touch '${node.home}/go-on'`)
    await node.gone([request])
    node.transport.setReachable(true)
    expect(await scheduler.exitOf(request)).toEqual({ type: 'exited', code: 3 })
    expect((await scheduler.wait('closed', request.id)).sizes).toEqual({ stdout: 4, stderr: 4 })
  })

  it('a node that cannot be reached refuses starts by a promise, and nothing runs later', async () => {
    node.transport.setReachable(false)
    node.transport.cutAll()
    await until(
      'that was noticed',
      () => scheduler.all('target').some(({ state }) => state === 'unreachable'),
      { withinMs: DEADLINE_MS },
    )
    const request = newRequest('echo ran >>never')
    const [reply] = await scheduler.start([request])
    expect(reply).toMatchObject({ id: request.id, result: 'refused', retry: true, code: 'UNREACHABLE' })
    node.transport.setReachable(true)
    await scheduler.executor.adopt([request], patience())
    expect(await scheduler.wait('absent', request.id)).toMatchObject({ id: request.id })
    await scheduler.finish('true')
    expect(await numbersIn(node, 'never')).toEqual([])
  })

  it('a command whose supervisor is killed is watched to its end, which nobody can know', async () => {
    const request = await scheduler.run('exec sleep 1000')
    const { command, supervisor } = await node.pids(request)
    await node.inside(`kill -s KILL -- ${supervisor}`)
    await reconnected(node, scheduler)
    expect(scheduler.all('exit').some(({ id }) => id === request.id)).toBe(false)
    await node.inside(`kill -s KILL -- ${command}`)
    await reconnected(node, scheduler)
    expect(await scheduler.exitOf(request)).toEqual({ type: 'lost', cause: 'unknowable', legacyCode: -12 })
    await scheduler.wait('closed', request.id)
  })

  it('a command that is killed together with its supervisor is lost, as killed', async () => {
    const request = await scheduler.run('echo some; true >wrote-some; exec sleep 1000')
    await node.appears('wrote-some')
    const { command, supervisor } = await node.pids(request)
    await node.inside(`kill -s KILL -- ${supervisor} ${command}`)
    await reconnected(node, scheduler)
    expect(await scheduler.exitOf(request)).toEqual({ type: 'lost', cause: 'killed', legacyCode: -12 })
    expect((await scheduler.wait('closed', request.id)).sizes).toEqual({ stdout: 5, stderr: 0 })
  })

  it('a supervisor that is killed concerns none of those that were started with it', async () => {
    const command = (index: number) => `until test -e go-on; do sleep 0.05; done; exit ${index}`
    const requests = Array.from({ length: 5 }, (_, index) => newRequest(command(index)))
    const [victim, ...others] = requests
    if (victim === undefined) throw new Error('there is no victim')
    await scheduler.start(requests)
    const { supervisor } = await node.pids(victim)
    await node.inside(`kill -s KILL -- ${supervisor}; touch '${node.home}/go-on'`)
    const exits = await Promise.all(others.map((request) => scheduler.exitOf(request)))
    expect(exits).toEqual(others.map((_, index) => ({ type: 'exited', code: index + 1 })))
    await node.gone([victim])
    await reconnected(node, scheduler)
    expect(await scheduler.exitOf(victim)).toMatchObject({ type: 'lost' })
  })
})

/** Asks until it is known for each whether the node has it. */
async function startAll(
  scheduler: Scheduler,
  requests: readonly StartRequest[],
): Promise<readonly StartReply[]> {
  const replies = new Map<string, StartReply>()
  await until(
    'all are decided',
    async () => {
      const open = requests.filter(({ id }) => !replies.has(id))
      // A rejection says that it is not known of any: they are asked again, under the same ids.
      const some = await scheduler.start(open).catch(() => [])
      for (const reply of some) if (reply.result !== 'refused') replies.set(reply.id, reply)
      return replies.size === requests.length
    },
    { withinMs: DEADLINE_MS, explain: () => JSON.stringify([...replies.values()]) },
  )
  return requests.flatMap(({ id }) => replies.get(id) ?? [])
}

function countStarted(scheduler: Scheduler, requests: readonly StartRequest[]): number {
  const ids = new Set(requests.map(({ id }) => id))
  return scheduler.all('started').filter(({ id }) => ids.has(id)).length
}

async function numbersIn(node: NodeInNamespace, file: string): Promise<readonly number[]> {
  const text = await readFile(join(node.home, file), 'utf8').catch(() => '')
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map(Number).toSorted((a, b) => a - b)
}

/** Breaks the connection and waits until a new one has looked at the node: a command that runs through shows that. */
async function reconnected(node: NodeInNamespace, scheduler: Scheduler): Promise<void> {
  const before = node.transport.connections()
  node.transport.cutAll()
  await until('there is a new connection', () => node.transport.connections() > before, {
    withinMs: DEADLINE_MS,
  })
  await scheduler.finish('true')
}
