/** The days of a schedule before they become a pattern of croner. Months count from 1, weekdays from 0 for Sunday. */
export interface Days {
  /** Null for every month. */
  readonly months: readonly number[] | null
  /** Null for every day; never together with weekdays. */
  readonly monthDays: readonly number[] | null
  /** Whether the last day of the month is one of the month days. */
  readonly lastDay: boolean
  /** Null for every weekday. */
  readonly weekdays: readonly number[] | null
  /** Which of those weekdays of a month, 1 to 5; null for all. */
  readonly ordinals: readonly number[] | null
}

export const EVERY_DAY: Days = {
  months: null,
  monthDays: null,
  lastDay: false,
  weekdays: null,
  ordinals: null,
}

/** Names that are all there are restrict nothing. */
export function someOf(values: readonly number[], all: number): readonly number[] | null {
  return values.length === all ? null : values
}

/** The pattern of croner: day of month, month, weekday. */
export function dayPattern(days: Days): string {
  const monthDays = [...(days.monthDays ?? []), ...(days.lastDay ? ['L'] : [])]
  const weekdays = days.weekdays ?? []
  const nth = days.ordinals?.flatMap((ordinal) => weekdays.map((weekday) => `${weekday}#${ordinal}`))
  return [list(monthDays), list(days.months ?? []), list(nth ?? weekdays)].join(' ')
}

function list(values: readonly (number | string)[]): string {
  return values.length === 0 ? '*' : values.join(',')
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether some year has such a day; a 30th of February never comes. */
export function everComes(days: Days): boolean {
  if (days.months === null || days.monthDays === null || days.lastDay) return true
  const earliest = Math.min(...days.monthDays)
  return days.months.some((month) => earliest <= (LONGEST[month - 1] ?? 0))
}

/** Whether a month is without a day in some year. */
export function mayLack(month: number, day: number): boolean {
  return day > (month === 2 ? 28 : (LONGEST[month - 1] ?? 0))
}
