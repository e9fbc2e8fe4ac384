import { dayPattern } from '../read/days.ts'
import type { WallPattern } from '../read/wall-pattern.ts'
import { dayMatcher, type WallMs } from './day-matcher.ts'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** The first time on the wall that matches strictly after another; null when there is none before the year 2400. */
export type WallMatcher = (after: WallMs) => WallMs | null

export function createWallMatcher(pattern: WallPattern): WallMatcher {
  const firstDay = dayMatcher(dayPattern(pattern.days))
  return (after) => {
    const today = Math.floor(after / DAY_MS) * DAY_MS
    const day = firstDay(today)
    if (day === null) return null
    const late = day === today ? timeAfter(pattern, after - today) : timeAfter(pattern, -1)
    if (late !== null) return day + late
    const next = firstDay(today + DAY_MS)
    const time = timeAfter(pattern, -1)
    return next === null || time === null ? null : next + time
  }
}

/** The first time of day later than `afterMs`, in milliseconds since midnight. */
function timeAfter({ hours, minutes, second }: WallPattern, afterMs: number): number | null {
  const earliest = Math.floor((afterMs - second * 1000) / MINUTE_MS) + 1
  const earliestHour = Math.floor(earliest / 60)
  const hour = atLeast(hours, earliestHour)
  if (hour === null) return null
  const minute = atLeast(minutes, hour === earliestHour ? earliest % 60 : 0)
  if (minute !== null) return timeOfDay(hour, minute, second)
  const nextHour = atLeast(hours, hour + 1)
  const firstMinute = minutes[0]
  return nextHour === null || firstMinute === undefined ? null : timeOfDay(nextHour, firstMinute, second)
}

function timeOfDay(hour: number, minute: number, second: number): number {
  return (hour * 60 + minute) * MINUTE_MS + second * 1000
}

/** The first of ascending numbers that is not less than another. */
function atLeast(values: readonly number[], least: number): number | null {
  // Where all numbers are there, each stands at its own place.
  if (values[least] === least) return least
  for (const value of values) if (value >= least) return value
  return null
}
