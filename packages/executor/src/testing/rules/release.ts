import { deepStrictEqual, ok } from 'node:assert/strict'
import { type ExecutorRule, needsEnforcedOnce, needsOnce, needsOutput } from '../executor-rule.ts'
import { readAll } from '../read-all.ts'
import { newMark, refOf } from '../stage.ts'
import { needsUnreachable } from './unreachable.ts'

export const RELEASE_RULES: readonly ExecutorRule[] = [
  {
    name: 'release: leaves alone what has not ended',
    async play(stage) {
      const { executor, run, finish, watch } = await stage.open()
      const running = await run(stage.fixture.commands.sleepForever)
      await watch.wait('started', running.id)
      deepStrictEqual(await executor.release([refOf(running)]), [])
      const ended = await finish(stage.fixture.commands.succeed)
      deepStrictEqual(await executor.release([refOf(running), refOf(ended)]), [ended.id])
      deepStrictEqual(
        watch.of(running.id).filter(({ kind }) => kind === 'exit'),
        [],
      )
    },
  },
  {
    name: 'release: answers again for what is released already',
    async play(stage) {
      const { executor, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.exit(2))
      deepStrictEqual(await executor.release([refOf(request)]), [request.id])
      deepStrictEqual(await executor.release([refOf(request)]), [request.id])
    },
  },
  {
    name: 'release: removes the output',
    skip: needsOutput,
    async play(stage) {
      const { executor, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.print('gone', 'stdout'))
      await executor.release([refOf(request)])
      const text = await readAll(executor, request, 'stdout').catch(() => '')
      deepStrictEqual(text, '')
    },
  },
  {
    name: 'release: answers nothing for a target that cannot be reached',
    skip: needsUnreachable,
    async play(stage) {
      const { unreachable } = stage.fixture
      ok(unreachable !== undefined)
      const { executor, finish } = await stage.open()
      const far = stage.request('', { target: unreachable.target })
      const near = await finish(stage.fixture.commands.succeed)
      deepStrictEqual(await executor.release([refOf(far), refOf(near)]), [near.id])
    },
  },
  {
    name: 'release: never frees the id',
    skip: needsOnce,
    async play(stage) {
      const mark = newMark()
      const { executor, start, finish } = await stage.open()
      const request = await finish(stage.fixture.commands.leaveMark(mark))
      await executor.release([refOf(request)])
      deepStrictEqual(await start(request), { id: request.id, result: 'exists' })
      await finish(stage.fixture.commands.succeed)
      deepStrictEqual(await stage.fixture.marks(mark), 1)
    },
  },
  {
    name: 'release: a revoked id stays revoked',
    skip: needsEnforcedOnce,
    async play(stage) {
      const mark = newMark()
      const { executor, start, finish } = await stage.open()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      await executor.revoke([refOf(request)], { signal: stage.signal })
      deepStrictEqual(await executor.release([refOf(request)]), [request.id])
      const { result } = await start(request)
      ok(result !== 'accepted', 'a start of a released, revoked id was accepted')
      await finish(stage.fixture.commands.succeed)
      deepStrictEqual(await stage.fixture.marks(mark), 0)
    },
  },
]
