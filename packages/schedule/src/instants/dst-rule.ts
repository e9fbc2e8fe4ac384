import type { DstPolicy } from '@tron/model'
import type { WallPattern } from '../read/wall-pattern.ts'

/** What a policy means for one schedule. */
export interface DstRule {
  /** A time that comes twice is due at the first. */
  readonly first: boolean
  /** A time that comes twice is due at the second. */
  readonly second: boolean
  /** A time that the clocks leave out is due as much later as they were put forward; else it is dropped. */
  readonly moved: boolean
}

/**
 * What becomes of times that a change of the clocks touches. A policy settles one of two questions, and leaves the other as `auto` has it:
 *
 * - `auto`: fixed hours come once, at the first of two equal times; a schedule of every hour (24 hours named, as `*` does) runs through both in real
 *   time. A time that is left out comes as much later as the clocks were put forward: 02:30 at 03:30.
 * - `first`, `last`, `both`: a time that comes twice is due at the first, at the second, at both, whatever hours are named.
 * - `skip`: a time that is left out is dropped.
 * - `shift`: a time that is left out comes later by the length of the gap: what `auto` does, said aloud.
 *
 * Times that meet at one instant, such as 02:30 moved to 03:30 beside 03:30 itself, are one instant.
 */
export function dstRule(policy: DstPolicy, pattern: WallPattern): DstRule {
  const everyHour = pattern.hours.length === 24
  switch (policy) {
    case 'auto':
    case 'shift':
      return { first: true, second: everyHour, moved: true }
    case 'skip':
      return { first: true, second: everyHour, moved: false }
    case 'first':
      return { first: true, second: false, moved: true }
    case 'last':
      return { first: false, second: true, moved: true }
    case 'both':
      return { first: true, second: true, moved: true }
  }
}
