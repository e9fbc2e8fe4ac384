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

/** Units that somebody may write who knows others than those. */
const MORE_UNITS: ReadonlyMap<string, number> = new Map([
  ...UNITS,
  ...unit(7 * 86_400 * SECOND, ['w', 'week', 'weeks']),
])

const IN_WORDS = [
  [86_400 * SECOND, 'day'],
  [3600 * SECOND, 'hour'],
  [60 * SECOND, 'minute'],
  [SECOND, 'second'],
] as const

/**
 * The length of time that was probably meant by a text that is none, such as `1h 20m`, `1.5 hours`, `2 weeks` or `5 MIN`, in the largest unit that
 * it is a whole number of; null when nothing suggests itself.
 */
export function closeInterval(text: string): string | null {
  // A capital M is a minute to some, and a month to others; a long text is no length of time.
  if (text.length > 100 || /\d\s*M\b/.test(text)) return null
  const parts = [...text.toLowerCase().matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/g)]
  const rest = text.toLowerCase().replace(/\d+(?:\.\d+)?\s*[a-z]+|,|\band\b/g, '')
  if (rest.trim() !== '') return null
  const ms = parts.reduce(
    (sum, [, count, name = '']) => sum + Number(count) * (MORE_UNITS.get(name) ?? Number.NaN),
    0,
  )
  const [size, name] = IN_WORDS.find(([unitMs]) => ms % unitMs === 0) ?? []
  if (size === undefined || ms === 0 || ms > LONGEST_MS) return null
  return `${ms / size} ${name}${ms === size ? '' : 's'}`
}

const ACCEPTED = 'write a whole number and one unit, such as 30s, 5 min, 2 hours or 1 day'
