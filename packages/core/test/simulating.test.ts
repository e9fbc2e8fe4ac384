import { cronOf, drawPlan, naiveInstants, type Rhythm, simulate, simulateSeed } from '@tron/core/testing'
import { Temporal } from '@tron/model/temporal'
import { compileSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const daily: Rhythm = { minutes: [30], hours: [2], weekdays: null }
const hourly: Rhythm = { minutes: [15], hours: null, weekdays: null }

const utc = (text: string) => Temporal.Instant.from(`${text}:00Z`).epochMilliseconds
const texts = (instants: readonly number[]) =>
  instants.map((ms) => Temporal.Instant.fromEpochMilliseconds(ms).toString().slice(5, 16))

describe('the naive model of schedules', () => {
  it('moves a fixed hour out of the gap in spring, and takes the first of two in autumn', () => {
    const spring = { fromMs: utc('2026-03-28T00:00'), toMs: utc('2026-03-31T00:00') }
    expect(texts(naiveInstants(daily, 'Europe/Berlin', spring))).toEqual([
      '03-28T01:30',
      '03-29T01:30',
      '03-30T00:30',
    ])
    const autumn = { fromMs: utc('2026-10-24T00:00'), toMs: utc('2026-10-27T00:00') }
    expect(texts(naiveInstants(daily, 'Europe/Berlin', autumn))).toEqual([
      '10-24T00:30',
      '10-25T00:30',
      '10-26T01:30',
    ])
  })

  it('lets each hour run in real time', () => {
    const autumn = { fromMs: utc('2026-10-24T23:30'), toMs: utc('2026-10-25T02:30') }
    expect(texts(naiveInstants(hourly, 'Europe/Berlin', autumn))).toEqual([
      '10-25T00:15',
      '10-25T01:15',
      '10-25T02:15',
    ])
  })

  it.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Casablanca', 'UTC'])(
    'agrees with the schedules of the product in %s for a year',
    (zone) => {
      const range = { fromMs: utc('2026-01-01T00:00'), toMs: utc('2027-01-01T00:00') }
      for (const rhythm of [daily, hourly, { minutes: [0, 45], hours: [0, 1, 3], weekdays: [0, 6] }]) {
        const schedule = compileSchedule({ kind: 'cron', value: cronOf(rhythm), jitterMs: 0, zone })
        const found: number[] = []
        for (
          let next = schedule.next(range.fromMs);
          next !== null && next.atMs <= range.toMs;
          next = schedule.next(next.atMs)
        ) {
          found.push(next.atMs)
        }
        expect(texts(found)).toEqual(texts(naiveInstants(rhythm, zone, range)))
      }
    },
  )
})

describe('a simulation', () => {
  it('is the same for the same plan, and another for another seed', async () => {
    const plan = drawPlan({ seed: 7, days: 1 })
    const [first, again, other] = [
      await simulate(plan),
      await simulate(plan),
      await simulateSeed({ seed: 8, days: 1 }),
    ]
    expect(first.violation).toBeNull()
    expect(again).toEqual(first)
    expect(other.digest).not.toBe(first.digest)
  })

  it('draws what happens by name, so that leaving one incident out leaves the others as they were', () => {
    const { incidents, ...rest } = drawPlan({ seed: 7, days: 2 })
    expect(incidents.length).toBeGreaterThan(20)
    expect(drawPlan({ seed: 7, days: 2 })).toEqual({ ...rest, incidents })
    expect(incidents.map(({ atMs }) => atMs)).toEqual(
      incidents.map(({ atMs }) => atMs).toSorted((a, b) => a - b),
    )
  })
})
