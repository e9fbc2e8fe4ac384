import { Temporal } from '@tron/model/temporal'
import { Cron } from 'croner'
import { LIMIT_MS } from '../limit.ts'
import { dayPattern } from '../read/days.ts'
import type { WallPattern } from '../read/wall-pattern.ts'

/**
 * A time on the wall as milliseconds, counted as if the wall were in UTC. Not an instant: a zone has to place it.
 */
export type WallMs = number

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

/** The first matching day at or after a midnight; null when there is none before the limit. */
type DayMatcher = (from: WallMs) => WallMs | null

/**
 * Matchers by pattern. One holds some 80 KB, and an answer of croner takes 50 microseconds; but thousands of jobs share a few dozen sets of days, and
 * ask about the same few days.
 */
const matchers = new Map<string, DayMatcher>()
const MOST_MATCHERS = 64
const MOST_ANSWERS = 256

function dayMatcher(days: string): DayMatcher {
  if (days === '* * *') return (from) => (from < LIMIT_MS ? from : null)
  // Looked up at each use, so that schedules keep only the text, and what is shared can be dropped.
  return (from) => sharedMatcher(days)(from)
}

function sharedMatcher(days: string): DayMatcher {
  const known = matchers.get(days)
  if (known !== undefined) return known
  const oldest = matchers.keys().next()
  if (matchers.size >= MOST_MATCHERS && oldest.done !== true) matchers.delete(oldest.value)
  const made = cronMatcher(days)
  matchers.set(days, made)
  return made
}

function cronMatcher(days: string): DayMatcher {
  // In UTC it is a matcher of numbers and knows no daylight saving; the zone is applied afterwards.
  const cron = new Cron(`0 0 0 ${days}`, { utcOffset: 0, mode: '6-part' })
  const answers = new Map<WallMs, WallMs | null>()
  let latest: { readonly from: WallMs; readonly to: WallMs | null } = { from: Infinity, to: null }
  return (from) => {
    if (from >= latest.from && (latest.to === null || from <= latest.to)) return latest.to
    const known = answers.get(from)
    const to = known === undefined ? ask(cron, from) : known
    if (answers.size >= MOST_ANSWERS) answers.clear()
    answers.set(from, to)
    latest = { from, to }
    return to
  }
}

function ask(cron: Cron, from: WallMs): WallMs | null {
  // croner looks strictly after what it is given.
  const before = Temporal.Instant.fromEpochMilliseconds(from - 1000).toString()
  const found = cron.nextRun(before)?.getTime() ?? null
  return found === null || found >= LIMIT_MS ? null : found
}
