import { EVERY_DAY, someOf } from './days.ts'
import { accepted, createFaults, type Parsed, refused } from './parsed.ts'
import type { WallPattern } from './wall-pattern.ts'

const LETTERS = 'UMTWRFS'
const NO_DAYS =
  'names no days; write the letters M T W R F S U together, such as MWF: R is Thursday, S Saturday, U Sunday'

/** Reads `TIME` or `TIME DAYS`, such as `04:00:00 MWF`; R is Thursday, S Saturday and U Sunday. An empty text is midnight of every day. */
export function parseDaily(text: string): Parsed<WallPattern> {
  const [time = '00:00:00', ...letters] = text.trim().split(/\s+/).filter(Boolean)
  const clock = parseTimeOfDay(time)
  if (!clock.ok && areLetters(time)) return refused(`the time comes first: write 00:00 ${time}`)
  // What follows on something that is not even like a time may be meant otherwise.
  if (!clock.ok && !/^[\d:]+$/.test(time)) return clock
  const faults = createFaults()
  const wall = faults.take(clock, MIDNIGHT)
  const weekdays = faults.take(parseLetters(letters), null)
  return faults.refusal() ?? accepted({ days: { ...EVERY_DAY, weekdays }, ...wall })
}

/** Reads the days of a daily schedule, as numbers of weekdays; null for every day. */
function parseLetters(words: readonly string[]): Parsed<readonly number[] | null> {
  const wrong = words.find((word) => !areLetters(word))
  if (wrong !== undefined) return refused(`"${wrong}" ${NO_DAYS}`)
  const letters = words.join('').toUpperCase()
  if (words.length > 1) {
    return refused(`write the days together, such as ${words.join('')}, without blanks between them`)
  }
  const weekdays = new Set(Array.from(letters, (letter) => LETTERS.indexOf(letter)))
  return accepted(
    letters === ''
      ? null
      : someOf(
          [...weekdays].toSorted((a, b) => a - b),
          7,
        ),
  )
}

function areLetters(word: string): boolean {
  return /^[MTWRFSU]+$/i.test(word)
}

/** Stands for a time of day that was refused. */
export const MIDNIGHT: Omit<WallPattern, 'days'> = { hours: [0], minutes: [0], second: 0 }

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
