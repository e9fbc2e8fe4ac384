import { isTronError } from '@tron/model'
import { Temporal } from '@tron/model/temporal'
import { compileSchedule, parseSchedule } from '@tron/schedule'
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

  it('is found for 5,000 jobs that share few patterns', () => {
    const schedules = Array.from({ length: 5000 }, (_, index) =>
      cron(`${index % 60} ${index % 24} * * ${index % 7}`, index % 2 === 0 ? 'US/Pacific' : 'Europe/London'),
    )
    const found = schedules.filter((schedule) => schedule.next(at('2024-11-02T12:00Z')) !== null)
    expect(found.length).toBe(5000)
  })
})

describe('a schedule that is wrong', () => {
  it('is refused when compiled, with the code of a wrong configuration', () => {
    const code = (() => {
      try {
        cron('61 * * * *', 'UTC')
        return 'none'
      } catch (error) {
        return isTronError(error) ? error.code : 'another error'
      }
    })()
    expect(code).toBe('CONFIG_INVALID')
  })

  it.each([
    ['* * * * *', 'write "cron * * * * *": the word cron comes first'],
    ['Daily 04:00', 'write "daily" in lower case'],
    ['daily 04:00 M W F', 'write the days together, such as MWF, without blanks between them'],
    [
      'cron 5/15 * * * *',
      '"5/15" is read differently by different crons; write 5-59/15 for each step from 5, or 5 alone',
    ],
    ['cron 0 0 30 2 *', 'no month named has such a day, so the schedule would never match'],
    ['cron 0 0 13 * 5', 'day of month and weekday cannot both be restricted; leave one of them as a bare *'],
    [
      'cron 0 24 * * *',
      '24 is outside the hour field; accepted: N, N-M, * with numbers from 0 to 23, N-M/STEP, */STEP, and commas',
    ],
    ['interval 0 s', 'an interval is at least one second'],
  ])('says how to mend %s', (schedule, reason) => {
    expect(parseSchedule(schedule)).toEqual({ ok: false, reason })
  })

  it('says at which key of a mapping', () => {
    expect(parseSchedule({ type: 'cron', value: '* * * * *', jitter: '5 min 2 sec' })).toEqual({
      ok: false,
      key: 'jitter',
      reason:
        '"5 min 2 sec" is not a length of time; write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day',
    })
  })
})
