import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Executor, StartReply, StartRequest } from '@tron/executor'
import { createSeededRandom } from '@tron/model/testing'
import { realClock, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { canUse, SHELLS } from '../shells.ts'
import { createTestNode, type Scheduler, type TestNode } from '../test-node.ts'

const COMMANDS = 50
const SECOND = { epoch: 2, nonce: 'second', holder: 'second', issued: [{ epoch: 1, nonce: 'first' }] }

/** Commands that say that they ran and end with their number. */
function markedRequests(node: TestNode, scheduler: Scheduler): readonly StartRequest[] {
  return Array.from({ length: COMMANDS }, (_, index) => {
    const request = scheduler.request('')
    return { ...request, command: `echo ran >>${node.folder}/commands/${request.id}; exit ${index}` }
  })
}

/** Asks again, under the same ids, until the node has taken each. */
async function startAll(executor: Executor, requests: readonly StartRequest[]): Promise<void> {
  const open = new Map(requests.map((request) => [request.id, request]))
  await until('all are started', async () => {
    const signal = AbortSignal.timeout(60_000)
    const replies: readonly StartReply[] = await executor
      .start([...open.values()], { signal })
      .catch(() => [])
    for (const { id, result } of replies) if (result !== 'refused') open.delete(id)
    return open.size === 0
  })
}

async function timesRun(node: TestNode, { id }: StartRequest): Promise<number> {
  const text = await readFile(join(node.folder, 'commands', id), 'utf8').catch(() => '')
  return text.split('\n').length - 1
}

async function outcomes(
  scheduler: Scheduler,
  requests: readonly StartRequest[],
): Promise<readonly unknown[]> {
  const exits = await Promise.all(requests.map(({ id }) => scheduler.wait('exit', id)))
  return exits.map(({ outcome }) => outcome)
}

const EXPECTED = Array.from({ length: COMMANDS }, (_, code) => ({ type: 'exited', code }))

describe.each(SHELLS)('faults under $name', (kind) => {
  const rounds = kind.name === 'dash' ? 20 : 3

  it.skipIf(!canUse(kind))(
    `starts whose channel breaks in between run exactly once, in ${rounds} rounds`,
    async () => {
      const seed = Math.floor(performance.now())
      process.stdout.write(`seed ${seed}\n`)
      const random = createSeededRandom(seed)
      await using node = await createTestNode(kind)
      await using scheduler = await node.open()
      await scheduler.finish('true')
      for (let round = 0; round < rounds; round += 1) {
        const requests = markedRequests(node, scheduler)
        const starting = startAll(scheduler.executor, requests)
        await realClock.sleep(random.next() * 400)
        node.transport.cut()
        await starting
        expect(await outcomes(scheduler, requests)).toEqual(EXPECTED)
        const runs = await Promise.all(requests.map((request) => timesRun(node, request)))
        expect(runs).toEqual(requests.map(() => 1))
      }
    },
  )

  it.skipIf(!canUse(kind))(
    'a scheduler that is deposed while it launches starts nothing twice, and nothing afterwards',
    async () => {
      await using node = await createTestNode(kind)
      await using first = await node.open()
      await first.finish('true')
      const requests = markedRequests(node, first)
      const starting = first.start(requests)
      await using second = await node.open(SECOND)
      await second.finish('true')
      const replies = await starting
      const refused = replies.filter(({ result }) => result === 'refused')
      expect(refused.every((reply) => reply.result === 'refused' && reply.code === 'FENCED')).toBe(true)
      await startAll(second.executor, requests)
      await second.executor.adopt(requests, { signal: AbortSignal.timeout(30_000) })
      expect(await outcomes(second, requests)).toEqual(EXPECTED)
      const runs = await Promise.all(requests.map((request) => timesRun(node, request)))
      expect(runs).toEqual(requests.map(() => 1))
    },
  )

  it.skipIf(!canUse(kind))(
    'a command whose supervisor was killed is watched to its end, which nobody can know',
    async () => {
      await using node = await createTestNode(kind)
      await using first = await node.open()
      const request = first.request(`while test -d ${node.folder}/hold; do sleep 0.1; done`)
      await mkdir(join(node.folder, 'hold'))
      await first.start([request])
      const supervisor = await until('it is launched', async () => {
        const { stdout } = await node.namespace.inside(
          `cat ${node.folder}/spool/*/node/g.*/a/*/${request.id}/go`,
        )
        return stdout.split(' ')[3]
      })
      await node.namespace.inside(`kill -s KILL ${supervisor}`)
      await using second = await node.open(SECOND)
      await second.executor.adopt([request], { signal: AbortSignal.timeout(30_000) })
      await second.wait('started', request.id)
      await node.namespace.inside(`rmdir ${node.folder}/hold`)
      await until('the command is gone', async () => {
        const { stdout } = await node.namespace.inside('cat /proc/[0-9]*/environ 2>/dev/null')
        return !stdout.includes(request.id)
      })
      await second.executor.adopt([request], { signal: AbortSignal.timeout(30_000) })
      const { outcome } = await second.wait('exit', request.id)
      expect(outcome).toEqual({ type: 'lost', cause: 'unknowable', legacyCode: -12 })
    },
  )

  it.skipIf(!canUse(kind))(
    'a full disk loses output, which is stated, and no exit status',
    async (context) => {
      await using node = await createTestNode(kind)
      const spool = join(node.folder, 'spool')
      await mkdir(spool)
      const mounted = await node.namespace.inside(`mount -t tmpfs -o size=400k tmpfs ${spool}`)
      if (mounted.code !== 0) context.skip(`an ordinary user cannot mount a small tmpfs: ${mounted.stderr}`)
      await using scheduler = await node.open()
      const small = scheduler.request(`while ! test -e ${node.folder}/go-on; do sleep 0.1; done; exit 5`)
      await scheduler.start([small])
      const large = await scheduler.finish('yes | head -c 2000000; exit 6')
      expect((await scheduler.wait('exit', large.id)).outcome).toEqual({ type: 'exited', code: 6 })
      const { lost = 0, sizes } = await scheduler.wait('closed', large.id)
      expect({ isStated: lost > 0, isPart: sizes.stdout > 0 && sizes.stdout < 500_000 }).toEqual({
        isStated: true,
        isPart: true,
      })
      const [refused] = await scheduler.start([scheduler.request('true')])
      expect(refused).toMatchObject({ result: 'refused', retry: true, code: 'FULL' })
      await node.namespace.inside(`touch ${node.folder}/go-on`)
      await exitIsKept(node, small)
    },
  )
})

/** The exit is in the record even where the bell could not be rung: whoever connects next reads it. */
async function exitIsKept(node: TestNode, request: StartRequest): Promise<void> {
  await until('it has ended', async () => {
    const { stdout } = await node.namespace.inside('cat /proc/[0-9]*/environ 2>/dev/null')
    return !stdout.includes(request.id)
  })
  await using scheduler = await node.open(SECOND)
  await scheduler.executor.adopt([request], { signal: AbortSignal.timeout(30_000) })
  expect((await scheduler.wait('exit', request.id)).outcome).toEqual({ type: 'exited', code: 5 })
}
