import { deepStrictEqual, ok } from 'node:assert/strict'
import type { AttemptId } from '@tron/model'
import type { EventBatch, Executor, ExecutorEvent } from '../../contract.ts'
import { startDeadline } from '../deadline.ts'
import { type ExecutorRule, needsAdopt } from '../executor-rule.ts'
import { nextFence, refOf, type Stage } from '../stage.ts'

type Cursors = Readonly<Record<string, string>>

export const EVENT_RULES: readonly ExecutorRule[] = [
  {
    name: 'events: tell started, exit, closed of an attempt in this order',
    async play(stage) {
      const actor = await stage.open()
      const requests = await Promise.all(
        Array.from({ length: 8 }, (_, code) => actor.run(stage.fixture.commands.exit(code))),
      )
      for (const { id } of requests) await actor.watch.wait('closed', id)
      for (const { id } of requests) {
        deepStrictEqual(firstKinds(actor.watch.of(id)), ['started', 'exit', 'closed'])
      }
    },
  },
  {
    name: 'events: say when things happened, and sizes that only grow',
    async play(stage) {
      const actor = await stage.open()
      const { id } = await actor.finish(stage.fixture.commands.print('four', 'stdout'))
      const started = await actor.watch.wait('started', id)
      const exit = await actor.watch.wait('exit', id)
      const closed = await actor.watch.wait('closed', id)
      ok(started.atMs > 0 && exit.atMs >= started.atMs, `started at ${started.atMs}, exit at ${exit.atMs}`)
      ok(exit.sizes.stdout <= closed.sizes.stdout)
      deepStrictEqual(closed.leftRunning, 0)
      if (actor.executor.capabilities.output !== 'none') deepStrictEqual(closed.sizes.stdout, 4)
    },
  },
  {
    name: 'events: a batch that was not acknowledged comes again',
    async play(stage) {
      const executor = await openBare(stage)
      const request = stage.request(stage.fixture.commands.exit(5))
      await executor.start([request], { signal: stage.signal })
      const before = await readUntilExit(stage, { executor, from: {}, id: request.id })
      const again = await readUntilExit(stage, { executor, from: before.acknowledged, id: request.id })
      deepStrictEqual(again.exit.outcome, before.exit.outcome)
    },
  },
  {
    name: 'events: a batch that was not acknowledged comes again to the next executor',
    skip: needsAdopt,
    async play(stage) {
      const executor = await openBare(stage)
      const request = stage.request(stage.fixture.commands.exit(5))
      await executor.start([request], { signal: stage.signal })
      const before = await readUntilExit(stage, { executor, from: {}, id: request.id })
      await executor[Symbol.asyncDispose]()
      const next = await stage.open(nextFence(2), before.acknowledged)
      const { outcome } = await next.watch.wait('exit', request.id)
      deepStrictEqual(outcome, { type: 'exited', code: 5 })
    },
  },
  {
    name: 'events: a cursor that is long past is legal, and nothing that lives is left out',
    skip: needsAdopt,
    async play(stage) {
      const first = await stage.open()
      await first.finish(stage.fixture.commands.succeed)
      const old = { ...first.watch.cursors }
      const requests = [
        await first.finish(stage.fixture.commands.exit(6)),
        await first.run(stage.fixture.commands.sleepForever),
        await first.finish(stage.fixture.commands.succeed),
      ]
      await first[Symbol.asyncDispose]()
      const second = await stage.open(nextFence(2), old)
      await second.executor.adopt(requests.map(refOf), { signal: stage.signal })
      const [ended, running] = requests
      ok(ended !== undefined && running !== undefined)
      deepStrictEqual((await second.watch.wait('exit', ended.id)).outcome, { type: 'exited', code: 6 })
      await second.watch.wait('started', running.id)
      await second.finish(stage.fixture.commands.succeed)
    },
  },
  {
    name: 'events: are plain data, as is every answer',
    async play(stage) {
      const { executor, watch } = await stage.open()
      const request = stage.request(stage.fixture.commands.print('four', 'stdout'))
      const answers: unknown[] = [await executor.start([request], { signal: stage.signal })]
      // Whoever watches has looked at each event.
      await watch.wait('closed', request.id)
      answers.push(executor.capabilities, await executor.inspect(request.target))
      for await (const page of executor.inventory(request.target)) answers.push(page)
      answers.push(await executor.revoke([refOf(request)], { signal: stage.signal }))
      answers.push(await executor.release([refOf(request)]))
      for (const answer of answers) deepStrictEqual(structuredClone(answer), answer)
    },
  },
  {
    name: 'events: end when their signal is aborted',
    async play(stage) {
      const executor = await openBare(stage)
      const stop = new AbortController()
      const ended = drain(executor.events({}, { signal: stop.signal }))
      const request = stage.request(stage.fixture.commands.succeed)
      await executor.start([request], { signal: stage.signal })
      stop.abort()
      using deadline = startDeadline(
        stage.deadlineMs,
        'the events did not end after their signal was aborted',
      )
      await Promise.race([ended, deadline.passed])
    },
  },
]

/** An executor whose events the rule itself takes in. */
async function openBare(stage: Stage): Promise<Executor> {
  const executor = await stage.openBare()
  await executor.setTargets([stage.fixture.target])
  return executor
}

/** Takes events in until the exit of an attempt, and leaves without acknowledging the batch that held it. */
async function readUntilExit(
  stage: Stage,
  o: { readonly executor: Executor; readonly from: Cursors; readonly id: AttemptId },
): Promise<{ readonly acknowledged: Cursors; readonly exit: Extract<ExecutorEvent, { kind: 'exit' }> }> {
  const acknowledged: Record<string, string> = { ...o.from }
  using deadline = startDeadline(stage.deadlineMs, `no exit of ${o.id}`)
  for await (const batch of o.executor.events(o.from, { signal: deadline.signal })) {
    const exit = exitIn(batch, o.id)
    if (exit !== undefined) return { acknowledged, exit }
    acknowledged[batch.source] = batch.cursor
  }
  throw new Error(`no exit of ${o.id} within ${stage.deadlineMs} ms`)
}

function exitIn(batch: EventBatch, id: AttemptId): Extract<ExecutorEvent, { kind: 'exit' }> | undefined {
  return batch.events.filter((event) => event.kind === 'exit').find((event) => event.id === id)
}

/** The kinds of started, exit and closed in the order in which each came first. */
function firstKinds(events: readonly ExecutorEvent[]): readonly string[] {
  const kinds = events.map(({ kind }) => kind)
  return [...new Set(kinds.filter((kind) => kind === 'started' || kind === 'exit' || kind === 'closed'))]
}

/** Takes in all there is, until it ends in whatever way. */
async function drain(events: AsyncIterable<unknown>): Promise<void> {
  const iterator = events[Symbol.asyncIterator]()
  try {
    for (let step = await iterator.next(); step.done !== true; ) step = await iterator.next()
  } catch {
    // Ending with the reason of the signal is as good.
  }
}
