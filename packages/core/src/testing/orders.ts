import { chance } from './chance.ts'
import { nodesToTakeOver, type Records } from './records.ts'

/** Calls in which a take-over does most of what it has to do. */
const CALLS_OF_A_TAKE_OVER = 40

/** One start of a scheduler that was ordered to take over. */
interface OrderedStart {
  readonly seed: number
  readonly scheduler: string
  readonly starts: number
}

/** Whether a start has the order again: who only starts the service does not repeat one that the records have taken. */
export function isOrderRepeated(start: OrderedStart, records: Records): boolean {
  return nodesToTakeOver(records).length === 0 || drawn(start, 'order again') < 0.5
}

/** At which of its calls an ordered start is killed; null when it is not. */
export function callToDieAt(start: OrderedStart): number | null {
  if (drawn(start, 'kill in a take-over') < 0.5) return null
  return Math.floor(drawn(start, 'call of a take-over') * CALLS_OF_A_TAKE_OVER)
}

function drawn({ seed, scheduler, starts }: OrderedStart, what: string): number {
  return chance(seed, what, scheduler, starts)
}
