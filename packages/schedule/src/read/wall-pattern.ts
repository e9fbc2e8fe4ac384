import type { Days } from './days.ts'

/** When a schedule is due by the clock on the wall: on these days, at each of these times. Every form of schedule but the interval becomes one. */
export interface WallPattern {
  readonly days: Days
  /** Ascending, each once. */
  readonly hours: readonly number[]
  /** Ascending, each once. */
  readonly minutes: readonly number[]
  readonly second: number
}
