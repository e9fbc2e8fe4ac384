import { type CronField, parseCronField } from './cron-field.ts'
import { type Days, EVERY_DAY, everComes } from './days.ts'
import { accepted, type Parsed, refused, shifted } from './parsed.ts'
import type { WallPattern } from './wall-pattern.ts'

const PREDEFINED: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
}

interface CronFields {
  readonly minute: CronField
  readonly hour: CronField
  readonly day: CronField
  readonly month: CronField
  readonly weekday: CronField
}

/** Reads a cron expression: five fields, or one of the predefined words. The grammar is Tron's, which is narrower than croner's. */
export function parseCron(text: string): Parsed<WallPattern> {
  const fields = splitFields(text)
  if (!fields.ok) return fields
  const [minute, hour, day, month, weekday] = fields.value
  const starts = Array.from(text.matchAll(/\S+/g), ({ index }) => index)
  const parsed = parseFields({ minute, hour, day, month, weekday }, starts)
  if (!parsed.ok) return parsed
  if (day !== '*' && weekday !== '*') {
    return refused('day of month and weekday cannot both be restricted; leave one of them as a bare *')
  }
  return pattern(parsed.value)
}

type FiveTexts = readonly [string, string, string, string, string]

function splitFields(text: string): Parsed<FiveTexts> {
  const trimmed = text.trim()
  if (trimmed.startsWith('@')) {
    const known = PREDEFINED[trimmed]
    if (known === undefined) {
      return refused(`"${trimmed}" is not predefined; accepted: ${Object.keys(PREDEFINED).join(', ')}`)
    }
    return splitFields(known)
  }
  const words = trimmed === '' ? [] : trimmed.split(/\s+/)
  const [minute, hour, day, month, ...rest] = words
  // Blanks after commas are allowed in the last field only: elsewhere they end the field.
  const weekday = rest.join(' ').replace(/,\s+/g, ',')
  if (
    minute === undefined ||
    hour === undefined ||
    day === undefined ||
    month === undefined ||
    weekday === ''
  ) {
    return refused(
      `a cron expression has five fields (minute hour day month weekday), here are ${words.length}`,
    )
  }
  if (weekday.includes(' ')) {
    return refused(
      `a cron expression has five fields (minute hour day month weekday), here are ${words.length}; there is no field for seconds`,
    )
  }
  return accepted([minute, hour, day, month, weekday])
}

/** Reads each field. `starts` says where each begins, in their order. */
function parseFields(
  texts: Readonly<Record<keyof CronFields, string>>,
  starts: readonly number[],
): Parsed<CronFields> {
  const read = (name: keyof CronFields, index: number) =>
    shifted(parseCronField(texts[name], name), starts[index] ?? 0)
  const minute = read('minute', 0)
  if (!minute.ok) return minute
  const hour = read('hour', 1)
  if (!hour.ok) return hour
  const day = read('day', 2)
  if (!day.ok) return day
  const month = read('month', 3)
  if (!month.ok) return month
  const weekday = read('weekday', 4)
  if (!weekday.ok) return weekday
  return accepted({
    minute: minute.value,
    hour: hour.value,
    day: day.value,
    month: month.value,
    weekday: weekday.value,
  })
}

function pattern(fields: CronFields): Parsed<WallPattern> {
  const days: Days = {
    ...EVERY_DAY,
    months: some(fields.month),
    monthDays: some(fields.day),
    lastDay: fields.day.last && !fields.day.all,
    weekdays: some(fields.weekday),
  }
  if (!everComes(days)) return refused('no month named has such a day, so the schedule would never match')
  return accepted({
    days,
    hours: fields.hour.values,
    minutes: fields.minute.values,
    second: 0,
  })
}

function some(field: CronField): readonly number[] | null {
  return field.all || field.values.length === 0 ? null : field.values
}
