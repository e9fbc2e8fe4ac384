import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Holder, InventoryEntry } from '@tron/executor'
import { requireNamespaces, requireProgram, until } from '@tron/testkit'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DEADLINE_MS,
  FIRST,
  FOREIGN,
  type NodeInNamespace,
  newRequest,
  openNode,
  patience,
  type Scheduler,
  SECOND,
  TARGET,
} from './node-in-namespace.ts'

const COMMAND = 'echo ran >>ran; until test -e go-on; do sleep 0.05; done; exit 4'

describe.skipIf(!requireProgram('dash', 'dash') || !requireNamespaces())(
  'of two schedulers on a node',
  () => {
    let node: NodeInNamespace
    let first: Scheduler
    beforeEach(async () => {
      node = await openNode({ program: 'dash' })
      first = await node.open()
      await first.finish('echo kept')
    })
    afterEach(async () => {
      await first[Symbol.asyncDispose]()
      await node[Symbol.asyncDispose]()
    })

    it('the one whose store issued the pair of the other takes over, with what runs', async () => {
      const running = await first.run(COMMAND)
      await node.appears('ran')
      await using second = await node.open(SECOND)
      await second.finish('true')
      expect(await second.executor.inspect(TARGET)).toEqual({ epoch: 2, nonce: 'second', holder: 'second' })
      await second.executor.adopt([running], patience())
      await second.wait('started', running.id)
      await node.inside(`touch '${node.home}/go-on'`)
      expect(await second.exitOf(running)).toEqual({ type: 'exited', code: 4 })
    })

    it('the one that was deposed can start, stop, revoke and release nothing more, and says who can', async () => {
      const [done, running] = [await first.finish('echo out'), await first.run(COMMAND)]
      await node.appears('ran')
      await using second = await node.open(SECOND)
      await second.finish('true')
      const request = newRequest('echo ran >>late')
      const [reply] = await first.start([request])
      expect(reply).toMatchObject({ id: request.id, result: 'refused', retry: true, code: 'FENCED' })
      expect(reply).toHaveProperty('reason', expect.stringContaining('second'))
      expect(first.all('target').some(({ state }) => state === 'fenced')).toBe(true)
      const other = newRequest('true')
      expect(await first.executor.revoke([other], patience())).toEqual([
        { id: other.id, result: 'unreachable' },
      ])
      expect(await first.executor.release([done])).toEqual([])
      await first.executor.stop(running, { signal: 'KILL', graceMs: 0 })
      // What it had asked for before is answered by now, since a node answers in order.
      await first.executor.inspect(TARGET)
      expect(await node.carriers(running)).not.toEqual([])
      expect(await first.text(done)).toBe('out\n')
      expect((await second.start([other])).map(({ result }) => result)).toEqual(['accepted'])
      await second.finish('true')
      expect(await node.inside(`ls '${node.home}'`)).toBe('ran\n')
    })

    it('the one that was deposed says so when it is a stop that finds out', async () => {
      const running = await first.run(COMMAND)
      await node.appears('ran')
      await using second = await node.open(SECOND)
      await second.finish('true')
      await first.executor.stop(running, { signal: 'TERM', graceMs: 0 })
      await until('it is fenced', () => first.all('target').some(({ state }) => state === 'fenced'), {
        withinMs: DEADLINE_MS,
      })
      expect(first.all('stopped')).toEqual([])
      expect(await node.carriers(running)).not.toEqual([])
    })

    it('the one that was deposed stays so when its connection is made anew', async () => {
      await using second = await node.open(SECOND)
      await second.finish('true')
      const before = node.transport.connections()
      node.transport.cutAll()
      await until('both are connected again', () => node.transport.connections() >= before + 2, {
        withinMs: DEADLINE_MS,
      })
      await second.finish('true')
      expect(await second.executor.inspect(TARGET)).toEqual({ epoch: 2, nonce: 'second', holder: 'second' })
      const replies = await first.start([newRequest('true')])
      expect(replies).toMatchObject([{ result: 'refused', code: 'FENCED' }])
    })

    it('a foreign one is refused whatever its numbers, and leaves no trace on the node', async () => {
      const done = await first.finish('echo kept; exit 6')
      await first[Symbol.asyncDispose]()
      const before = await traces(node)
      await using foreign = await node.open(FOREIGN)
      const request = newRequest('echo ran >>foreign')
      const replies = await foreign.start([request])
      expect(replies).toMatchObject([{ id: request.id, result: 'refused', retry: true, code: 'FENCED' }])
      const revoked = await foreign.executor.revoke([request], patience())
      expect(revoked).toEqual([{ id: request.id, result: 'unreachable' }])
      expect(await foreign.executor.release([done])).toEqual([])
      await foreign.executor.stop(done, { signal: 'KILL', graceMs: 0 })
      const holder: Holder = { ...FIRST, holder: 'suite-first' }
      expect(await foreign.executor.inspect(TARGET)).toEqual(holder)
      const held: InventoryEntry[] = []
      for await (const page of foreign.executor.inventory(TARGET)) held.push(...page)
      expect(held.find(({ id }) => id === done.id)).toMatchObject({
        phase: 'ended',
        outcome: { type: 'exited', code: 6 },
      })
      expect(await foreign.text(done)).toBe('kept\n')
      expect(await traces(node)).toBe(before)
    })

    it('a foreign one may take over once when the operator says so, and the first is foreign then', async () => {
      await using foreign = await node.open({ ...FOREIGN, takeOver: [TARGET.node] })
      await foreign.finish('echo ran >>foreign')
      expect(await readFile(join(node.home, 'foreign'), 'utf8')).toBe('ran\n')
      const replies = await first.start([newRequest('true')])
      expect(replies).toMatchObject([{ result: 'refused', code: 'FENCED' }])
      await using second = await node.open(SECOND)
      expect(await second.start([newRequest('true')])).toMatchObject([{ result: 'refused', code: 'FENCED' }])
    })

    it('none runs twice what both are asked for at the same moment', async () => {
      const requests = Array.from({ length: 30 }, (_, index) =>
        newRequest(`echo ${index} >>both; exit ${index}`),
      )
      const early = first.start(requests).catch(() => [])
      await using second = await node.open(SECOND)
      await until(
        'the second one has started all',
        async () => {
          const replies = await second.start(requests)
          return replies.length === requests.length && replies.every(({ result }) => result !== 'refused')
        },
        { withinMs: DEADLINE_MS },
      )
      await early
      await second.executor.adopt(requests, patience())
      const exits = await Promise.all(requests.map((request) => second.exitOf(request)))
      expect(exits).toEqual(requests.map((_, code) => ({ type: 'exited', code })))
      const ran = (await readFile(join(node.home, 'both'), 'utf8')).trim().split('\n').map(Number)
      expect(ran.toSorted((a, b) => a - b)).toEqual(requests.map((_, index) => index))
    })
  },
)

/** All that the spool is: names, kinds, modes, times of change, contents. */
function traces(node: NodeInNamespace): Promise<string> {
  const all = `find . -printf '%p %y %m %T@ %C@ %l\\n' | sort; find . -type f | sort | xargs cksum`
  return node.inside(`cd '${node.home}' && ${all}`)
}
