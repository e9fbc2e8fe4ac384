import { deepStrictEqual, ok } from 'node:assert/strict'
import type { AttemptId } from '@tron/model'
import type { RevokeReply, StartRequest } from '../../contract.ts'
import { type ExecutorRule, needsAdopt, needsAll, needsEnforcedOnce } from '../executor-rule.ts'
import { type Actor, newMark, nextFence, refOf, type Stage } from '../stage.ts'
import { needsUnreachable } from './unreachable.ts'

export const REVOKE_RULES: readonly ExecutorRule[] = [
  {
    name: 'revoke: an id that it answers revoked for never starts',
    skip: needsEnforcedOnce,
    async play(stage) {
      const mark = newMark()
      const actor = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      deepStrictEqual(await revoke(stage, actor, request), 'revoked')
      const { result } = await actor.start(request)
      ok(result !== 'accepted', 'a start of a revoked id was accepted')
      deepStrictEqual(await revoke(stage, actor, request), 'revoked')
      // Whatever the start might have set going would have been ahead of this one.
      await actor.finish(stage.fixture.commands.succeed)
      deepStrictEqual(await stage.fixture.marks(mark), 0)
      deepStrictEqual(
        actor.watch.of(request.id).filter(({ kind }) => kind === 'started'),
        [],
      )
    },
  },
  {
    name: 'revoke: an id that has started answers started and goes on',
    async play(stage) {
      const actor = await stage.open()
      const running = await actor.run(stage.fixture.commands.sleepForever)
      await actor.watch.wait('started', running.id)
      const ended = await actor.finish(stage.fixture.commands.exit(3))
      for (const request of [running, ended]) {
        const result = await revoke(stage, actor, request)
        ok(result === 'started' || result === 'unsupported', `a started id answered ${result}`)
      }
      await actor.finish(stage.fixture.commands.succeed)
      deepStrictEqual(
        actor.watch.of(running.id).filter(({ kind }) => kind === 'exit'),
        [],
      )
    },
  },
  {
    name: 'revoke: against a start at the same moment exactly one wins',
    skip: needsEnforcedOnce,
    async play(stage) {
      const actor = await stage.open()
      const races = Array.from({ length: 20 }, () => {
        const mark = newMark()
        return { mark, request: stage.request(stage.fixture.commands.leaveMark(mark)) }
      })
      const replies = await Promise.all(races.map(({ request }) => race(stage, actor, request)))
      const started = replies.filter(({ result }) => result === 'started')
      for (const { id } of started) await actor.watch.wait('closed', id)
      await actor.finish(stage.fixture.commands.succeed)
      const startedIds = new Set<AttemptId>(started.map(({ id }) => id))
      for (const { mark, request } of races) {
        deepStrictEqual(await stage.fixture.marks(mark), startedIds.has(request.id) ? 1 : 0)
      }
    },
  },
  {
    name: 'revoke: answers each id of a list, in order',
    async play(stage) {
      const { executor, run, watch } = await stage.open()
      const running = await run(stage.fixture.commands.sleepForever)
      await watch.wait('started', running.id)
      const planned = [1, 2, 3].map(() => stage.request(stage.fixture.commands.succeed))
      const refs = [running, ...planned].map(refOf)
      const replies = await executor.revoke(refs, { signal: stage.signal })
      deepStrictEqual(
        replies.map(({ id }) => id),
        refs.map(({ id }) => id),
      )
    },
  },
  {
    name: 'revoke: holds for the next executor, too',
    skip: needsAll(needsAdopt, needsEnforcedOnce),
    async play(stage) {
      const mark = newMark()
      const first = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      deepStrictEqual(await revoke(stage, first, request), 'revoked')
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2))
      const { result } = await second.start(request)
      ok(result !== 'accepted', 'a start of a revoked id was accepted')
      await second.finish(stage.fixture.commands.succeed)
      deepStrictEqual(await stage.fixture.marks(mark), 0)
    },
  },
  {
    name: 'revoke: a target that cannot be reached answers unreachable',
    skip: needsUnreachable,
    async play(stage) {
      const { unreachable } = stage.fixture
      ok(unreachable !== undefined)
      const actor = await stage.open()
      const result = await revoke(stage, actor, stage.request('', { target: unreachable.target }))
      ok(result === 'unreachable' || result === 'unsupported', `it answered ${result}`)
    },
  },
]

/** A start and a revoke of one id, in either order on the wire. */
async function race(stage: Stage, actor: Actor, request: StartRequest): Promise<RevokeReply> {
  const [, [reply]] = await Promise.all([
    actor.start(request),
    actor.executor.revoke([refOf(request)], { signal: stage.signal }),
  ])
  ok(
    reply?.result === 'revoked' || reply?.result === 'started',
    `revoke answered ${reply?.result ?? 'nothing'}`,
  )
  return reply
}

async function revoke(stage: Stage, actor: Actor, request: StartRequest): Promise<RevokeReply['result']> {
  const replies = await actor.executor.revoke([refOf(request)], { signal: stage.signal })
  deepStrictEqual(
    replies.map(({ id }) => id),
    [request.id],
  )
  return replies[0]?.result ?? 'unsupported'
}
