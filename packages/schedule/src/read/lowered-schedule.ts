import type { ScheduleSpec } from '@tron/model'
import { LIMIT_MS } from '../limit.ts'
import { parseCron } from './cron-expression.ts'
import { parseDaily } from './daily-expression.ts'
import { parseGroc } from './groc-expression.ts'
import { parseInterval } from './interval.ts'
import { accepted, type Parsed, refused } from './parsed.ts'
import type { WallPattern } from './wall-pattern.ts'

/** A schedule in the form that instants are computed from: times on the wall, or a fixed length of time. */
export type LoweredSchedule = { readonly wall: WallPattern } | { readonly everyMs: number }

const READERS: Readonly<Record<ScheduleSpec['kind'], (value: string) => Parsed<LoweredSchedule>>> = {
  cron: (value) => wall(parseCron(value)),
  daily: (value) => wall(parseDaily(value)),
  groc: (value) => wall(parseGroc(value)),
  interval,
}

/** Reads the text of a schedule of one kind. */
export function lowerSchedule(kind: ScheduleSpec['kind'], value: string): Parsed<LoweredSchedule> {
  return READERS[kind](value)
}

function wall(parsed: Parsed<WallPattern>): Parsed<LoweredSchedule> {
  return parsed.ok ? accepted({ wall: parsed.value }) : parsed
}

function interval(value: string): Parsed<LoweredSchedule> {
  const length = parseInterval(value)
  if (!length.ok) return length
  if (length.value === 0) return refused('an interval is at least one second')
  if (length.value < LIMIT_MS) return accepted({ everyMs: length.value })
  return refused('an interval is counted from 1970, and this one would not be over before the year 2400')
}
