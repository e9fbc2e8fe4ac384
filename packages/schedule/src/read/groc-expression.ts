import { MIDNIGHT, parseTimeOfDay } from './daily-expression.ts'
import { type Days, EVERY_DAY, everComes, someOf } from './days.ts'
import { accepted, createFaults, type Parsed, refused } from './parsed.ts'
import type { WallPattern } from './wall-pattern.ts'

const WEEKDAYS = [
  ['sunday', 'sun', 'su', 'u'],
  ['monday', 'mon', 'mo', 'm'],
  ['tuesday', 'tue', 'tu', 't'],
  ['wednesday', 'wed', 'we', 'w'],
  ['thursday', 'thu', 'th', 'r'],
  ['friday', 'fri', 'fr', 'f'],
  ['saturday', 'sat', 'sa', 's'],
]
const MONTHS = [
  ['january', 'jan'],
  ['february', 'feb'],
  ['march', 'mar'],
  ['april', 'apr'],
  ['may'],
  ['june', 'jun'],
  ['july', 'jul'],
  ['august', 'aug'],
  ['september', 'sep'],
  ['october', 'oct'],
  ['november', 'nov'],
  ['december', 'dec'],
]
const ORDINAL_WORDS = ['first', 'second', 'third', 'fourth', 'fifth']

function listOf(item: string): string {
  return `(?:${item})(?:,(?:${item}))*`
}

const ORDINAL = String.raw`\d+(?:st|nd|rd|th)?|${ORDINAL_WORDS.join('|')}`
const EXPRESSION = new RegExp(
  [
    `^(every|${listOf(ORDINAL)})`,
    `(day|${listOf(WEEKDAYS.flat().join('|'))})?`,
    String.raw`(?:(?:of|in)\s+(month|${listOf(MONTHS.flat().join('|'))}))?`,
    String.raw`(?:(?:at\s+)?(\d\d:\d\d))?$`,
  ].join(String.raw`\s*`),
)

/** Reads the complex form, such as `every mon,wed at 09:00`, `1st,3rd monday of sep at 17:00` or `15th of month`. */
export function parseGroc(text: string): Parsed<WallPattern> {
  // A long row of blanks would be tried in all the ways it can be shared out between the parts.
  const words = text.trim().toLowerCase().replace(/\s+/g, ' ')
  const match = EXPRESSION.exec(words)
  if (match === null || isBareNumber(match)) {
    return refused(
      `${words === '' ? 'the schedule is empty' : `"${text.trim()}" is not a schedule`}; ${ACCEPTED}`,
    )
  }
  const [, which = 'every', days, months, time = '00:00'] = match
  const faults = createFaults()
  const named = faults.take(namedDays(which, days), EVERY_DAY)
  const clock = faults.take(parseTimeOfDay(time), MIDNIGHT)
  const all = {
    ...named,
    months: months === undefined || months === 'month' ? null : someOf(indexes(months, MONTHS, 1), 12),
  }
  if (!everComes(all))
    faults.add({ reason: 'no month named has such a day, so the schedule would never match' })
  return faults.refusal() ?? accepted({ days: all, ...clock })
}

/** Whether nothing but a number stands for the days, or one before `day` or a letter: people mean a length of time by `5`, `1 day` and `5m`, too. */
function isBareNumber([, which = '', days = 'day', months]: RegExpExecArray): boolean {
  return months === undefined && /^\d+$/.test(which) && /^(?:day|[a-z])$/.test(days)
}

/** The whole name of the weekday that a letter of `daily` stands for; undefined for other letters. */
export function weekdayOfLetter(letter: string): string | undefined {
  return WEEKDAYS.find((spellings) => spellings.at(-1) === letter)?.[0]
}

function namedDays(which: string, days: string | undefined): Parsed<Days> {
  const weekdays = days === undefined || days === 'day' ? null : indexes(days, WEEKDAYS, 0)
  if (which === 'every')
    return accepted({ ...EVERY_DAY, weekdays: weekdays === null ? null : someOf(weekdays, 7) })
  const ordinals = which.split(',').map(ordinalOf)
  const highest = weekdays === null ? 31 : 5
  const outside = ordinals.find((ordinal) => ordinal < 1 || ordinal > highest)
  if (outside !== undefined) {
    return refused(
      weekdays === null
        ? `a month has no day ${outside}; accepted: 1 to 31`
        : `a month has no weekday ${outside} times; accepted: 1 to 5`,
    )
  }
  const distinct = [...new Set(ordinals)].toSorted((a, b) => a - b)
  return accepted(
    weekdays === null
      ? { ...EVERY_DAY, monthDays: distinct }
      : { ...EVERY_DAY, weekdays, ordinals: distinct },
  )
}

function ordinalOf(text: string): number {
  const word = ORDINAL_WORDS.indexOf(text)
  return word >= 0 ? word + 1 : Number.parseInt(text, 10)
}

function indexes(list: string, names: readonly (readonly string[])[], first: number): readonly number[] {
  const found = list
    .split(',')
    .map((name) => names.findIndex((spellings) => spellings.includes(name)) + first)
  return [...new Set(found)].toSorted((a, b) => a - b)
}

const ACCEPTED =
  'accepted: "cron MINUTE HOUR DAY MONTH WEEKDAY", "daily HH:MM:SS [MTWRFSU]", "every day at 02:00", "1st,3rd monday of sep at 17:00", "interval 5 minutes"'
