import { isTronError } from '@tron/model'
import { compileSchedule, type ParsedSchedule, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const FORMS =
  'accepted: "cron MINUTE HOUR DAY MONTH WEEKDAY", "daily HH:MM:SS [MTWRFSU]", "every day at 02:00", "1st,3rd monday of sep at 17:00", "interval 5 minutes"'

/** All that is wrong: the key, the place and the reason. */
function faultsOf(read: ParsedSchedule) {
  return read.ok ? [] : [read, ...(read.more ?? [])].map(({ key, at, reason }) => ({ key, at, reason }))
}

function like(reason: RegExp): unknown {
  return expect.stringMatching(reason)
}

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
    [
      'daily 04:00 MWF please',
      '"please" names no days; write the letters M T W R F S U together, such as MWF: R is Thursday, S Saturday, U Sunday',
    ],
    ['daily 31st day of feb', '"31st" is not a time of day; write HH:MM or HH:MM:SS, from 00:00 to 23:59:59'],
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

  it.each<[schedule: string, wrong: readonly (readonly [at: number | undefined, reason: RegExp])[]]>([
    [
      'cron 61 24 32 13 8',
      [
        [5, /^61 is outside the minute/],
        [8, /^24 is outside the hour/],
        [11, /^32 is outside the day/],
        [14, /^13 is outside the month/],
        [17, /^8 is outside the weekday/],
        [undefined, /^day of month and weekday cannot both/],
      ],
    ],
    [
      'cron 61 0 30 2 *',
      [
        [5, /^61 is outside/],
        [undefined, /^no month named has such a day/],
      ],
    ],
    [
      'daily 25:00 XYZ',
      [
        [undefined, /^"25:00" is not a time of day/],
        [undefined, /^"XYZ" names no days/],
      ],
    ],
    [
      '31st of feb at 25:00',
      [
        [undefined, /^"25:00" is not a time of day/],
        [undefined, /^no month named has such a day/],
      ],
    ],
  ])('tells all that is wrong with %j', (schedule, wrong) => {
    expect(faultsOf(parseSchedule(schedule))).toEqual(
      wrong.map(([at, reason]) => ({ at, reason: like(reason) })),
    )
  })

  it.each<
    [
      schedule: object,
      wrong: readonly (readonly [key: string | undefined, at: number | undefined, reason: RegExp])[],
    ]
  >([
    [
      { type: 'cron', value: '61 * 32 * *', jitter: 5, foo: 1 },
      [
        ['foo', undefined, /^unknown key "foo"/],
        ['value', 0, /^61 is outside/],
        ['value', 5, /^32 is outside/],
        ['jitter', undefined, /^jitter is not a length of time/],
      ],
    ],
    [
      { type: 'crno', value: 5, jitter: 5 },
      [
        ['type', undefined, /^type is not one of/],
        ['value', undefined, /^value is not a text/],
        ['jitter', undefined, /^jitter is not a length of time/],
      ],
    ],
    [
      { type: 7 },
      [
        ['type', undefined, /^type is not one of/],
        [undefined, undefined, /^the key value is missing/],
      ],
    ],
    [
      { start_time: '25:00', days: 'XYZ' },
      [
        ['start_time', undefined, /^"25:00" is not a time of day/],
        ['days', undefined, /^"XYZ" names no days/],
      ],
    ],
    [
      { start_time: 4, days: [] },
      [
        ['start_time', undefined, /^start_time is not a text/],
        ['days', undefined, /^days is not a text/],
      ],
    ],
  ])('tells all that is wrong with %j, each at its key', (schedule, wrong) => {
    expect(faultsOf(parseSchedule(schedule))).toEqual(
      wrong.map(([key, at, reason]) => ({ key, at, reason: like(reason) })),
    )
  })

  it('is told what mends it all, and nothing beside it', () => {
    expect(faultsOf(parseSchedule('cron "0 3 * * *"'))).toEqual([
      { at: 5, reason: '""0" is not understood in the minute field; write for example "cron 0 3 * * *"' },
    ])
    expect(faultsOf(parseSchedule({ type: 'cron', value: 'cron 0 3 * * *' })).length).toBe(1)
  })

  it.each([
    [{ tpye: 'cron', value: '0 3 * * *' }, 'tpye', ['type', 'start_time', 'days']],
    [{ type: 'cron', vlaue: '0 3 * * *' }, 'vlaue', ['type', 'value', 'jitter']],
    [{ type: 'croan', value: '0 3 * * *' }, 'croan', ['cron', 'daily', 'groc daily']],
    [{ days: 'MWF', start_tiem: '04:00' }, 'start_tiem', ['start_time', 'days']],
  ])('asks what was meant by a word of %j', (schedule, ...asked) => {
    const questions: unknown[] = []
    const read = parseSchedule(schedule, (...question) => {
      questions.push(question)
      return question[0] === asked[0] ? '; a question?' : ''
    })
    const reasons = read.ok ? read.ignored.map(({ reason }) => reason) : [read.reason]
    expect([questions, reasons]).toEqual([[asked], [expect.stringContaining('; a question?')]])
  })

  it.each([
    ['cron', '0 3 * * *'],
    ['daily', '04:00:00 MWF'],
    ['groc daily', 'every monday at 09:00'],
  ])('says what a value of the type %s is like to who wrote none', (type, value) => {
    const reason = `value is not a text such as "${value}"`
    expect(parseSchedule({ type, value: null })).toEqual({ ok: false, key: 'value', reason })
    expect(parseSchedule({ type, value }).ok).toBe(true)
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
    ['5 min', 'interval 5 min'],
    ['2 d', 'interval 2 d'],
    ['1 hour', 'interval 1 hour'],
    ['30s', 'interval 30s'],
    ['7m', 'interval 7m'],
    ['45', 'interval 45 minutes'],
    ['32 day', 'interval 32 day'],
    ['1h 30m', 'interval 90 minutes'],
    ['1 t', '1st tuesday'],
    ['5m at 09:00', '5th monday at 09:00'],
    ['5 09:00', '5th day of month at 09:00'],
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
    [
      { type: 'groc daily', value: '5m' },
      '"5m" is not a schedule; write schedule: "interval 5m" or value: "5th monday"',
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
