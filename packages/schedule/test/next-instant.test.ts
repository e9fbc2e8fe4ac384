import { Temporal } from '@tron/model/temporal'
import { compileSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const cron = (value: string, zone: string) => compileSchedule({ kind: 'cron', value, jitterMs: 0, zone })

describe('an instant says why it is not what the wall clock says', () => {
  it('is moved by the length of the gap when the clocks skip it', () => {
    expect(cron('30 2 * * *', 'US/Pacific').next(at('2024-03-10T08:00Z'))).toEqual({
      atMs: at('2024-03-10T10:30Z'),
      note: '2024-03-10 02:30 does not exist in US/Pacific, where the clocks go forward from 02:00 to 03:00: moved 1 hour later',
    })
  })

  it('is the second of two equal times for a schedule of every hour', () => {
    expect(cron('0 * * * *', 'US/Pacific').next(at('2024-11-03T08:30Z'))).toEqual({
      atMs: at('2024-11-03T09:00Z'),
      note: '2024-11-03 01:00 comes twice in US/Pacific, where the clocks go back from 02:00 to 01:00: this is the second',
    })
  })

  it('has nothing to say on an ordinary day', () => {
    expect(cron('0 3 * * *', 'Europe/Berlin').next(at('2024-06-01T00:00Z'))).toEqual({
      atMs: at('2024-06-01T01:00Z'),
      note: null,
    })
  })
})

describe('the next instant', () => {
  it('is strictly later, to the millisecond', () => {
    const schedule = cron('0 3 * * *', 'UTC')
    expect([
      schedule.next(at('2024-06-01T03:00Z'))?.atMs,
      schedule.next(at('2024-06-01T03:00Z') - 1)?.atMs,
    ]).toEqual([at('2024-06-02T03:00Z'), at('2024-06-01T03:00Z')])
  })

  it.each(['US/Pacific', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Casablanca', 'America/Sao_Paulo'])(
    'comes in order and without repeats wherever one asks from, in %s',
    (zone) => {
      const schedule = cron('*/15 * * * *', zone)
      const from = zone === 'Pacific/Apia' ? '2011-12-28T00:00Z' : '2018-10-15T00:00Z'
      const days = zone === 'Pacific/Apia' ? 6 : 25
      const chain: number[] = []
      let now = at(from)
      while (now < at(from) + days * 86_400_000) {
        now = schedule.next(now)?.atMs ?? Number.POSITIVE_INFINITY
        chain.push(now)
      }
      const early = chain.slice(1).filter((instant) => schedule.next(instant - 1)?.atMs !== instant)
      expect(early).toEqual([])
      const gaps = new Set(chain.slice(1).map((instant, index) => (instant - (chain[index] ?? 0)) / 60_000))
      expect([...gaps]).toEqual([15])
    },
  )

  it('is null when there is none before the year 2400', () => {
    expect(cron('0 0 1 1 *', 'UTC').next(at('2399-06-01T00:00Z'))).toBeNull()
  })

  it('of an interval is a multiple of it since the epoch', () => {
    const schedule = compileSchedule({ kind: 'interval', value: '5 seconds', jitterMs: 0, zone: 'UTC' })
    expect(schedule.next(at('2024-01-01T00:00:05Z'))?.atMs).toBe(at('2024-01-01T00:00:10Z'))
  })

  it('of an interval is null from the year 2400 on', () => {
    const schedule = compileSchedule({ kind: 'interval', value: '100000 days', jitterMs: 0, zone: 'UTC' })
    expect([schedule.next(0)?.atMs, schedule.next(at('2300-01-01T00:00Z'))]).toEqual([
      8_640_000_000_000,
      null,
    ])
  })

  it('is the same however many other sets of days are asked about in between, back and forth', () => {
    const days = Array.from({ length: 336 }, (_, index) => ({
      day: 1 + (index % 28),
      month: 1 + (index % 12),
    }))
    const schedules = days.map(({ day, month }) => cron(`0 0 ${day} ${month} *`, 'UTC'))
    const years = [2030, 2024, 2041, 2025, 2099, 2026, 2027, 2040, 2028, 2029, 2024]
    for (const year of years) {
      const from = Date.UTC(year, 5, 15)
      const wrong = days.filter(({ day, month }, index) => {
        const inYear = Date.UTC(year, month - 1, day)
        const expected = inYear > from ? inYear : Date.UTC(year + 1, month - 1, day)
        return schedules[index]?.next(from)?.atMs !== expected
      })
      expect(wrong).toEqual([])
    }
  })

  it('is found for 5,000 jobs that share few patterns', () => {
    const schedules = Array.from({ length: 5000 }, (_, index) =>
      cron(`${index % 60} ${index % 24} * * ${index % 7}`, index % 2 === 0 ? 'US/Pacific' : 'Europe/London'),
    )
    const found = schedules.filter((schedule) => schedule.next(at('2024-11-02T12:00Z')) !== null)
    expect(found.length).toBe(5000)
  })
})
