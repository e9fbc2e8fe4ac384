import { drawFrom } from '@tron/model'
import { LIMIT_MS } from '../limit.ts'
import type { CompiledSchedule } from './compiled-schedule.ts'

const SECOND_MS = 1000

/**
 * What to add to an instant of a schedule: whole seconds, at most `jitterMs` either way, in milliseconds; the same for the same seed everywhere. It
 * goes less than half the way to the instants before and after, so that jittered instants keep their order and never meet. Where there is none, the epoch
 * and the end of all searches stand for it.
 */
export function jitterOf(
  schedule: CompiledSchedule,
  slotMs: number,
  drawn: { readonly seed: string; readonly jitterMs: number },
): number {
  const most = Math.floor(drawn.jitterMs / SECOND_MS)
  if (most === 0) return 0
  const next = schedule.next(slotMs)?.atMs ?? LIMIT_MS
  const later = Math.min(most, roomTo(next - slotMs))
  const earlier = Math.min(most, roomTo(slotMs - previousInstant(schedule, slotMs, most)))
  return (drawFrom(drawn.seed, earlier + later + 1) - earlier) * SECOND_MS
}

/** How many seconds fit into less than half of a distance. */
function roomTo(distanceMs: number): number {
  return Math.max(0, Math.floor((distanceMs - SECOND_MS) / 2 / SECOND_MS))
}

/** The instant before a slot, or the epoch where there is none, if it is so near that it limits a jitter of so many seconds; else minus infinity. */
function previousInstant(schedule: CompiledSchedule, slotMs: number, most: number): number {
  const isBefore = (secondsBefore: number) => {
    const next = schedule.next(slotMs - secondsBefore * SECOND_MS)
    return next !== null && next.atMs < slotMs
  }
  // Between these many seconds before the slot, from where its predecessor is the next instant, and from where the slot is.
  const sinceEpoch = Math.floor(slotMs / SECOND_MS)
  let [far, near] = [Math.min(2 * most + 1, sinceEpoch), 0]
  if (!isBefore(far)) return far === sinceEpoch ? 0 : -Infinity
  while (far - near > 1) {
    const middle = Math.floor((far + near) / 2)
    if (isBefore(middle)) far = middle
    else near = middle
  }
  return slotMs - near * SECOND_MS
}
