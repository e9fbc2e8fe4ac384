import { describeInWords, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

function words(schedule: unknown): string {
  const read = parseSchedule(schedule)
  return read.ok ? describeInWords({ ...read.schedule, zone: 'UTC' }) : `refused: ${read.reason}`
}

describe('a schedule in words', () => {
  it.each([
    ['daily', 'At 00:00 every day, UTC'],
    ['daily 4:5:6 MWF', 'At 04:05:06 on Mondays, Wednesdays and Fridays, UTC'],
    ['daily 23:59:59 R', 'At 23:59:59 on Thursdays, UTC'],
    ['daily 00:00 SU', 'At 00:00 on Saturdays and Sundays, UTC'],
    ['daily 12:30 MTWRF', 'At 12:30, Monday to Friday, UTC'],
    ['daily 12:30 mtwrfsu', 'At 12:30 every day, UTC'],
  ])('of the daily form: %s', (schedule, expected) => {
    expect(words(schedule)).toBe(expected)
  })

  it.each([
    ['* * * * *', 'Every minute, UTC'],
    ['*/5 * * * *', 'Every 5 minutes, UTC'],
    ['*/7 * * * *', 'At 0, 7, 14, 21, 28, 35, 42, 49 and 56 minutes past every hour, UTC'],
    ['1,2,3,10 * * * *', 'At 1 to 3 and 10 minutes past every hour, UTC'],
    ['0 * * * *', 'Every hour, UTC'],
    ['15 * * * *', 'Every hour, at 15 minutes past, UTC'],
    ['0,30 * * * *', 'Every 30 minutes, UTC'],
    ['5-59/15 * * * *', 'Every 15 minutes, from 00:05 on, UTC'],
    ['5-59/15 * * * 1', 'Every 15 minutes, from 00:05 on, on Mondays, UTC'],
    ['5-59/15 * * * 1-5', 'Every 15 minutes, from 00:05 on, Monday to Friday, UTC'],
    ['0 */2 * * *', 'Every 2 hours, UTC'],
    ['30 1-23/2 * * *', 'Every 2 hours, from 01:30 on, UTC'],
    ['10 */6 * * *', 'Every 6 hours, from 00:10 on, UTC'],
    ['* * 1 * *', 'Every minute on the 1st of each month, UTC'],
    ['30 * 13 * *', 'Every hour, at 30 minutes past, on the 13th of each month, UTC'],
    ['* 9 * * *', 'Every minute from 09:00 to 09:59 every day, UTC'],
    ['0-30 9 * * *', 'Every minute from 09:00 to 09:30 every day, UTC'],
    ['0 0-11 * * *', 'Every hour from 00:00 to 11:00 every day, UTC'],
    ['0 9-17 * * 1-5', 'Every hour from 09:00 to 17:00, Monday to Friday, UTC'],
    ['*/15 9-17 * * mon-fri', 'Every 15 minutes from 09:00 to 17:45, Monday to Friday, UTC'],
    ['*/20 22-2 * * *', 'Every 20 minutes from 00:00 to 02:40 and from 22:00 to 23:40 every day, UTC'],
    ['0 6,12,18 * * *', 'At 06:00, 12:00 and 18:00 every day, UTC'],
    ['5,10 4,5 * * *', 'At 04:05, 04:10, 05:05 and 05:10 every day, UTC'],
    ['3,17,44 8,9,12 * * 1', 'At 3, 17 and 44 minutes past 08:00, 09:00 and 12:00 on Mondays, UTC'],
    ['0 0 * * 0,6', 'At 00:00 on Saturdays and Sundays, UTC'],
    ['0 0 * * 5-7', 'At 00:00, Friday to Sunday, UTC'],
    ['0 0 * * fri-mon', 'At 00:00 on Mondays, Fridays, Saturdays and Sundays, UTC'],
    ['0 0 * 3 1', 'At 00:00 on Mondays in March, UTC'],
    ['0 0 * 6-8 *', 'At 00:00 every day in June, July and August, UTC'],
    ['0 3 * 1-11 *', 'At 03:00 every day from January to November, UTC'],
    ['0 0 L * *', 'At 00:00 on the last day of each month, UTC'],
    ['0 0 1,15,L * *', 'At 00:00 on the 1st and 15th and the last day of each month, UTC'],
    ['0 12 1-7 * *', 'At 12:00 on the 1st to 7th of each month, UTC'],
    ['0 0 11,12,13,21,22,23 * *', 'At 00:00 on the 11th to 13th and 21st to 23rd of each month, UTC'],
    ['0 0 30 * *', 'At 00:00 on the 30th of each month that has one, UTC'],
    ['0 0 29 2 *', 'At 00:00 on the 29th of February in leap years, UTC'],
    ['0 0 28 2 *', 'At 00:00 on the 28th of February, UTC'],
    ['0 0 30 2,3 *', 'At 00:00 on the 30th of February and March, where there is one, UTC'],
    ['0 0 30,31 2,3 *', 'At 00:00 on the 30th and 31st of February and March, where there is one, UTC'],
    ['0 0 28,29 2 *', 'At 00:00 on the 28th and 29th of February, where there is one, UTC'],
    ['0 0 15,30 * *', 'At 00:00 on the 15th and 30th of each month, where there is one, UTC'],
    [
      '0 0 29-31 2-6 *',
      'At 00:00 on the 29th to 31st of each month from February to June, where there is one, UTC',
    ],
    ['0 0 30,31 1,3 *', 'At 00:00 on the 30th and 31st of January and March, UTC'],
    ['0 0 30,L * *', 'At 00:00 on the 30th and the last day of each month, UTC'],
    ['59 23 31 12 *', 'At 23:59 on the 31st of December, UTC'],
    ['0 0 1 11-2 *', 'At 00:00 on the 1st of January, February, November and December, UTC'],
    ['@hourly', 'Every hour, UTC'],
    ['@daily', 'At 00:00 every day, UTC'],
    ['@weekly', 'At 00:00 on Sundays, UTC'],
    ['@monthly', 'At 00:00 on the 1st of each month, UTC'],
    ['@yearly', 'At 00:00 on the 1st of January, UTC'],
  ])('of the cron form: %s', (value, expected) => {
    expect(words(`cron ${value}`)).toBe(expected)
  })

  it.each([
    ['every day', 'At 00:00 every day, UTC'],
    ['every day of month', 'At 00:00 every day, UTC'],
    ['every day at 02:00', 'At 02:00 every day, UTC'],
    ['every mon,wed,fri 09:00', 'At 09:00 on Mondays, Wednesdays and Fridays, UTC'],
    ['every m,t,w,r,f', 'At 00:00, Monday to Friday, UTC'],
    ['every sat,sun in jul,aug', 'At 00:00 on Saturdays and Sundays in July and August, UTC'],
    ['every of june', 'At 00:00 every day in June, UTC'],
    ['1st day', 'At 00:00 on the 1st of each month, UTC'],
    [
      '1st,3rd monday of sep,oct at 17:00',
      'At 17:00 on the first and third Monday of September and October, UTC',
    ],
    ['1,8th,15,22nd of month 09:00', 'At 09:00 on the 1st, 8th, 15th and 22nd of each month, UTC'],
    [
      '2nd,third mon,wed,thu of march 17:00',
      'At 17:00 on the second and third Monday, Wednesday and Thursday of March, UTC',
    ],
    ['5th monday', 'At 00:00 on the fifth Monday of each month that has one, UTC'],
    ['1st,5th monday', 'At 00:00 on the first and fifth Monday of each month, where there is one, UTC'],
    ['30th,31st of feb,mar', 'At 00:00 on the 30th and 31st of February and March, where there is one, UTC'],
    ['5th monday of feb', 'At 00:00 on the fifth Monday of February, where there is one, UTC'],
  ])('of the complex form: %s', (schedule, expected) => {
    expect(words(schedule)).toBe(expected)
  })

  it.each([
    ['every 5 seconds', 'Every 5 seconds, counted from midnight UTC'],
    ['interval 5 minutes', 'Every 5 minutes, counted from midnight UTC'],
    ['every 1 hour', 'Every hour, counted from midnight UTC'],
    ['interval 7 min', 'Every 7 minutes, counted from 1 January 1970, 00:00 UTC'],
  ])('of an interval: %s', (schedule, expected) => {
    expect(words(schedule)).toBe(expected)
  })

  it.each([
    [{ start_time: '04:00:00', days: 'MWF' }, 'At 04:00 on Mondays, Wednesdays and Fridays, UTC'],
    [{ days: 'SU' }, 'At 00:00 on Saturdays and Sundays, UTC'],
    [
      { type: 'cron', value: '0 4 * * *', jitter: '10 min' },
      'At 04:00 every day, UTC, each up to 10 minutes earlier or later',
    ],
    [
      { type: 'groc daily', value: 'every monday', jitter: '1 hour' },
      'At 00:00 on Mondays, UTC, each up to 1 hour earlier or later',
    ],
  ])('of a mapping: %j', (schedule, expected) => {
    expect(words(schedule)).toBe(expected)
  })

  it.each([
    ['auto', ''],
    ['first', '; a time that comes twice counts once, at the first'],
    ['last', '; a time that comes twice counts once, at the second'],
    ['both', '; a time that comes twice counts both times'],
    ['skip', '; a time that the clocks leave out is left out'],
    ['shift', '; a time that the clocks leave out comes later by what they are put forward'],
  ] as const)('names the zone, and what is to become of affected times under %s', (dst, expected) => {
    const spec = { kind: 'daily', value: '02:30', jitterMs: 0, zone: 'Europe/Berlin', dst } as const
    expect(describeInWords(spec)).toBe(`At 02:30 every day, Europe/Berlin time${expected}`)
  })
})
