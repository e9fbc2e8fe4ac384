import type { AttemptId } from '@tron/model'
import type { EventBatch, Executor } from '../../contract.ts'
import { type BrokenExecutor, changeBatches, changeEvents, replace } from './broken-executor.ts'

/** The same executor, which tells each exit once. */
function exitsOnce(executor: Executor, told: Set<AttemptId>): Executor {
  return changeEvents(executor, (event) => {
    if (event.kind !== 'exit') return [event]
    if (told.has(event.id)) return []
    told.add(event.id)
    return [event]
  })
}

/** The same executor, whose chunks go through `change`. */
function changeRead(
  executor: Executor,
  change: (...args: Parameters<Executor['read']>) => AsyncIterable<Uint8Array>,
): Executor {
  return replace(executor, { read: change })
}

/** Goes ahead of its reader, and lets go what does not fit. */
async function* newestTwo(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const kept: Uint8Array[] = []
  for await (const chunk of chunks) {
    kept.push(chunk)
    if (kept.length > 2) kept.shift()
  }
  yield* kept
}

const EVENTS: readonly BrokenExecutor[] = [
  {
    rule: 'events: tell started, exit, closed of an attempt in this order',
    defect: 'tells the newest first',
    spoil: () => (executor) =>
      changeBatches(executor, (batch) => ({ ...batch, events: batch.events.toReversed() })),
  },
  {
    rule: 'events: say when things happened, and sizes that only grow',
    defect: 'tells no sizes at the end',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => [
        event.kind === 'closed' ? { ...event, sizes: { stdout: 0, stderr: 0 } } : event,
      ]),
  },
  {
    rule: 'events: a batch that was not acknowledged comes again',
    defect: 'forgets events as soon as they are handed out',
    spoil: () => (executor) => exitsOnce(executor, new Set()),
  },
  {
    rule: 'events: a batch that was not acknowledged comes again to the next executor',
    defect: 'removes events from the target as soon as they are handed out',
    spoil: () => {
      const told = new Set<AttemptId>()
      return (executor) => exitsOnce(executor, told)
    },
  },
  {
    rule: 'events: a cursor that is long past is legal, and nothing that lives is left out',
    defect: 'fails when it is given another cursor than the newest',
    spoil: () => {
      const newest = new Map<string, string>()
      return (executor) => {
        async function* events(
          ...[from, options]: Parameters<Executor['events']>
        ): AsyncGenerator<EventBatch> {
          for (const [source, cursor] of Object.entries(from)) {
            if (newest.get(source) !== cursor) throw new Error(`the cursor ${cursor} is too old`)
          }
          for await (const batch of executor.events(from, options)) {
            newest.set(batch.source, batch.cursor)
            yield batch
          }
        }
        return replace(executor, { events })
      }
    },
  },
  {
    rule: 'events: are plain data, as is every answer',
    defect: 'hands out events with a method',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => {
        const told = { ...event, toString: () => event.kind }
        return [told]
      }),
  },
  {
    rule: 'events: end when their signal is aborted',
    defect: 'does not listen to the signal',
    spoil: () => (executor) =>
      replace(executor, {
        events: (from) => executor.events(from, { signal: new AbortController().signal }),
      }),
  },
]

const READ: readonly BrokenExecutor[] = [
  {
    rule: 'read: gives every byte as it was written, up to the size that closed stated',
    defect: 'takes output for text',
    spoil: () => (executor) =>
      changeRead(executor, async function* (...args) {
        for await (const chunk of executor.read(...args)) {
          yield new TextEncoder().encode(new TextDecoder().decode(chunk))
        }
      }),
  },
  {
    rule: 'read: gives the rest from any byte on',
    defect: 'reads from the start of the block',
    spoil: () => (executor) =>
      changeRead(executor, (ref, stream, ...[from, options]) =>
        executor.read(ref, stream, from - (from % 65_536), options),
      ),
  },
  {
    rule: 'read: keeps the streams apart',
    defect: 'gives stdout whatever is asked for',
    spoil: () => (executor) =>
      changeRead(executor, (ref, _stream, ...[from, options]) => executor.read(ref, 'stdout', from, options)),
  },
  {
    rule: 'read: the tail that closed carries is the end of the output',
    defect: 'cuts a byte off the tail',
    spoil: () => (executor) =>
      changeEvents(executor, (event) => {
        const part = event.kind === 'closed' ? event.tail?.stdout : undefined
        if (event.kind !== 'closed' || part === undefined) return [event]
        return [{ ...event, tail: { ...event.tail, stdout: { ...part, bytes: part.bytes.slice(1) } } }]
      }),
  },
  {
    rule: 'read: gives what a running command has written so far, and ends',
    defect: 'gives nothing before the end',
    spoil: () => (executor) => {
      const closed = new Set<AttemptId>()
      const told = changeEvents(executor, (event) => {
        if (event.kind === 'closed') closed.add(event.id)
        return [event]
      })
      return changeRead(told, async function* (...args) {
        if (closed.has(args[0].id)) yield* executor.read(...args)
      })
    },
  },
  {
    rule: 'read: goes at the pace of the reader, who misses nothing',
    defect: 'keeps two chunks at most for a reader who is slow',
    spoil: () => (executor) => changeRead(executor, (...args) => newestTwo(executor.read(...args))),
  },
  {
    rule: 'read: gives nothing to a reader whose signal is aborted',
    defect: 'does not look at the signal',
    spoil: () => (executor) =>
      changeRead(executor, (ref, stream, ...[from]) =>
        executor.read(ref, stream, from, { signal: new AbortController().signal }),
      ),
  },
  {
    rule: 'read: a reader that leaves early harms no later one',
    defect: 'stays busy with a reader that left',
    spoil: () => (executor) => {
      let isBusy = false
      return changeRead(executor, async function* (...args) {
        if (isBusy) return
        isBusy = true
        yield* executor.read(...args)
        isBusy = false
      })
    },
  },
]

export const BROKEN_TELLING: readonly BrokenExecutor[] = [...EVENTS, ...READ]
