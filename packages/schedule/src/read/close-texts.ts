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

/** Mistakes that are mended by writing the text another way. */
const MENDED: readonly ((text: string) => string)[] = [
  (text) => `every ${text}`,
  (text) => text.replace(/^every (?=\d)/, ''),
  (text) => text.replace(/(?<=^| )(\d:\d\d)$/, '0$1'),
  (text) => text.replace(/(\d\d:\d\d):\d\d$/, '$1'),
  (text) => text.replace(/, /g, ','),
  (text) => text.replace(/ and /g, ','),
]

/**
 * A schedule that somebody may have meant who wrote what is none; null when nothing suggests itself. The text is in lower case, with single blanks;
 * `isSchedule` tells whether one like it is of the complex form.
 */
export function closeText(text: string, isSchedule: (text: string) => boolean): string | null {
  const common = COMMON.get(text)
  if (common !== undefined) return common
  return MENDED.map((mend) => mend(text)).find((mended) => mended !== text && isSchedule(mended)) ?? null
}
