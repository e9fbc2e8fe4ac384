import { deepStrictEqual, ok } from 'node:assert/strict'
import type { ExecutorEvent } from '../../contract.ts'
import { type ExecutorRule, needsAdopt, needsAll, needsStop } from '../executor-rule.ts'
import { type Actor, nextFence, refOf } from '../stage.ts'

const SOON = { signal: 'TERM', graceMs: 60_000 } as const

export const STOP_RULES: readonly ExecutorRule[] = [
  {
    name: 'stop: ends a command; its exit and what survived follow',
    skip: needsStop,
    async play(stage) {
      const { executor, run, watch } = await stage.open()
      const request = await run(stage.fixture.commands.sleepForever)
      await watch.wait('started', request.id)
      await executor.stop(refOf(request), SOON)
      const { outcome } = await watch.wait('exit', request.id)
      ok(outcome.type !== 'exited' || outcome.code !== 0, 'a command that was stopped looks successful')
      const { survivors } = await watch.wait('stopped', request.id)
      deepStrictEqual(survivors, [])
      await watch.wait('closed', request.id)
    },
  },
  {
    name: 'stop: a command that ignores TERM is killed after the grace',
    skip: needsStop,
    async play(stage) {
      const { executor, run, watch } = await stage.open()
      const request = await run(stage.fixture.commands.ignoreTerm)
      await watch.wait('started', request.id)
      await executor.stop(refOf(request), { signal: 'TERM', graceMs: 50 })
      const { outcome } = await watch.wait('exit', request.id)
      ok(outcome.type !== 'exited' || outcome.code !== 0, 'a command that was killed looks successful')
      await watch.wait('stopped', request.id)
    },
  },
  {
    name: 'stop: KILL ends at once what is still granted time by a TERM',
    skip: needsStop,
    async play(stage) {
      const { executor, run, watch } = await stage.open()
      const request = await run(stage.fixture.commands.ignoreTerm)
      await watch.wait('started', request.id)
      await executor.stop(refOf(request), SOON)
      await executor.stop(refOf(request), { signal: 'KILL', graceMs: 0 })
      const { outcome } = await watch.wait('exit', request.id)
      ok(outcome.type !== 'exited' || outcome.code !== 0, 'a command that was killed looks successful')
    },
  },
  {
    name: 'stop: may be asked again at any time, and changes no exit that has happened',
    skip: needsStop,
    async play(stage) {
      const { executor, run, finish, watch } = await stage.open()
      const running = await run(stage.fixture.commands.sleepForever)
      await watch.wait('started', running.id)
      const ended = await finish(stage.fixture.commands.exit(4))
      await executor.stop(refOf(ended), SOON)
      await Promise.all([executor.stop(refOf(running), SOON), executor.stop(refOf(running), SOON)])
      await watch.wait('exit', running.id)
      await executor.stop(refOf(running), { signal: 'KILL', graceMs: 0 })
      await watch.wait('stopped', ended.id)
      await finish(stage.fixture.commands.succeed)
      deepStrictEqual(outcomes(watch.of(ended.id)), [JSON.stringify({ type: 'exited', code: 4 })])
      deepStrictEqual(outcomes(watch.of(running.id)).length, 1)
    },
  },
  {
    name: 'stop: is remembered by an executor that has no connection yet',
    skip: needsAll(needsStop, needsAdopt),
    async play(stage) {
      const first = await stage.open()
      const request = await first.run(stage.fixture.commands.sleepForever)
      await first.watch.wait('started', request.id)
      await first[Symbol.asyncDispose]()
      const second: Actor = await stage.open(nextFence(2))
      await second.executor.stop(refOf(request), SOON)
      await second.watch.wait('exit', request.id)
    },
  },
]

/** The different outcomes that were told for one attempt: telling one again is legal. */
function outcomes(events: readonly ExecutorEvent[]): readonly string[] {
  return [
    ...new Set(events.flatMap((event) => (event.kind === 'exit' ? [JSON.stringify(event.outcome)] : []))),
  ]
}
