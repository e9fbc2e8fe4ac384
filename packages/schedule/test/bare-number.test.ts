import { parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

describe('a number without letters', () => {
  it.each([
    ['5m', 'interval 5m', '5th monday'],
    ['5 m', 'interval 5 m', '5th monday'],
    ['3 s', 'interval 3 s', '3rd saturday'],
    ['5 S', 'interval 5 s', '5th saturday'],
    ['2 w', 'interval 14 days', '2nd wednesday'],
    ['1 day', 'interval 1 day', '1st day'],
    ['22 days', 'interval 22 days', '22nd day'],
    ['5', 'interval 5 minutes', '5th day of month'],
    ['10', 'interval 10 minutes', '10th day of month'],
    ['1 day at 05:00', 'every day at 05:00', '1st day at 05:00'],
  ])('suggests to who wrote %s all that it may mean: %s, or %s', (schedule, ...meant) => {
    const reason = `"${schedule}" is not a schedule; write for example "${meant[0]}" or "${meant[1]}"`
    expect(parseSchedule(schedule)).toEqual({ ok: false, reason })
    expect(meant.map((each) => parseSchedule(each).ok)).toEqual([true, true])
  })

  it.each(['5M', '0', '0 day', '1 day at 25:00', '99999999999999999999999m'])(
    'suggests neither a length of time nor a day to who wrote %s',
    (schedule) => {
      const read = parseSchedule(schedule)
      expect(read.ok ? '' : read.reason).toMatch(`"${schedule}" is not a schedule; accepted: `)
    },
  )

  it.each([
    '5 of month',
    '5 day of june',
    '5m of june',
    '1 in june at 09:00',
    '1 monday',
    '1 mo',
    '1,5',
    '1,5 day',
    '1,3m',
    '1m,t',
    '5th',
    '5thm',
    'first day',
  ])('takes %s for days: nothing else is meant', (schedule) => {
    expect(parseSchedule(schedule)).toMatchObject({ ok: true, schedule: { kind: 'groc' } })
  })

  it.each([5, 45, 0, -5, 5.5, 1e21])('refuses the number %d as its text', (number) => {
    const read = parseSchedule(number)
    expect(read.ok).toBe(false)
    expect(read).toEqual(parseSchedule(String(number)))
  })
})
