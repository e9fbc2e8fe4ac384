import { isDeepStrictEqual } from 'node:util'
import { type AttemptId, messageOf } from '@tron/model'
import type { EventBatch, Executor, ExecutorEvent } from '../contract.ts'
import { startDeadline } from './deadline.ts'

type EventOf<K extends ExecutorEvent['kind']> = Extract<ExecutorEvent, { kind: K }>
/** The kinds that are about one attempt. */
type AttemptKind = Exclude<ExecutorEvent['kind'], 'target'>

/** Takes in an executor's events as core does, acknowledging each batch, and waits for what a rule expects. */
export interface EventWatch extends AsyncDisposable {
  /** All so far. */
  readonly events: readonly ExecutorEvent[]
  /** How far each source was taken in: what a scheduler would have committed. */
  readonly cursors: Readonly<Record<string, string>>
  /** The events of one attempt so far. */
  of(id: AttemptId): readonly ExecutorEvent[]
  /** Resolves with the first event of a kind for an attempt, also one that came before. Rejects at the deadline, saying what did come. */
  wait<K extends AttemptKind>(kind: K, id: AttemptId): Promise<EventOf<K>>
  /** Resolves with the first event that fits. */
  find(what: string, fits: (event: ExecutorEvent) => boolean): Promise<ExecutorEvent>
}

export interface WatchOptions {
  readonly from?: Readonly<Record<string, string>>
  readonly deadlineMs: number
}

export function watchEvents(executor: Executor, options: WatchOptions): EventWatch {
  const events: ExecutorEvent[] = []
  const cursors: Record<string, string> = { ...options.from }
  const stop = new AbortController()
  let news = Promise.withResolvers<void>()
  const wake = (): void => {
    news.resolve()
    news = Promise.withResolvers<void>()
  }
  const failure: { error?: unknown } = {}

  const take = async (): Promise<void> => {
    for await (const batch of executor.events(cursors, { signal: stop.signal })) {
      assertPlain(batch)
      cursors[batch.source] = batch.cursor
      events.push(...batch.events)
      wake()
    }
  }
  const taking = take().catch((error: unknown) => {
    if (!stop.signal.aborted) failure.error = error
    wake()
  })

  const until = async <T>(what: string, look: () => T | undefined): Promise<T> => {
    using deadline = startDeadline(options.deadlineMs, `no ${what}`)
    for (let found = look(); ; found = look()) {
      if (found !== undefined) return found
      if ('error' in failure) throw failure.error
      await Promise.race([news.promise, deadline.passed]).catch((error: unknown) => {
        throw new Error(`${messageOf(error)}; events so far: ${describe(events)}`, { cause: error })
      })
    }
  }

  return {
    events,
    cursors,
    of: (id) => events.filter((event) => 'id' in event && event.id === id),
    wait: <K extends AttemptKind>(kind: K, id: AttemptId) =>
      until(`${kind} of ${id}`, () => events.find((event): event is EventOf<K> => isOf(event, kind, id))),
    find: (what, fits) => until(what, () => events.find(fits)),
    async [Symbol.asyncDispose]() {
      stop.abort()
      // An executor that does not end its events may not hang the suite as well.
      using deadline = startDeadline(options.deadlineMs, 'the events did not end')
      await Promise.race([taking, deadline.passed.catch(() => undefined)])
    },
  }
}

function isOf(event: ExecutorEvent, kind: AttemptKind, id: AttemptId): boolean {
  return event.kind === kind && 'id' in event && event.id === id
}

/** What crosses the contract must pass a structured clone unchanged. */
function assertPlain(batch: EventBatch): void {
  if (isDeepStrictEqual(structuredClone(batch), batch)) return
  throw new Error(`an event is not plain data: ${describe(batch.events)}`)
}

function describe(events: readonly ExecutorEvent[]): string {
  const shown = events.slice(-30).map((event) => {
    if (event.kind === 'target') return `${event.kind} ${event.target.node} ${event.state}`
    return event.kind === 'exit'
      ? `exit ${event.id} ${JSON.stringify(event.outcome)}`
      : `${event.kind} ${event.id}`
  })
  return shown.length === 0 ? 'none' : shown.join(', ')
}
