import { randomUUID } from 'node:crypto'
import { attemptIdOf } from '@tron/model'
import type { EventBatch, Executor, ExecutorEvent, Fence, StartRequest } from '../../contract.ts'
import { type ExecutorFixture, suiteFence } from '../executor-fixture.ts'

/** How an executor is spoilt: it wraps each that a fixture opens. */
export type Spoil = (executor: Executor, context: SpoilContext) => Executor | Promise<Executor>

export interface SpoilContext {
  readonly fence: Fence
  /** The node of the fixture's target. */
  readonly node: string
  /** An honest executor with another fence. */
  readonly open: (fence: Partial<Fence>) => Promise<Executor>
}

/** An executor with one defect, and the rule that finds it. */
export interface BrokenExecutor {
  /** The name of the rule. */
  readonly rule: string
  readonly defect: string
  /** Called once for each fixture, so that executors of one fixture can share what they remember. */
  spoil(): Spoil
}

/** The fixture, but every executor it opens has the defect. For executors whose methods need no `this`, as the fake's. */
export function breakFixture(fixture: ExecutorFixture, broken: BrokenExecutor): ExecutorFixture {
  const spoil = broken.spoil()
  return {
    ...fixture,
    open: async (different) => {
      const executor = await fixture.open(different)
      return spoil(executor, {
        fence: suiteFence(different),
        node: fixture.target.target.node,
        open: (fence) => fixture.open(fence),
      })
    },
  }
}

/** The same executor with some methods replaced: one whose methods need no `this`, as the fake's. */
export function replace(executor: Executor, methods: Partial<Executor>): Executor {
  return { ...executor, ...methods }
}

/** The same executor, but each event becomes those that `change` answers. */
export function changeEvents(
  executor: Executor,
  change: (event: ExecutorEvent) => readonly ExecutorEvent[],
): Executor {
  return changeBatches(executor, (batch) => ({ ...batch, events: batch.events.flatMap(change) }))
}

export function changeBatches(executor: Executor, change: (batch: EventBatch) => EventBatch): Executor {
  async function* events(...args: Parameters<Executor['events']>): AsyncGenerator<EventBatch> {
    for await (const batch of executor.events(...args)) yield change(batch)
  }
  return replace(executor, { events })
}

/** The same command under an id of its own: what an executor does that takes a start for a new one. */
export function anotherStart(request: StartRequest): StartRequest {
  return { ...request, id: attemptIdOf(request.id, randomUUID()) }
}
