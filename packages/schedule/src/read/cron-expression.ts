import { type CronField, type CronFieldName, parseCronField } from './cron-field.ts'
import { type Days, EVERY_DAY, everComes } from './days.ts'
import { accepted, createFaults, type Parsed, refused, shifted } from './parsed.ts'
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

type CronFields = Readonly<Record<CronFieldName, CronField>>

/** Reads a cron expression: five fields, or one of the predefined words. The grammar is Tron's, which is narrower than croner's. */
export function parseCron(text: string): Parsed<WallPattern> {
  const texts = splitFields(text)
  if (!texts.ok) return texts
  const starts = Array.from(text.matchAll(/\S+/g), ({ index }) => index)
  const faults = createFaults()
  const read = (name: CronFieldName, index: number) => {
    const field = parseCronField(texts.value[index] ?? '', name)
    return faults.take(field.ok ? field : shifted(field, starts[index] ?? 0), UNREAD)
  }
  const fields = {
    minute: read('minute', 0),
    hour: read('hour', 1),
    day: read('day', 2),
    month: read('month', 3),
    weekday: read('weekday', 4),
  }
  const [, , day, , weekday] = texts.value
  if (day !== '*' && weekday !== '*') {
    faults.add({
      reason: 'day of month and weekday cannot both be restricted; leave one of them as a bare *',
    })
  }
  const days = daysOf(fields)
  if (!everComes(days)) {
    faults.add({ reason: 'no month named has such a day, so the schedule would never match' })
  }
  return (
    faults.refusal() ??
    accepted({ days, hours: fields.hour.values, minutes: fields.minute.values, second: 0 })
  )
}

/** Stands for a field that was refused, and restricts nothing. */
const UNREAD: CronField = { values: [], last: false, all: false }

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

function daysOf({ day, month, weekday }: CronFields): Days {
  return {
    ...EVERY_DAY,
    months: some(month),
    monthDays: some(day),
    lastDay: day.last && !day.all,
    weekdays: some(weekday),
  }
}

function some(field: CronField): readonly number[] | null {
  return field.all || field.values.length === 0 ? null : field.values
}
