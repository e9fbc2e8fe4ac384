import { Temporal } from '@tron/model/temporal'
import { compileSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const MINUTE_MS = 60_000
const DAY_MS = 86_400_000

/** A change of a zone's clocks: when, and the offsets before and after. */
interface Change {
  readonly zone: string
  readonly atMs: number
  readonly before: number
  readonly after: number
}

function offset(zone: string, atMs: number): number {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).offsetNanoseconds / 1_000_000
}

/** One change of each kind (offsets and time of day) that some zone has from 2000 to 2037. */
function kindsOfChange(): readonly Change[] {
  const kinds = new Map<string, Change>()
  for (const zone of Intl.supportedValuesOf('timeZone')) {
    let next = Temporal.Instant.from('2000-01-01T00:00Z')
      .toZonedDateTimeISO(zone)
      .getTimeZoneTransition('next')
    for (; next !== null && next.year <= 2037; next = next.getTimeZoneTransition('next')) {
      const atMs = next.epochMilliseconds
      const [before, after] = [offset(zone, atMs - 1), offset(zone, atMs)]
      const kind = [before, after, next.toPlainTime().toString()].join(' ')
      if (before !== after && !kinds.has(kind)) kinds.set(kind, { zone, atMs, before, after })
    }
  }
  return [...kinds.values()]
}

interface Rule {
  readonly expression: string
  readonly everyHour: boolean
  readonly matches: (hour: number, minute: number) => boolean
}

const RULES: readonly Rule[] = [
  { expression: '30 2 * * *', everyHour: false, matches: (hour, minute) => hour === 2 && minute === 30 },
  { expression: '0 0 * * *', everyHour: false, matches: (hour, minute) => hour === 0 && minute === 0 },
  {
    expression: '*/20 0-3 * * *',
    everyHour: false,
    matches: (hour, minute) => hour < 4 && minute % 20 === 0,
  },
  { expression: '15 * * * *', everyHour: true, matches: (_hour, minute) => minute === 15 },
]

/** Every minute of four days is looked at: the clock on the wall as it goes, and the times that it skips. */
function bruteForce({ atMs, before, after }: Change, { matches, everyHour }: Rule): readonly number[] {
  const due = (wall: number) => {
    const minutes = Math.floor((((wall % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS)
    return matches(Math.floor(minutes / 60), minutes % 60)
  }
  const instants = new Set<number>()
  const seen = new Set<number>()
  for (let now = atMs - 3 * DAY_MS; now <= atMs + 3 * DAY_MS; now += MINUTE_MS) {
    const wall = now + (now < atMs ? before : after)
    if (due(wall) && (everyHour || !seen.has(wall))) instants.add(now)
    seen.add(wall)
  }
  for (let wall = atMs + before; wall < atMs + after; wall += MINUTE_MS)
    if (due(wall)) instants.add(wall - before)
  return [...instants].filter((now) => Math.abs(now - atMs) <= 2 * DAY_MS).toSorted((a, b) => a - b)
}

function computed({ zone, atMs }: Change, { expression }: Rule): readonly number[] {
  const schedule = compileSchedule({ kind: 'cron', value: expression, jitterMs: 0, zone })
  const instants: number[] = []
  let now = schedule.next(atMs - 2 * DAY_MS - 1)?.atMs
  while (now !== undefined && now <= atMs + 2 * DAY_MS) {
    instants.push(now)
    now = schedule.next(now)?.atMs
  }
  return instants
}

describe('over every kind of change of the clocks that a zone has from 2000 to 2037', () => {
  const changes = kindsOfChange()

  it.each(RULES)('$expression comes when a look at every minute says', (rule) => {
    const wrong = changes.filter(
      (change) => JSON.stringify(computed(change, rule)) !== JSON.stringify(bruteForce(change, rule)),
    )
    expect([changes.length > 50, wrong]).toEqual([true, []])
  })
})
