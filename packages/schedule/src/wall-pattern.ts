import { Temporal } from '@tron/model/temporal'
import { Cron } from 'croner'

/** When a schedule is due by the clock on the wall: on these days, at each of these times. Every form of schedule but the interval becomes one. */
export interface WallPattern {
  /** The days as a pattern of croner: day of month, month, weekday. */
  readonly days: string
  /** Ascending. */
  readonly hours: readonly number[]
  /** Ascending. */
  readonly minutes: readonly number[]
  readonly second: number
}

/**
 * A time on the wall as milliseconds, counted as if the wall were in UTC. Not an instant: a zone has to place it.
 */
export type WallMs = number

const DAY_MS = 86_400_000
/** Midnight of the year 2400: where the search ends. */
const LIMIT: WallMs = 13_569_465_600_000

/** The first time on the wall that matches strictly after `after`; null when there is none before the year 2400. */
export function nextWallTime(pattern: WallPattern, after: WallMs): WallMs | null {
  const today = Math.floor(after / DAY_MS) * DAY_MS
  const day = firstDay(pattern.days, today)
  if (day === null) return null
  const late = day === today ? timeAfter(pattern, after - today) : timeAfter(pattern, -1)
  if (late !== null) return day + late
  const next = firstDay(pattern.days, today + DAY_MS)
  const time = timeAfter(pattern, -1)
  return next === null || time === null ? null : next + time
}

function timeAfter(pattern: WallPattern, afterMs: number): number | null {
  for (const hour of pattern.hours) {
    if ((hour + 1) * 3_600_000 <= afterMs) continue
    for (const minute of pattern.minutes) {
      const time = ((hour * 60 + minute) * 60 + pattern.second) * 1000
      if (time > afterMs) return time
    }
  }
  return null
}

/**
 * Matchers by pattern, and their latest answer. One matcher holds some 80 KB, but thousands of jobs share a few dozen sets of days, and most
 * questions are about the same day as the one before.
 */
const matchers = new Map<string, { readonly cron: Cron; from: WallMs; to: WallMs | null }>()
const MOST_MATCHERS = 64

/** The first matching day at or after the midnight `from`. */
function firstDay(days: string, from: WallMs): WallMs | null {
  const matcher = matcherOf(days)
  const known = from >= matcher.from && (matcher.to === null || from <= matcher.to)
  if (known) return matcher.to
  // croner looks strictly after what it is given.
  const before = Temporal.Instant.fromEpochMilliseconds(from - 1000).toString()
  const found = matcher.cron.nextRun(before)?.getTime() ?? null
  matcher.from = from
  matcher.to = found === null || found >= LIMIT ? null : found
  return matcher.to
}

function matcherOf(days: string): { readonly cron: Cron; from: WallMs; to: WallMs | null } {
  const known = matchers.get(days)
  if (known !== undefined) return known
  const oldest = matchers.keys().next()
  if (matchers.size >= MOST_MATCHERS && oldest.done !== true) matchers.delete(oldest.value)
  // In UTC it is a matcher of numbers and knows no daylight saving; the zone is applied afterwards.
  const cron = new Cron(`0 0 0 ${days}`, { utcOffset: 0, mode: '6-part' })
  const made = { cron, from: Number.POSITIVE_INFINITY, to: null }
  matchers.set(days, made)
  return made
}
