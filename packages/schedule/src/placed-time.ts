import { Temporal } from '@tron/model/temporal'
import type { WallMs } from './wall-pattern.ts'

/** Where a zone puts a time on the wall. */
export interface PlacedTime {
  /** The instant; of a time that comes twice, the first; of one that does not exist, as much later as the clocks were put forward. */
  readonly atMs: number
  /** The second instant of a time that comes twice. */
  readonly againMs: number | null
  /** The time does not exist on that day and was moved. */
  readonly moved: boolean
}

/** Places a time on the wall in a zone. */
export function placeTime(zone: string, wall: WallMs): PlacedTime {
  const asked = Temporal.Instant.fromEpochMilliseconds(wall).toZonedDateTimeISO('UTC').toPlainDateTime()
  const first = asked.toZonedDateTime(zone, { disambiguation: 'compatible' })
  const moved = first.epochMilliseconds + offsetMs(zone, first.epochMilliseconds) !== wall
  if (moved) return { atMs: first.epochMilliseconds, againMs: null, moved }
  const second = asked.toZonedDateTime(zone, { disambiguation: 'later' }).epochMilliseconds
  return {
    atMs: first.epochMilliseconds,
    againMs: second === first.epochMilliseconds ? null : second,
    moved,
  }
}

/** How far the wall clock of a zone is ahead of UTC at an instant, in milliseconds. */
export function offsetMs(zone: string, atMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000
}

/** A time on the wall for people, such as `2024-03-10 02:30:00`. */
export function showWallTime(wall: WallMs): string {
  return Temporal.Instant.fromEpochMilliseconds(wall).toString().slice(0, 19).replace('T', ' ')
}
