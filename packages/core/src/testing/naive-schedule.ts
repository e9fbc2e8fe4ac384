import { Temporal } from '@tron/model/temporal'

/** A schedule in the few parts that the simulation uses. The engine gets it as a cron expression; this model never sees that text. */
export interface Rhythm {
  /** Minutes of the hour. */
  readonly minutes: readonly number[]
  /** Hours of the day; null for each hour, which runs in real time through a change of the clocks. */
  readonly hours: readonly number[] | null
  /** Days of the week, 0 for Sunday; null for all. */
  readonly weekdays: readonly number[] | null
}

const MINUTE = 60_000
const DAY = 86_400_000
const QUARTER = 15 * MINUTE

/** The cron expression of a rhythm. */
export function cronOf({ minutes, hours, weekdays }: Rhythm): string {
  return `${minutes.join(',')} ${listOf(hours)} * * ${listOf(weekdays)}`
}

function listOf(values: readonly number[] | null): string {
  return values === null ? '*' : values.join(',')
}

/**
 * The instants of a rhythm in (fromMs, toMs], by brute force over wall-clock times: fixed hours happen once a day, the first time where the clock shows
 * them twice, moved by the length of the gap where it leaves them out.
 */
export function naiveInstants(
  rhythm: Rhythm,
  zone: string,
  range: { readonly fromMs: number; readonly toMs: number },
): readonly number[] {
  if (range.toMs <= range.fromMs) return []
  const all =
    rhythm.hours === null ? hourly(rhythm, zone, range) : fixed(rhythm, rhythm.hours, { zone, range })
  const inside = all.filter((ms) => ms > range.fromMs && ms <= range.toMs)
  return [...new Set(inside)].toSorted((a, b) => a - b)
}

function hourly(
  rhythm: Rhythm,
  zone: string,
  range: { readonly fromMs: number; readonly toMs: number },
): number[] {
  const found: number[] = []
  // What a gap moves into the range stands less than two hours before it.
  const firstMs = Math.ceil(range.fromMs / MINUTE) * MINUTE - 2 * 60 * MINUTE
  let before = offsetAt(zone, firstMs - MINUTE)
  for (let ms = firstMs; ms <= range.toMs; ms += MINUTE) {
    const after = offsetAt(zone, ms)
    // Wall times that the clocks leave out here are moved on by the length of the gap.
    for (let wall = ms + before; wall < ms + after; wall += MINUTE) {
      if (isNamed(rhythm, wall)) found.push(wall - before)
    }
    if (isNamed(rhythm, ms + after)) found.push(ms)
    before = after
  }
  return found
}

function isNamed(rhythm: Rhythm, wallMs: number): boolean {
  return rhythm.minutes.includes(Math.floor(wallMs / MINUTE) % 60) && onDay(rhythm, wallMs)
}

function fixed(
  rhythm: Rhythm,
  hours: readonly number[],
  within: { readonly zone: string; readonly range: { readonly fromMs: number; readonly toMs: number } },
): number[] {
  const { zone, range } = within
  const found: number[] = []
  const first = Math.floor(range.fromMs / DAY) * DAY - DAY
  for (let midnight = first; midnight <= range.toMs + DAY; midnight += DAY) {
    if (!onDay(rhythm, midnight)) continue
    for (const hour of hours) {
      for (const minute of rhythm.minutes)
        found.push(placed(zone, midnight + hour * 60 * MINUTE + minute * MINUTE))
    }
  }
  return found
}

function onDay({ weekdays }: Rhythm, wallMs: number): boolean {
  // 1 January 1970 was a Thursday.
  return weekdays === null || weekdays.includes((Math.floor(wallMs / DAY) + 4) % 7)
}

/** The instant at which the clocks of a zone show a wall time, given as if it were UTC. */
function placed(zone: string, wallMs: number): number {
  const earlier = offsetAt(zone, wallMs - DAY)
  const later = offsetAt(zone, wallMs + DAY)
  const fits = [earlier, later].filter((offset) => offsetAt(zone, wallMs - offset) === offset)
  // Neither fits in a gap: reading it with the offset before the gap moves it on by the gap's length.
  return wallMs - (fits.length === 0 ? earlier : Math.max(...fits))
}

const offsets = new Map<string, Map<number, number>>()

/** What a zone's clocks are ahead of UTC. Asked a quarter of an hour at a time: no zone changes its clocks in the middle of one. */
function offsetAt(zone: string, ms: number): number {
  if (zone === 'UTC') return 0
  const known = offsets.get(zone) ?? new Map<number, number>()
  offsets.set(zone, known)
  const quarter = Math.floor(ms / QUARTER)
  const found = known.get(quarter)
  if (found !== undefined) return found
  const instant = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER)
  const offset = Math.round(instant.toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000)
  known.set(quarter, offset)
  return offset
}
