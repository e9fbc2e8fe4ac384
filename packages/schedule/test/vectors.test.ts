import { Temporal } from '@tron/model/temporal'
import { checkZone, compileSchedule, describeSchedule, parseInterval, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'
import intervals from './data/intervals.json' with { type: 'json' }
import jitter from './data/jitter.json' with { type: 'json' }
import neverMatching from './data/never-matching.json' with { type: 'json' }
import nextRuns from './data/next-runs.json' with { type: 'json' }
import parse from './data/parse.json' with { type: 'json' }
import timeOfDay from './data/time-of-day.json' with { type: 'json' }
import timeZones from './data/time-zones.json' with { type: 'json' }
import zoneDependent from './data/zone-dependent.json' with { type: 'json' }

/** What Tron 3.10.5 did, and where we do another thing on purpose, with the reason. */
const MUST_NOW_BE_ACCEPTED = new Map([
  ['parse-071', 'ranges of months may wrap round'],
  ['parse-072', 'ranges of months may wrap round'],
  ['parse-266', 'ranges of days may wrap round'],
  ['parse-169', 'a documented form of the complex schedule that Tron itself refused'],
  ['parse-192', 'the interval of earlier Trons'],
  ['parse-193', 'the interval of earlier Trons'],
  ['parse-194', 'the interval of earlier Trons'],
  ['parse-236', 'ordinals may be words'],
])
const MUST_NOW_BE_REFUSED = new Map([
  ['parse-117', '5/15 is read differently by different crons'],
  ['parse-239', '1st2nd meant the 12th'],
  ['parse-256', 'jan1 meant November'],
  ['parse-257', 'sun5 meant Friday'],
  ['parse-258', '70 meant Sunday'],
])
const OTHER_RESULT = new Map([
  ['parse-080', { reason: '0-7 is the whole week', next: '2024-01-16T00:00:00' }],
])

function start(wall: string, zone: string): number {
  const text = wall.replace('.999999', '.999')
  if (text.endsWith('Z')) return Temporal.Instant.from(text).epochMilliseconds
  return Temporal.PlainDateTime.from(text).toZonedDateTime(zone).epochMilliseconds
}

function runs(
  schedule: unknown,
  zone: string,
  from: { readonly afterMs: number; readonly count: number },
): string[] {
  const parsed = parseSchedule(schedule)
  if (!parsed.ok) return [`refused: ${parsed.reason}`]
  const compiled = compileSchedule({ ...parsed.schedule, zone })
  const found: string[] = []
  let afterMs = from.afterMs
  while (found.length < from.count) {
    const instant = compiled.next(afterMs)
    if (instant === null) return found
    afterMs = instant.atMs
    found.push(Temporal.Instant.fromEpochMilliseconds(afterMs).toString().replace('.000', ''))
  }
  return found
}

describe('parsing, as Tron 3 did', () => {
  it.each(parse)('$id $schedule', (vector) => {
    const parsed = parseSchedule(vector.schedule)
    const wasAccepted = vector.outcome === 'accepted'
    const expected =
      (wasAccepted && !MUST_NOW_BE_REFUSED.has(vector.id)) || MUST_NOW_BE_ACCEPTED.has(vector.id)
    expect({ ok: parsed.ok, parsed }).toEqual({ ok: expected, parsed })
    if (!parsed.ok || !wasAccepted) return
    const { schedule } = parsed
    expect({ ...schedule, display: describeSchedule(schedule) }).toEqual({
      kind: vector.kind,
      value: vector.original,
      jitterMs: (vector.jitterSeconds ?? 0) * 1000,
      display: vector.display,
    })
    const next = OTHER_RESULT.get(vector.id)?.next ?? vector.next
    const afterMs = start('2024-01-15T12:00:00', 'UTC')
    expect(runs(vector.schedule, 'UTC', { afterMs, count: 1 })).toEqual([`${next}Z`])
  })

  it('names only vectors that exist where it differs on purpose', () => {
    const ids = new Set(parse.map((vector) => vector.id))
    const named = [...MUST_NOW_BE_ACCEPTED.keys(), ...MUST_NOW_BE_REFUSED.keys(), ...OTHER_RESULT.keys()]
    expect(named.filter((id) => !ids.has(id))).toEqual([])
  })
})

const EVERY_HOUR = 'every hour of the clock: runs through both of two equal hours in real time'
const INSIDE = 'asked inside the second of two equal hours: never an instant in the past'
const OTHER_RUNS = new Map([
  [
    'next_runs-114',
    {
      reason: 'asked between the gap and the moved time: that time still comes, wherever one asks from',
      runs: ['2024-03-10T10:30:00Z', '2024-03-11T09:30:00Z'],
    },
  ],
  [
    'next_runs-070',
    {
      reason: EVERY_HOUR,
      runs: [
        '2024-11-03T07:00:00Z',
        '2024-11-03T08:00:00Z',
        '2024-11-03T09:00:00Z',
        '2024-11-03T10:00:00Z',
        '2024-11-03T11:00:00Z',
      ],
    },
  ],
  [
    'next_runs-071',
    {
      reason: EVERY_HOUR,
      runs: [
        '2024-11-03T07:30:00Z',
        '2024-11-03T08:00:00Z',
        '2024-11-03T08:30:00Z',
        '2024-11-03T09:00:00Z',
        '2024-11-03T09:30:00Z',
        '2024-11-03T10:00:00Z',
      ],
    },
  ],
  [
    'next_runs-084',
    {
      reason: EVERY_HOUR,
      runs: [
        '2024-10-26T23:40:00Z',
        '2024-10-27T00:00:00Z',
        '2024-10-27T00:20:00Z',
        '2024-10-27T00:40:00Z',
        '2024-10-27T01:00:00Z',
        '2024-10-27T01:20:00Z',
      ],
    },
  ],
  [
    'next_runs-107',
    {
      reason: INSIDE,
      runs: ['2024-11-03T09:30:00Z', '2024-11-03T10:00:00Z', '2024-11-03T10:30:00Z', '2024-11-03T11:00:00Z'],
    },
  ],
  [
    'next_runs-108',
    { reason: INSIDE, runs: ['2024-11-03T09:31:00Z', '2024-11-03T09:32:00Z', '2024-11-03T09:33:00Z'] },
  ],
  [
    'next_runs-111',
    {
      reason: INSIDE,
      runs: ['2024-04-06T15:15:00Z', '2024-04-06T15:30:00Z', '2024-04-06T15:45:00Z', '2024-04-06T16:00:00Z'],
    },
  ],
])

describe('the next runs, as Tron 3 computed them', () => {
  it.each(nextRuns)('$id $schedule in $zone after $start', (vector) => {
    const zone = vector.zone ?? 'UTC'
    const expected = OTHER_RUNS.get(vector.id)?.runs ?? vector.runs.slice(0, 6)
    const utc = expected.map((text) => (text.endsWith('Z') ? text : `${text}Z`))
    expect(runs(vector.schedule, zone, { afterMs: start(vector.start, zone), count: utc.length })).toEqual(
      utc,
    )
  })

  it('does not depend on how the zone data flags daylight saving: the earlier of two equal times counts', () => {
    const dublin = zoneDependent.find((vector) => vector.zone === 'Europe/Dublin')
    expect(
      runs(dublin?.schedule, 'Europe/Dublin', {
        afterMs: start('2024-10-26T00:00:00', 'Europe/Dublin'),
        count: 3,
      }),
    ).toEqual(['2024-10-26T00:30:00Z', '2024-10-27T00:30:00Z', '2024-10-28T01:30:00Z'])
  })
})

describe('refusals that Tron 3 did not make', () => {
  it.each(neverMatching)('$id $schedule is refused when it can never match', (vector) => {
    expect(parseSchedule(vector.schedule).ok).toBe(vector.outcome === 'ok')
  })
})

describe('lengths of time', () => {
  it.each(intervals)('$id $input', ({ input, seconds }) => {
    const parsed = typeof input === 'string' ? parseInterval(input) : { ok: false, value: undefined }
    expect(parsed.ok ? parsed.value : null).toEqual(seconds === null ? null : seconds * 1000)
  })
})

describe('times of day', () => {
  it.each(timeOfDay)('$id $input', ({ input, accepted }) => {
    expect(parseSchedule({ start_time: input }).ok).toBe(accepted)
  })
})

describe('zones', () => {
  it.each(timeZones.filter((vector) => vector.input !== null))('$id $input', ({ input, zone }) => {
    expect(checkZone(input ?? '')).toBe(zone)
  })
})

describe('display', () => {
  it.each(jitter)('$id $display', ({ schedule, display }) => {
    const parsed = parseSchedule(schedule)
    expect(parsed.ok && describeSchedule(parsed.schedule)).toBe(display)
  })
})
