import { deepStrictEqual, ok } from 'node:assert/strict'
import { type ExecutorRule, needsAdopt } from '../executor-rule.ts'
import { newMark, nextFence, refOf } from '../stage.ts'

export const ADOPT_RULES: readonly ExecutorRule[] = [
  {
    name: 'adopt: answers started for what runs',
    skip: needsAdopt,
    async play(stage) {
      const first = await stage.open()
      const request = await first.run(stage.fixture.commands.sleepForever)
      await first.watch.wait('started', request.id)
      const { cursors } = first.watch
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2), cursors)
      await second.executor.adopt([refOf(request)], { signal: stage.signal })
      await second.watch.wait('started', request.id)
      deepStrictEqual(kinds(second.watch.of(request.id)), ['started'])
    },
  },
  {
    name: 'adopt: answers what ended meanwhile, with its exit status and sizes',
    skip: needsAdopt,
    async play(stage) {
      const first = await stage.open()
      const request = await first.finish(stage.fixture.commands.exit(9))
      const { cursors } = first.watch
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2), cursors)
      await second.executor.adopt([refOf(request)], { signal: stage.signal })
      const { outcome } = await second.watch.wait('exit', request.id)
      const { sizes } = await second.watch.wait('closed', request.id)
      deepStrictEqual(
        { outcome, sizes },
        { outcome: { type: 'exited', code: 9 }, sizes: { stdout: 0, stderr: 0 } },
      )
      ok(!kinds(second.watch.of(request.id)).includes('absent'))
    },
  },
  {
    name: 'adopt: answers absent for an id that the target never saw',
    skip: needsAdopt,
    async play(stage) {
      const { executor, watch } = await stage.open()
      const request = stage.request(stage.fixture.commands.succeed)
      await executor.adopt([refOf(request)], { signal: stage.signal })
      await watch.wait('absent', request.id)
      deepStrictEqual(kinds(watch.of(request.id)), ['absent'])
    },
  },
  {
    name: 'adopt: answers absent, proved, for an id that was revoked',
    skip: needsAdopt,
    async play(stage) {
      const { executor, watch } = await stage.open()
      const mark = newMark()
      const request = stage.request(stage.fixture.commands.leaveMark(mark))
      const [reply] = await executor.revoke([refOf(request)], { signal: stage.signal })
      if (reply?.result === 'unsupported') return
      await executor.adopt([refOf(request)], { signal: stage.signal })
      const { proof } = await watch.wait('absent', request.id)
      deepStrictEqual(proof, 'never-started')
      deepStrictEqual(kinds(watch.of(request.id)), ['absent'])
    },
  },
  {
    name: 'adopt: answers for each id of a list',
    skip: needsAdopt,
    async play(stage) {
      const first = await stage.open()
      const running = await first.run(stage.fixture.commands.sleepForever)
      await first.watch.wait('started', running.id)
      const ended = await first.finish(stage.fixture.commands.exit(9))
      const unseen = stage.request(stage.fixture.commands.succeed)
      const { cursors } = first.watch
      await first[Symbol.asyncDispose]()
      const { executor, watch } = await stage.open(nextFence(2), cursors)
      await executor.adopt([unseen, ended, running].map(refOf), { signal: stage.signal })
      await watch.wait('absent', unseen.id)
      await watch.wait('exit', ended.id)
      await watch.wait('started', running.id)
    },
  },
  {
    name: 'adopt: a target that cannot be reached is told as unreachable',
    skip: (capabilities, { unreachable }) =>
      needsAdopt(capabilities) ??
      (unreachable === undefined ? 'no target of the fixture is unreachable' : null),
    async play(stage) {
      const { unreachable } = stage.fixture
      ok(unreachable !== undefined)
      const { executor, watch } = await stage.open()
      const request = stage.request('', { target: unreachable.target })
      await executor.adopt([refOf(request)], { signal: stage.signal })
      await watch.find(
        'unreachable target',
        (event) =>
          event.kind === 'target' &&
          event.state === 'unreachable' &&
          event.target.node === unreachable.target.node,
      )
      deepStrictEqual(watch.of(request.id), [])
    },
  },
]

function kinds(events: readonly { readonly kind: string }[]): readonly string[] {
  return [...new Set(events.map(({ kind }) => kind))]
}
