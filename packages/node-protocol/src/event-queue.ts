import type { EventBatch, ExecutorEvent } from '@tron/executor'

const MAX_BATCH = 256
/** More than this is not kept: what the node holds is told again instead, when there is room. */
const MAX_KEPT = 50_000

/** Events of one node that nobody has acknowledged yet, in order, each with the cursor that may be committed with it. */
export interface EventQueue {
  readonly source: string
  push(event: ExecutorEvent): void
  /** The next batch, from the oldest that was not acknowledged; null when there is none. Giving it again is legal. */
  take(): QueuedBatch | null
  /** Forgets a batch that was acknowledged. */
  acknowledge(batch: QueuedBatch): void
  /** The cursor that was last acknowledged; undefined before. */
  acknowledged(): string | undefined
  /** Whether events were dropped for want of room, and all of the earlier are gone by now; asking clears it. */
  takeOverflow(): boolean
}

export interface QueuedBatch {
  readonly batch: EventBatch
  /** The number of the last event in it. */
  readonly through: number
}

interface Entry {
  readonly event: ExecutorEvent
  readonly number: number
  readonly cursor: string
}

/** `cursor` says how far the journal has been told; `onPush` wakes whoever waits for events. */
export function createEventQueue(options: {
  readonly source: string
  readonly cursor: () => string
  readonly onPush: () => void
}): EventQueue {
  const { source, cursor, onPush } = options
  let entries: Entry[] = []
  let number = 0
  let acknowledged: string | undefined
  let overflowed = false

  return {
    source,
    push(event) {
      if (entries.length >= MAX_KEPT && event.kind !== 'target') {
        overflowed = true
        return
      }
      number += 1
      entries.push({ event, number, cursor: cursor() })
      onPush()
    },
    take() {
      const part = entries.slice(0, MAX_BATCH)
      const last = part.at(-1)
      if (last === undefined) return null
      const batch = { source, cursor: last.cursor, events: part.map(({ event }) => event) }
      return { batch, through: last.number }
    },
    acknowledge({ batch, through }) {
      entries = entries.filter((entry) => entry.number > through)
      acknowledged = batch.cursor
    },
    acknowledged: () => acknowledged,
    takeOverflow() {
      const isDue = overflowed && entries.length === 0
      if (isDue) overflowed = false
      return isDue
    },
  }
}
