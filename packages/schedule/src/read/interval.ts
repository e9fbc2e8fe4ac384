import { accepted, type Parsed, refused } from './parsed.ts'

const SECOND = 1000
// A map: an object would know units such as `constructor`.
const UNITS: ReadonlyMap<string, number> = new Map([
  ...unit(86_400 * SECOND, ['d', 'day', 'days']),
  ...unit(3600 * SECOND, ['h', 'hr', 'hrs', 'hour', 'hours']),
  ...unit(60 * SECOND, ['m', 'min', 'mins', 'minute', 'minutes']),
  ...unit(SECOND, ['s', 'sec', 'secs', 'second', 'seconds']),
])
const LONGEST_MS = 999_999_999 * 86_400 * SECOND

function unit(ms: number, spellings: readonly string[]): readonly (readonly [string, number])[] {
  return spellings.map((spelling) => [spelling, ms])
}

/** Reads a length of time such as `90s`, `5 min` or `2 days`, one unit only, as milliseconds; anything else is refused with a reason. */
export function parseInterval(text: string): Parsed<number> {
  const match = /^\s*(\d+)\s*([a-z]+)\s*$/.exec(text)
  const ms = match === null ? undefined : UNITS.get(match[2] ?? '')
  if (match === null || ms === undefined) return refused(`"${text}" is not a length of time; ${ACCEPTED}`)
  const length = Number(match[1]) * ms
  return length > LONGEST_MS ? refused(`"${text}" is longer than 999999999 days`) : accepted(length)
}

const ACCEPTED = 'write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day'
