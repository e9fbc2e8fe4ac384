import { isTronError } from '@tron/model'
import { compileSchedule, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

describe('a schedule that is wrong', () => {
  it('is refused when compiled, with the code of a wrong configuration', () => {
    const code = (() => {
      try {
        compileSchedule({ kind: 'cron', value: '61 * * * *', jitterMs: 0, zone: 'UTC' })
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
    [
      'cron *-junk * * * *',
      '"junk" is not understood in the minute field; accepted: N, N-M, * with numbers from 0 to 59, N-M/STEP, */STEP, and commas',
    ],
    ['daily MWF', 'the time comes first: write 00:00 MWF'],
    ['31st day of feb,jun', 'no month named has such a day, so the schedule would never match'],
    ['6th monday', 'a month has no weekday 6 times; accepted: 1 to 5'],
    ['0th day', 'a month has no day 0; accepted: 1 to 31'],
    ['interval 0 s', 'an interval is at least one second'],
    [
      'interval 5 constructor',
      '"5 constructor" is not a length of time; write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day',
    ],
    [
      'interval 200000 days',
      'an interval is counted from 1970, and this one would not be over before the year 2400',
    ],
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

  it.each([
    ['every minute', 'cron * * * * *'],
    ['Hourly', 'cron 0 * * * *'],
    ['every weekday', 'every mon,tue,wed,thu,fri'],
    ['last day of month', 'cron 0 0 L * *'],
    ['monday at 09:00', 'every monday at 09:00'],
    ['every 2nd monday', '2nd monday'],
    ['every day at 9:00', 'every day at 09:00'],
    ['every day at 09:00:00', 'every day at 09:00'],
    ['every mon, wed', 'every mon,wed'],
    ['every mon and wed', 'every mon,wed'],
  ])('suggests to who wrote %s: %s', (schedule, meant) => {
    const reason = `"${schedule}" is not a schedule; write for example "${meant}"`
    expect(parseSchedule(schedule)).toEqual({ ok: false, reason })
    expect(parseSchedule(meant).ok).toBe(true)
  })

  it.each([
    [
      { type: 'interval', value: '5 min' },
      'type is not one of cron, daily, groc daily; write schedule: "interval 5 min"',
    ],
    [
      { interval: '5 min' },
      'a schedule written as a mapping needs type and value, or start_time and days; write schedule: "interval 5 min"',
    ],
  ])('says how the interval of %j is written', (schedule, reason) => {
    expect(parseSchedule(schedule)).toMatchObject({ ok: false, reason })
  })

  it('is read at once, however many blanks it has', () => {
    const schedule = `every${' '.repeat(50_000)}day${' '.repeat(50_000)}of${' '.repeat(50_000)}junk`
    expect(parseSchedule(schedule).ok).toBe(false)
  })
})

it('reads forms that only our users have', () => {
  const kinds = [
    '1,8th,15,22nd of month 09:00',
    '2nd,third mon,wed,thu of march 17:00',
    'interval 5 minutes',
    'every 5 seconds',
  ].map((schedule) => {
    const read = parseSchedule(schedule)
    return read.ok ? [read.schedule.kind, read.schedule.value] : read.reason
  })
  expect(kinds).toEqual([
    ['groc', '1,8th,15,22nd of month 09:00'],
    ['groc', '2nd,third mon,wed,thu of march 17:00'],
    ['interval', '5 minutes'],
    ['interval', '5 seconds'],
  ])
})

describe('a day of the week with zeros before it', () => {
  it.each([
    ['07', '7'],
    ['00', '0'],
    ['01-05', '1-5'],
    ['0-07', '0-7'],
    ['006', '6'],
  ])('%s is the day %s, as in Tron 3', (written, plain) => {
    const first = (field: string) =>
      compileSchedule({ kind: 'cron', value: `0 0 * * ${field}`, jitterMs: 0, zone: 'UTC' }).next(0)
    expect(first(written)).toEqual(first(plain))
  })

  it.each(['70', '77', '17', '08'])('%s is none', (field) => {
    expect(parseSchedule(`cron 0 0 * * ${field}`).ok).toBe(false)
  })
})
