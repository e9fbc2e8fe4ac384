import type { EventBatch, ExecutorEvent } from '@tron/executor'
import type { AttemptId } from '@tron/model'
import type { Draw } from './chance.ts'

type AttemptEvent = Exclude<ExecutorEvent, { kind: 'target' }>

/**
 * Does to batches of events what the contract allows: events come again with all that followed them, those of different attempts change places, and a
 * batch comes in two, the first part of which does not move the cursor.
 */
export function createUnrulyEvents(draw: Draw): (batch: EventBatch, before: string) => readonly EventBatch[] {
  const told = new Map<AttemptId, AttemptEvent[]>()

  const remember = (event: ExecutorEvent): void => {
    if (event.kind === 'target' || event.kind === 'progress' || event.kind === 'absent') return
    const events = told.get(event.id)
    if (events === undefined) told.set(event.id, [event])
    else events.push(event)
    if (told.size > 200) told.delete(told.keys().next().value ?? event.id)
  }

  return (batch, before) => {
    let events = [...batch.events]
    if (draw.often(0.2)) events = shuffled(events, draw)
    if (told.size > 0 && draw.often(0.1)) {
      const [, again] = [...told][draw.whole(0, told.size)] ?? []
      if (again !== undefined) events = [...again, ...events]
    }
    for (const event of batch.events) remember(event)
    const { source, cursor } = batch
    if (events.length < 2 || !draw.often(0.15)) return [{ source, cursor, events }]
    const cut = draw.whole(1, events.length)
    return [
      { source, cursor: before, events: events.slice(0, cut) },
      { source, cursor, events: events.slice(cut) },
    ]
  }
}

/** Another order that keeps that of each attempt. */
function shuffled(events: readonly ExecutorEvent[], draw: Draw): ExecutorEvent[] {
  const lanes = [...Map.groupBy(events, (event) => (event.kind === 'target' ? '' : event.id)).values()]
  const result: ExecutorEvent[] = []
  while (result.length < events.length) {
    const lane = lanes[draw.whole(0, lanes.length)]
    const event = lane?.shift()
    if (event !== undefined) result.push(event)
  }
  return result
}
