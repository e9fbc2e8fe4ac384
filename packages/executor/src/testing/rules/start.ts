import { deepStrictEqual, ok } from 'node:assert/strict'
import type { StartReply } from '../../contract.ts'
import { watchEvents } from '../event-watch.ts'
import {
  type ExecutorRule,
  needsAdopt,
  needsAll,
  needsEnforcedOnce,
  needsOnce,
  needsOutput,
} from '../executor-rule.ts'
import { readAll } from '../read-all.ts'
import { newMark, nextFence, refOf } from '../stage.ts'
import { needsUnreachable } from './unreachable.ts'

/** Long enough that a start which is not held comes before it. */
const HELD_MS = 2000

export const START_RULES: readonly ExecutorRule[] = [
  {
    name: 'setTargets: may be said again and again, and the newest list counts',
    async play(stage) {
      const executor = await stage.openBare()
      await executor.setTargets([])
      await using watch = watchEvents(executor, { deadlineMs: stage.deadlineMs })
      for (let time = 0; time < 3; time += 1) await executor.setTargets([stage.fixture.target])
      const request = stage.request(stage.fixture.commands.exit(6))
      await executor.start([request], { signal: stage.signal })
      await executor.setTargets([stage.fixture.target])
      deepStrictEqual((await watch.wait('exit', request.id)).outcome, { type: 'exited', code: 6 })
      await watch.wait('closed', request.id)
    },
  },
  {
    name: 'start: runs the command and tells its exit status',
    async play(stage) {
      const { run, watch } = await stage.open()
      for (const code of [0, 1, 7, 255]) {
        const { id } = await run(
          code === 0 ? stage.fixture.commands.succeed : stage.fixture.commands.exit(code),
        )
        const { outcome } = await watch.wait('exit', id)
        deepStrictEqual(outcome, { type: 'exited', code })
      }
    },
  },
  {
    name: 'start: answers each request of a list, in order',
    async play(stage) {
      const { executor, watch } = await stage.open()
      const requests = Array.from({ length: 5 }, () => stage.request(stage.fixture.commands.succeed))
      const replies = await executor.start(requests, { signal: stage.signal })
      deepStrictEqual(
        replies,
        requests.map(({ id }): StartReply => ({ id, result: 'accepted' })),
      )
      for (const { id } of requests) await watch.wait('exit', id)
    },
  },
  {
    name: 'start: passes command and environment on unchanged',
    skip: needsOutput,
    async play(stage) {
      const { commands } = stage.fixture
      const text = 'héllo 日本語 🚀 "$HOME" \\ \'quoted\'\ttab\nsecond line'
      const { executor, start, finish, watch } = await stage.open()
      const printed = await finish(commands.print(text, 'stdout'))
      deepStrictEqual(await readAll(executor, printed, 'stdout'), text)
      const request = stage.request(commands.printVariable('TRON_SUITE'), { env: { TRON_SUITE: text } })
      await start(request)
      await watch.wait('closed', request.id)
      deepStrictEqual(await readAll(executor, request, 'stdout'), text)
    },
  },
  {
    name: 'start: the intent is durable when it resolves',
    skip: needsAdopt,
    async play(stage) {
      const first = await stage.open()
      const request = await first.run(stage.fixture.commands.succeed)
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2))
      await second.executor.adopt([refOf(request)], { signal: stage.signal })
      const { outcome } = await second.watch.wait('exit', request.id)
      deepStrictEqual(outcome, { type: 'exited', code: 0 })
    },
  },
  {
    name: 'start: an id that was started answers exists and runs nothing more',
    skip: needsOnce,
    async play(stage) {
      const mark = newMark()
      const { start, watch } = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      const first = await start(request)
      const again = await start(request)
      await watch.wait('closed', request.id)
      const afterTheEnd = await start(request)
      deepStrictEqual([first.result, again.result, afterTheEnd.result], ['accepted', 'exists', 'exists'])
      deepStrictEqual(await stage.fixture.marks(mark), 1)
    },
  },
  {
    name: 'start: an id that another executor started answers exists and runs nothing more',
    skip: needsAll(needsAdopt, needsOnce),
    async play(stage) {
      const mark = newMark()
      const first = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      await first.start(request)
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2))
      deepStrictEqual(await second.start(request), { id: request.id, result: 'exists' })
      await second.watch.wait('closed', request.id)
      deepStrictEqual(await stage.fixture.marks(mark), 1)
    },
  },
  {
    name: 'start: an id that is started many times at once runs once',
    skip: needsEnforcedOnce,
    async play(stage) {
      const mark = newMark()
      const { executor, start, watch } = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      const single = Array.from({ length: 6 }, () => start(request))
      const both = executor.start([request, request], { signal: stage.signal })
      const results = (await Promise.all([...single, both])).flat().map(({ result }) => result)
      deepStrictEqual(results.filter((result) => result === 'accepted').length, 1)
      deepStrictEqual(results.filter((result) => result === 'exists').length, 7)
      await watch.wait('closed', request.id)
      deepStrictEqual(await stage.fixture.marks(mark), 1)
    },
  },
  {
    name: 'start: what was given up is asked for again under its id and runs once',
    skip: needsOnce,
    async play(stage) {
      const mark = newMark()
      const { executor, start, finish, watch } = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      const giveUp = new AbortController()
      const unknown = executor.start([request], { signal: giveUp.signal }).catch(() => undefined)
      giveUp.abort(new Error('it took too long'))
      await unknown
      const { result } = await start(request)
      ok(result === 'accepted' || result === 'exists', `asked again, it answered ${result}`)
      await watch.wait('closed', request.id)
      await finish(stage.fixture.commands.succeed)
      deepStrictEqual(await stage.fixture.marks(mark), 1)
    },
  },
  {
    name: 'start: one that is held until an instant does not begin before it',
    skip: ({ notBefore }) => (notBefore ? null : 'it cannot hold a start (notBefore is off)'),
    async play(stage) {
      const { finish, start, watch } = await stage.open()
      const first = await finish(stage.fixture.commands.succeed)
      const notBeforeMs = (await watch.wait('started', first.id)).atMs + HELD_MS
      const request = stage.request(stage.fixture.commands.succeed, { notBeforeMs })
      await start(request)
      const { atMs } = await watch.wait('started', request.id)
      ok(atMs >= notBeforeMs, `it began ${notBeforeMs - atMs} ms too early`)
    },
  },
  {
    name: 'start: a target that cannot be reached refuses with UNREACHABLE, to be tried again',
    skip: needsUnreachable,
    async play(stage) {
      const { fixture } = stage
      ok(fixture.unreachable !== undefined)
      const mark = newMark()
      const { start } = await stage.open()
      const request = stage.request(fixture.commands.leaveMark(mark), { target: fixture.unreachable.target })
      const reply = await start(request)
      deepStrictEqual(reply.result, 'refused')
      ok(reply.result === 'refused')
      deepStrictEqual({ code: reply.code, retry: reply.retry }, { code: 'UNREACHABLE', retry: true })
      ok(reply.reason.length > 0)
      deepStrictEqual(await fixture.marks(mark), 0)
    },
  },
]
