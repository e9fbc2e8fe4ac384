import { isTronError } from '@tron/model'
import { compileSchedule, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const FORMS =
  'accepted: "cron MINUTE HOUR DAY MONTH WEEKDAY", "daily HH:MM:SS [MTWRFSU]", "every day at 02:00", "1st,3rd monday of sep at 17:00", "interval 5 minutes"'

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
    expect(parseSchedule(schedule)).toMatchObject({ ok: false, reason })
  })

  it.each([
    [
      'cron 0 0 L-1 * *',
      '"L-1" is not understood in the day field; accepted: N, N-M, * with numbers from 1 to 31, N-M/STEP, */STEP, and commas, and L, alone or between commas, for the last day',
    ],
    [
      'cron 0 0 * * 8',
      '8 is outside the weekday field; accepted: N, N-M, * with numbers from 0 to 7 (0 and 7 are Sunday), N-M/STEP, */STEP, and commas, and names such as mon',
    ],
    ['cron 0 0 * * sunday', '"sunday" is not understood in the weekday field; write sun'],
    ['cron 0 0 * Sept *', '"Sept" is not understood in the month field; write sep'],
    [
      'every 5',
      '"5" is not a length of time; write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day',
    ],
    [
      'every 90 parsecs',
      '"90 parsecs" is not a length of time; write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day',
    ],
    [
      'interval 5M',
      '"5M" is not a length of time; write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day',
    ],
    ['', `the schedule is empty; ${FORMS}`],
    ['every 15 at 04:00', `"every 15 at 04:00" is not a schedule; ${FORMS}`],
    ['every day at 04:00:30', `"every day at 04:00:30" is not a schedule; ${FORMS}`],
    [
      'daily 04:00 mow',
      '"mow" names no days; write the letters M T W R F S U together, such as MWF: R is Thursday, S Saturday, U Sunday',
    ],
  ])('suggests nothing else to who wrote %j', (schedule, reason) => {
    expect(parseSchedule(schedule)).toMatchObject({ ok: false, reason })
  })

  it.each([
    ['cron 5 4 3 61 *', '61'],
    [' cron  0 3,24 * * *', '24'],
    ['cron 0 0 1,2-x * *', '2-x'],
    ['cron */99 * * * *', '*/99'],
    ['cron 0 3 * * mon,8', '8'],
  ])('says where in %j', (schedule, wrong) => {
    const read = parseSchedule(schedule)
    expect(read.ok ? null : read.at).toBe(schedule.indexOf(wrong))
  })

  it('says where in the value of a mapping', () => {
    expect(parseSchedule({ type: 'cron', value: ' 0 24 * * *' })).toMatchObject({
      ok: false,
      key: 'value',
      at: 3,
    })
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
    ['every monday at 16', 'every monday at 16:00'],
    ['every day at 12am', 'every day at 00:00'],
    ['every monday and friday at 9:30pm', 'every monday,friday at 21:30'],
    ['weekdays at 9am', 'every mon,tue,wed,thu,fri at 09:00'],
    ['every tue - thu', 'every tue,wed,thu'],
    ['16:30:00', 'daily 16:30:00'],
    ['at 4:00', 'daily 04:00'],
    ['every day at 16:00:00', 'every day at 16:00'],
    ['Every 5 Minutes', 'every 5 minutes'],
    ['every 1h 30m', 'every 90 minutes'],
    ['“daily 04:00”', 'daily 04:00'],
  ])('suggests to who wrote %s: %s', (schedule, meant) => {
    const reason = `"${schedule}" is not a schedule; write for example "${meant}"`
    expect(parseSchedule(schedule)).toEqual({ ok: false, reason })
    expect(parseSchedule(meant).ok).toBe(true)
  })

  it.each([
    ['daily 4pm', '"4pm" is not a time of day', 'daily 16:00'],
    ['daily 04:00 mon,wed', '"mon,wed" names no days', 'every mon,wed at 04:00'],
    ['interval 1.5h', '"1.5h" is not a length of time', 'interval 90 minutes'],
    ['every 2 weeks', '"2 weeks" is not a length of time', 'every 14 days'],
    ['cron "0 3 * * *"', '""0" is not understood in the minute field', 'cron 0 3 * * *'],
    ['cron 0 3 1 * ?', 'day of month and weekday cannot both be restricted', 'cron 0 3 1 * *'],
  ])('says what is wrong in %s, and suggests what is meant', (schedule, wrong, meant) => {
    expect(parseSchedule(schedule)).toMatchObject({ reason: `${wrong}; write for example "${meant}"` })
    expect(parseSchedule(meant).ok).toBe(true)
  })

  it.each([
    [{ type: 'cron', value: 'cron 0 3 * * *' }, 'the value says its type again; write value: "0 3 * * *"'],
    [{ type: 'daily', value: 'daily 04:00' }, 'the value says its type again; write value: "04:00"'],
    [{ type: 'daily', value: '4am' }, '"4am" is not a time of day; write value: "04:00"'],
    [
      { type: 'daily', value: '04:00 mon' },
      '"mon" names no days; write type: groc daily, value: "every mon at 04:00"',
    ],
    [
      { type: 'cron', value: 'daily 04:00' },
      'the value is of another type; write type: daily, value: "04:00"',
    ],
    [
      { type: 'groc daily', value: 'every 5 min' },
      'the value is of another type; write schedule: "every 5 min"',
    ],
    [{ type: 'Cron', value: '0 3 * * *' }, 'type is not one of cron, daily, groc daily; write type: cron'],
    [
      { type: 'groc', value: 'every day' },
      'type is not one of cron, daily, groc daily; write type: groc daily',
    ],
    [
      { daily: '04:00' },
      'a schedule written as a mapping needs type and value, or start_time and days; write schedule: "daily 04:00"',
    ],
  ])('says how %j is written', (schedule, reason) => {
    expect(parseSchedule(schedule)).toMatchObject({ ok: false, reason })
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
