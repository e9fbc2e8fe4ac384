import { closeInterval } from './interval.ts'
import { meaningsOfNumber } from './number-meanings.ts'

/** What people write who do not know the word for it. */
const COMMON: ReadonlyMap<string, string> = new Map([
  ...meaning('cron * * * * *', ['every minute', 'minutely']),
  ...meaning('cron 0 * * * *', ['every hour', 'hourly']),
  ...meaning('every mon,tue,wed,thu,fri', ['every weekday', 'every weekdays', 'weekday', 'weekdays']),
  ...meaning('every sat,sun', ['every weekend', 'weekend', 'weekends']),
  ...meaning('cron 0 0 L * *', [
    'last day',
    'last day of month',
    'every last day',
    'every last day of month',
  ]),
  ...meaning('cron @weekly', ['weekly', 'every week']),
  ...meaning('1st day of month', ['monthly', 'every month']),
])

function meaning(schedule: string, texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.map((text) => [text, schedule])
}

const WEEK = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

/** Mistakes that are mended by writing the text another way. */
const MENDED: readonly ((text: string) => string)[] = [
  (text) => text.replace(/^(\w+ )?["'“”‘’](.*)["'“”‘’]$/, '$1$2'),
  (text) => text.replace(/^interval (?=every )/, ''),
  (text) => (closeInterval(text) === null ? text : `interval ${text}`),
  (text) => text.replace(/(?<=^(?:every|interval) )\d.*$/, (length) => closeInterval(length) ?? length),
  (text) => text.replace(/^every (?=\d+(?:st|nd|rd|th))/, ''),
  (text) => text.replace(/, /g, ','),
  (text) => text.replace(/ and /g, ','),
  (text) => text.replace(/\bweekdays?\b/, WEEK.slice(0, 5).join(',')).replace(/\bweekends?\b/, 'sat,sun'),
  (text) => text.replace(/\b([a-z]{3}) ?- ?([a-z]{3})\b/, weekdaysBetween),
  (text) => text.replace(/^(|.*? )(at |daily )?(\d{1,2})(?::(\d\d))? ?(am|pm)?$/, withClock),
  (text) => text.replace(/^((?!daily ).*\d\d:\d\d):00$/, '$1'),
  (text) => text.replace(/^daily (\d\d:\d\d)(?::00)? ([a-z,]+)$/, 'every $2 at $1'),
  (text) => text.replace(/^(?:at )?(\d\d:\d\d(?::\d\d)?)$/, 'daily $1'),
  (text) => text.replace(/^(?!every |daily |cron |interval |\d|$)/, 'every '),
  (text) => text.replace(/^cron .*/, (cron) => cron.replace(/ \?(?= |$)/g, ' *')),
]

function weekdaysBetween(written: string, from: string, to: string): string {
  const days = WEEK.slice(WEEK.indexOf(from), WEEK.indexOf(to) + 1)
  return WEEK.includes(from) && days.length > 1 ? days.join(',') : written
}

/** A time of day with two digits each, where it is clear that it is one. */
function withClock(written: string, ...parts: readonly (string | undefined)[]): string {
  const [before = '', word = '', digits = '', minutes, half] = parts
  const hour = Number(digits)
  if ((word === '' && minutes === undefined && half === undefined) || (half !== undefined && hour > 12))
    return written
  const hours = half === undefined ? hour : (hour % 12) + (half === 'pm' ? 12 : 0)
  return `${before}${word}${String(hours).padStart(2, '0')}:${minutes ?? '00'}`
}

/**
 * Schedules that somebody may have meant who wrote what is none: one, all there are where it could be read in several ways, or none when nothing
 * suggests itself. What is suggested is a schedule, as `isSchedule` tells. Each mistake is mended alone, then all of them together.
 */
export function closeTexts(written: string, isSchedule: (text: string) => boolean): readonly string[] {
  const text = written.trim().toLowerCase().replace(/\s+/g, ' ')
  const common = COMMON.get(text)
  if (common !== undefined) return [common]
  // Somebody's mistake is short; a long text would be looked through many times. A capital M is a minute to some, and a month to others.
  if (text.length > LONGEST || /\d\s*M\b/.test(written)) return []
  const meanings = meaningsOfNumber(text).filter(isSchedule)
  if (meanings.length > 0) return meanings
  const all = MENDED.reduce((mended, mend) => mend(mended), text)
  const candidates = [text, ...MENDED.map((mend) => mend(text)), all]
  const close = candidates.find((candidate) => candidate !== written.trim() && isSchedule(candidate))
  return close === undefined ? [] : [close]
}

const LONGEST = 200
