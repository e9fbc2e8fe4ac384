import type { Executor, ExecutorEvent, StartReply, StartRequest, Stream } from '@tron/executor'
import type { AttemptId } from '@tron/model'
import { until } from '@tron/testkit'
import { type AttemptEvent, DEADLINE_MS, type EventOf, isOf, patience } from '../node-in-namespace.ts'
import type { HurriedClock } from './hurried-clock.ts'

/** Asks until it is known for each whether the node has it. */
export async function startAll(
  executor: Executor,
  requests: readonly StartRequest[],
): Promise<readonly StartReply[]> {
  const replies = new Map<string, StartReply>()
  await until(
    'all starts are decided',
    async () => {
      const open = requests.filter(({ id }) => !replies.has(id))
      // A rejection says that it is not known of any: they are asked again, under the same ids.
      const some = await executor.start(open, patience()).catch(() => [])
      for (const reply of some) {
        if (reply.result !== 'refused' || !reply.retry) replies.set(reply.id, reply)
      }
      return replies.size === requests.length
    },
    { withinMs: DEADLINE_MS, explain: () => JSON.stringify([...replies.values()]) },
  )
  return requests.flatMap(({ id }) => replies.get(id) ?? [])
}

interface Wanted<K> {
  readonly kinds: readonly K[]
  readonly id: AttemptId
  readonly from: number
}

export interface Watched {
  readonly events: readonly ExecutorEvent[]
  readonly clock: HurriedClock
  readonly isDead: () => boolean
}

/** The first event of an attempt, from an index on, that is of one of these kinds. */
export function waitFor<K extends AttemptEvent['kind']>(
  { events, clock, isDead }: Watched,
  { kinds, id, from }: Wanted<K>,
): Promise<EventOf<K>> {
  let looks = 0
  return until(
    `${kinds.join(' or ')} of ${id}`,
    () => {
      looks += 1
      // What nothing rings for is found by looking, now and then.
      if (looks % 20 === 0 && isDead()) clock.hurry()
      return events
        .slice(from)
        .find((event): event is EventOf<K> => kinds.some((kind) => isOf(event, kind, id)))
    },
    {
      withinMs: DEADLINE_MS,
      everyMs: 10,
      explain: () => JSON.stringify(events.slice(-20)),
    },
  )
}

interface Range {
  readonly request: StartRequest
  readonly stream: Stream
  readonly from: number
}

/** A read may fail with the connection: then it is done again. */
export async function readText(executor: Executor, range: Range): Promise<string> {
  const { text } = await until('output was read', () => readOnce(executor, range), { withinMs: DEADLINE_MS })
  return text
}

async function readOnce(
  executor: Executor,
  { request, stream, from }: Range,
): Promise<{ readonly text: string }> {
  const chunks: Uint8Array[] = []
  for await (const chunk of executor.read(request, stream, from, patience())) chunks.push(chunk)
  return { text: Buffer.concat(chunks).toString() }
}
