import { EVERY_DAY, someOf } from './days.ts'
import { accepted, type Parsed, refused } from './parsed.ts'
import type { WallPattern } from './wall-pattern.ts'

const LETTERS = 'UMTWRFS'
const NO_DAYS =
  'names no days; write the letters M T W R F S U together, such as MWF: R is Thursday, S Saturday, U Sunday'

/** Reads `TIME` or `TIME DAYS`, such as `04:00:00 MWF`; R is Thursday, S Saturday and U Sunday. An empty text is midnight of every day. */
export function parseDaily(text: string): Parsed<WallPattern> {
  const [time = '00:00:00', letters = '', ...more] = text.trim().split(/\s+/).filter(Boolean)
  if (more.length > 0) {
    return refused(`write the days together, such as ${letters}${more.join('')}, without blanks between them`)
  }
  const clock = parseTimeOfDay(time)
  if (!clock.ok)
    return /^[MTWRFSU]+$/i.test(time) ? refused(`the time comes first: write 00:00 ${time}`) : clock
  const weekdays: number[] = []
  for (const letter of letters.toUpperCase()) {
    const weekday = LETTERS.indexOf(letter)
    if (weekday < 0) return refused(`"${letters}" ${NO_DAYS}`)
    if (!weekdays.includes(weekday)) weekdays.push(weekday)
  }
  const named = someOf(
    weekdays.toSorted((a, b) => a - b),
    7,
  )
  const days = { ...EVERY_DAY, weekdays: letters === '' ? null : named }
  return accepted({ days, ...clock.value })
}

/** Reads `H:M` or `H:M:S`. */
export function parseTimeOfDay(text: string): Parsed<Omit<WallPattern, 'days'>> {
  const match = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?$/.exec(text)
  const [hour, minute, second] = [match?.[1], match?.[2], match?.[3] ?? '0'].map(Number)
  const fits =
    match !== null &&
    hour !== undefined &&
    minute !== undefined &&
    second !== undefined &&
    hour < 24 &&
    minute < 60 &&
    second < 60
  if (!fits) return refused(`"${text}" is not a time of day; write HH:MM or HH:MM:SS, from 00:00 to 23:59:59`)
  return accepted({ hours: [hour], minutes: [minute], second })
}
