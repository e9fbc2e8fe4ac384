import { deepStrictEqual, ok, rejects } from 'node:assert/strict'
import type { Fence, Holder, StartReply } from '../../contract.ts'
import { suiteFence } from '../executor-fixture.ts'
import { type ExecutorRule, needsAll, needsFence, needsStop } from '../executor-rule.ts'
import { type Actor, newMark, nextFence, refOf, type Stage } from '../stage.ts'
import { isUnreachable, needsUnreachable, unreachableOf } from './unreachable.ts'

/** Pairs that the first scheduler's store did not issue, of a higher, the same and a lower epoch. */
const FOREIGN: readonly Partial<Fence>[] = [9, 1, 0].map((epoch) => ({
  epoch,
  nonce: `foreign-${epoch}`,
  holder: 'suite-foreign',
}))

export const FENCE_RULES: readonly ExecutorRule[] = [
  {
    name: 'fence: a foreign pair is refused, whatever the numbers, and changes nothing',
    skip: needsFence,
    async play(stage) {
      const first = await stage.open()
      await first.finish(stage.fixture.commands.succeed)
      const mark = newMark()
      for (const fence of FOREIGN) {
        const foreign = await stage.open(fence)
        const request = stage.request(stage.fixture.commands.leaveMark(mark))
        assertFenced(await foreign.start(request))
        await foreign[Symbol.asyncDispose]()
      }
      await first.finish(stage.fixture.commands.succeed)
      deepStrictEqual(await holderOf(stage, first), pairOf({}))
      deepStrictEqual(await stage.fixture.marks(mark), 0)
    },
  },
  {
    name: 'fence: a foreign pair revokes, stops and releases nothing',
    skip: needsAll(needsFence, needsStop),
    async play(stage) {
      const { commands } = stage.fixture
      const first = await stage.open()
      const running = await first.run(commands.sleepForever)
      await first.watch.wait('started', running.id)
      const ended = await first.finish(commands.succeed)
      const planned = stage.request(commands.succeed)
      const [foreignFence] = FOREIGN
      const foreign = await stage.open(foreignFence)
      const [revoked] = await foreign.executor.revoke([refOf(planned)], { signal: stage.signal })
      ok(revoked?.result !== 'revoked', 'a foreign scheduler revoked a start')
      await foreign.executor.stop(refOf(running), { signal: 'KILL', graceMs: 0 })
      deepStrictEqual(await foreign.executor.release([refOf(ended)]), [])
      deepStrictEqual((await first.start(planned)).result, 'accepted')
      await first.watch.wait('closed', planned.id)
      deepStrictEqual(
        first.watch.of(running.id).filter(({ kind }) => kind === 'exit'),
        [],
      )
    },
  },
  {
    name: 'fence: a pair that the own store issued is replaced',
    skip: needsFence,
    async play(stage) {
      const first = await stage.open()
      await first.finish(stage.fixture.commands.succeed)
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2))
      await second.finish(stage.fixture.commands.succeed)
      deepStrictEqual(await holderOf(stage, second), pairOf(nextFence(2)))
    },
  },
  {
    name: 'fence: a deposed executor is refused from then on, also when it is opened again',
    skip: needsFence,
    async play(stage) {
      const mark = newMark()
      const first = await stage.open()
      await first.finish(stage.fixture.commands.succeed)
      const second = await stage.open(nextFence(2))
      await second.finish(stage.fixture.commands.succeed)
      assertFenced(await first.start(stage.request(stage.fixture.commands.leaveMark(mark))))
      for (let time = 0; time < 3; time += 1) {
        const again = await stage.open()
        assertFenced(await again.start(stage.request(stage.fixture.commands.leaveMark(mark))))
        await again[Symbol.asyncDispose]()
      }
      await second.finish(stage.fixture.commands.succeed)
      deepStrictEqual(await stage.fixture.marks(mark), 0)
    },
  },
  {
    name: 'fence: a take-over by the operator replaces a foreign pair, and deposes it',
    skip: needsFence,
    async play(stage) {
      const first = await stage.open()
      await first.finish(stage.fixture.commands.succeed)
      const taking = {
        epoch: 10,
        nonce: 'taken',
        holder: 'suite-taker',
        takeOver: [stage.fixture.target.target.node],
      }
      const second = await stage.open(taking)
      await second.finish(stage.fixture.commands.succeed)
      assertFenced(await first.start(stage.request(stage.fixture.commands.succeed)))
      deepStrictEqual(await holderOf(stage, second), pairOf(taking))
    },
  },
  {
    name: 'fence: a fenced executor says so in an event that names the holder',
    skip: needsFence,
    async play(stage) {
      const first = await stage.open()
      await first.finish(stage.fixture.commands.succeed)
      const [foreignFence] = FOREIGN
      const foreign = await stage.open(foreignFence)
      await foreign.start(stage.request(stage.fixture.commands.succeed))
      const event = await foreign.watch.find(
        'fenced target',
        (candidate) => candidate.kind === 'target' && candidate.state === 'fenced',
      )
      ok(
        event.kind === 'target' && event.reason.includes(suiteFence().holder),
        'the reason does not name the holder',
      )
    },
  },
  {
    name: 'inspect: names the holder to anybody and changes nothing',
    skip: needsFence,
    async play(stage) {
      const first = await stage.open()
      const before = await holderOf(stage, first)
      ok(
        before === null || before.nonce === suiteFence().nonce,
        'a target of its own is held by somebody else',
      )
      await first.finish(stage.fixture.commands.succeed)
      for (const fence of FOREIGN) {
        const foreign = await stage.open(fence)
        deepStrictEqual(await holderOf(stage, foreign), pairOf({}))
      }
      await first.finish(stage.fixture.commands.succeed)
    },
  },
  {
    name: 'inspect: rejects with UNREACHABLE for a target that cannot be reached',
    skip: needsUnreachable,
    async play(stage) {
      const { executor } = await stage.open()
      await rejects(executor.inspect(unreachableOf(stage)), isUnreachable)
    },
  },
]

function assertFenced(reply: StartReply): void {
  ok(reply.result === 'refused', `a start was ${reply.result} although somebody else holds the target`)
  deepStrictEqual(reply.code, 'FENCED')
}

function holderOf(stage: Stage, { executor }: Actor): Promise<Holder | null> {
  return executor.inspect(stage.fixture.target.target)
}

function pairOf(different: Partial<Fence>): Holder {
  const { epoch, nonce, holder } = suiteFence(different)
  return { epoch, nonce, holder }
}
