import type { Sizes } from '@tron/executor'
import { type AttemptEvent, broken, checkTruth, type EventContext, type Told } from './truth-check.ts'

/** Holds an event against the truth. @returns what has been told of the attempt now */
export function checkEvent(context: EventContext, event: AttemptEvent): Told {
  checkForm(context, event)
  const told = checkOrder(context, event)
  if (!context.row.isHostile) checkTruth(context, event)
  return told
}

function checkForm(context: EventContext, event: AttemptEvent): void {
  for (const [name, value, least] of numbersOf(event)) {
    if (!Number.isSafeInteger(value) || value < least)
      broken(context, 'form', `${event.kind} has ${name} ${value}`)
  }
  if (event.kind !== 'closed') return
  for (const stream of ['stdout', 'stderr'] as const) {
    const part = event.tail?.[stream]
    if (part !== undefined && part.from + part.bytes.length !== event.sizes[stream]) {
      broken(context, 'tail', `${part.bytes.length} bytes came along, of ${event.sizes[stream]}`)
    }
  }
}

function numbersOf(event: AttemptEvent): readonly (readonly [string, number, number])[] {
  const sizes = 'sizes' in event ? sizeNumbers(event.sizes) : []
  switch (event.kind) {
    case 'started':
    case 'stopped':
      return [['an instant', event.atMs, 0]]
    case 'exit': {
      const code = event.outcome.type === 'exited' ? event.outcome.code : 0
      return [
        ['an instant', event.atMs, 0],
        ['a status', code, 0],
        ['a duration', event.usage?.wallMs ?? 0, 0],
        ...sizes,
      ]
    }
    case 'closed':
      return [['left running', event.leftRunning, 0], ['lost bytes', event.lost ?? 0, 0], ...sizes]
    case 'progress':
    case 'absent':
      return sizes
  }
}

function sizeNumbers({ stdout, stderr }: Sizes): readonly (readonly [string, number, number])[] {
  return [
    ['a size', stdout, 0],
    ['a size', stderr, 0],
  ]
}

/** At least once, and in order: what begins anew begins at the beginning. */
function checkOrder(context: EventContext, event: AttemptEvent): Told {
  const { told, book } = context
  switch (event.kind) {
    case 'started':
      if (told !== 'nothing') book.cover('told again from the beginning')
      return 'started'
    case 'exit':
      checkExitOrder(context)
      return 'exit'
    case 'closed':
      checkClosedOrder(context)
      return 'closed'
    case 'progress':
    case 'stopped':
    case 'absent':
      return told
  }
}

function checkExitOrder(context: EventContext): void {
  const { told, row, node } = context
  const lostRing = row.isHostile || node.folders.get(row.id)?.truth.lostRing === true
  if (told === 'nothing' && row.phase === 'starting' && !lostRing)
    broken(context, 'order', 'exit before started')
  // A ring may come when the records have told all of it, even when it was given back meanwhile.
  if (told === 'exit') broken(context, 'order', 'exit again without started')
}

function checkClosedOrder(context: EventContext): void {
  const { told, row } = context
  if (told === 'started' || (told === 'nothing' && row.phase !== 'ended')) {
    broken(context, 'order', 'closed before exit')
  }
}
