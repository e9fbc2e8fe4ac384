import { ordinal } from '../ordinal.ts'
import { type Days, mayLack } from '../read/days.ts'
import { enumerate, enumerateRuns, runsOf } from './lists.ts'

const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
)
const ALL_MONTHS = MONTHS.map((_, index) => index + 1)
const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth']

/**
 * The days in words, with what joins them to the times: ` on Mondays in March`, `, Monday to Friday`, ` on the 15th and the last day of each month`, or
 * ` every day` where nothing restricts them.
 */
export function daysInWords(days: Days): string {
  if (days.monthDays !== null || days.lastDay) return ` on ${monthDays(days)} of ${eachMonth(days)}`
  if (days.ordinals !== null && days.weekdays !== null)
    return ` on the ${nthWeekdays(days.weekdays, days.ordinals)} of ${eachMonth(days)}`
  const when = days.weekdays === null ? ' every day' : weekdays(days.weekdays)
  return days.months === null ? when : `${when} ${inMonths(days.months)}`
}

function monthDays({ monthDays: named, lastDay }: Days): string {
  const numbered = named === null ? [] : [`the ${enumerateRuns(named, ordinal)}`]
  return enumerate([...numbered, ...(lastDay ? ['the last day'] : [])])
}

function nthWeekdays(named: readonly number[], ordinals: readonly number[]): string {
  const which = enumerate(ordinals.map((nth) => ORDINALS[nth - 1] ?? ''))
  return `${which} ${enumerate(inWeek(named).map((day) => WEEKDAYS[day] ?? ''))}`
}

/** The months that days belong to, and what keeps the days from coming in each of them. */
function eachMonth(days: Days): string {
  const { months } = days
  if (isLeapDay(days)) return 'February in leap years'
  const named = days.ordinals ?? days.monthDays ?? []
  const rarely = named.some((day) => isRareDay(days, day)) ? ', where there is one' : ''
  // Beside another day, a month without this one still has that.
  const each = rarely !== '' && named.length === 1 ? ' that has one' : rarely
  if (months === null) return `each month${each}`
  const range = rangeOfMonths(months)
  return range === null ? `${namesOf(months)}${rarely}` : `each month from ${range}${each}`
}

function isLeapDay({ months, monthDays: named, lastDay }: Days): boolean {
  return !lastDay && String(named) === '29' && String(months) === '2'
}

/** Whether some month that is meant may be without a day that is named, and without the last day in its place. */
function isRareDay({ months, lastDay, ordinals }: Days, day: number): boolean {
  if (ordinals !== null) return day === 5
  return !lastDay && (months ?? ALL_MONTHS).some((month) => mayLack(month, day))
}

function inMonths(months: readonly number[]): string {
  const range = rangeOfMonths(months)
  return range === null ? `in ${namesOf(months)}` : `from ${range}`
}

/** Such as `March to October`; null for months that are better named one by one. */
function rangeOfMonths(months: readonly number[]): string | null {
  const isRange = months.length > 3 && runsOf(months).length === 1
  return isRange ? `${monthName(months[0])} to ${monthName(months.at(-1))}` : null
}

function namesOf(months: readonly number[]): string {
  return enumerate(months.map(monthName))
}

function monthName(month = 0): string {
  return MONTHS[month - 1] ?? ''
}

function weekdays(named: readonly number[]): string {
  const ordered = inWeek(named)
  const [first, last] = [ordered[0] ?? 0, ordered.at(-1) ?? 0]
  // The week ends with Sunday, the seventh.
  const follow = (last === 0 ? 7 : last) - first === ordered.length - 1
  if (ordered.length > 2 && follow) return `, ${WEEKDAYS[first] ?? ''} to ${WEEKDAYS[last] ?? ''}`
  return ` on ${enumerate(ordered.map((day) => `${WEEKDAYS[day] ?? ''}s`))}`
}

/** As people count them, from Monday. */
function inWeek(named: readonly number[]): readonly number[] {
  return named.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
}
