import { ordinal } from '../ordinal.ts'
import { weekdayOfLetter } from './groc-expression.ts'
import { closeInterval, parseInterval } from './interval.ts'

/**
 * What may be meant by a number without the word before it, or without the letters behind it, such as `5`, `5m`, `1 day` or `1 day at 09:00`: a
 * length of time, and a day. Not each of them need be a schedule; there are none when the text is another.
 */
export function meaningsOfNumber(text: string): readonly string[] {
  const [, digits, unit = '', time] = /^(\d+) ?(days?|[a-z])?(?: ?(?:at )?(\d\d:\d\d))?$/.exec(text) ?? []
  if (digits === undefined) return []
  const nth = nthDay(Number(digits), unit)
  if (time === undefined) return [interval(unit === '' ? `${digits} minutes` : text), ...nth]
  // An interval has no time of day; people who name one beside a day mean each day.
  const every = unit.startsWith('day') && Number(digits) === 1 ? ['every day'] : []
  return [...every, ...nth].map((days) => `${days} at ${time}`)
}

function nthDay(number: number, unit: string): readonly string[] {
  const day = DAYS.get(unit) ?? weekdayOfLetter(unit)
  return day === undefined ? [] : [`${ordinal(number)} ${day}`]
}

const DAYS: ReadonlyMap<string, string> = new Map([
  ['', 'day of month'],
  ['day', 'day'],
  ['days', 'day'],
])

function interval(length: string): string {
  return `interval ${parseInterval(length).ok ? length : (closeInterval(length) ?? length)}`
}
