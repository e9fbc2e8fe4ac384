import { deepStrictEqual, ok } from 'node:assert/strict'
import type { StartReply } from '../../contract.ts'
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

export const START_RULES: readonly ExecutorRule[] = [
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
    name: 'start: a target that cannot be reached refuses with UNREACHABLE, to be tried again',
    skip: (_capabilities, { unreachable }) =>
      unreachable === undefined ? 'no target of the fixture is unreachable' : null,
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
