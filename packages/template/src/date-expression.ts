import { Temporal } from '@tron/model/temporal'

/** The instant that date words are about, and the zone they are read in. */
export interface DateBase {
  readonly atMs: number
  readonly zone: string
}

type Wall = ReturnType<typeof Temporal.PlainDateTime.from>
type Step = 'days' | 'years' | 'months' | 'hours' | 'minutes'

interface DateWord {
  readonly step: Step
  readonly show: (wall: Wall) => string | number
}

/** Day 1 is 0001-01-01. */
const FIRST_DAY = Temporal.PlainDate.from('0000-12-31')

const WORDS: Readonly<Record<string, DateWord>> = {
  shortdate: { step: 'days', show: ymd },
  year: { step: 'years', show: (wall) => pad(wall.year, 4) },
  month: { step: 'months', show: (wall) => pad(wall.month, 2) },
  day: { step: 'days', show: (wall) => pad(wall.day, 2) },
  hour: { step: 'hours', show: (wall) => pad(wall.hour, 2) },
  ym: { step: 'months', show: (wall) => `${pad(wall.year, 4)}-${pad(wall.month, 2)}` },
  ymd: { step: 'days', show: ymd },
  ymdh: { step: 'hours', show: (wall) => `${ymd(wall)}T${pad(wall.hour, 2)}` },
  ymdhm: { step: 'minutes', show: (wall) => `${ymd(wall)}T${pad(wall.hour, 2)}:${pad(wall.minute, 2)}` },
  daynumber: {
    step: 'days',
    show: (wall) => FIRST_DAY.until(wall.toPlainDate(), { largestUnit: 'days' }).days,
  },
}

/** The words that date expressions start with. */
export const DATE_WORDS: readonly string[] = [...Object.keys(WORDS), 'unixtime']

/** What a date expression gave: a value, a reason why it has none, or null when the text does not begin with a date word. */
export type DateValue = { readonly value: string | number } | { readonly reason: string } | null

/**
 * Evaluates a date expression such as `shortdate-1` or `ymdhm + 30`. Steps are taken on the wall clock; those of months and years keep the day,
 * clamped to the length of the month. `unixtime` steps in seconds of real time.
 */
export function evaluateDate(expression: string, base: DateBase): DateValue {
  const key = `${base.atMs} ${base.zone} ${expression}`
  const known = remembered.get(key)
  if (known !== undefined) return known
  const fresh = evaluate(expression, base)
  if (fresh === null || !('value' in fresh)) return fresh
  if (remembered.size >= MOST_REMEMBERED) remembered.clear()
  remembered.set(key, fresh)
  return fresh
}

/** The few dates that the commands of a run, and those of a configuration that is checked, ask for again and again. */
const remembered = new Map<string, DateValue>()
const MOST_REMEMBERED = 512

/** Whether a text begins with a date word, so that it is read as a date expression, or refused as a wrong one. */
export function isDate(expression: string): boolean {
  return DATE_WORDS.includes(partsOf(expression).word)
}

function partsOf(expression: string): {
  readonly word: string
  readonly step: string
  readonly junk: string
} {
  const match = /^([\p{L}\p{N}_]+)([+-]\d+)?(.*)$/su.exec(expression.replace(/\s/g, ''))
  const [, word = '', step = '', junk = ''] = match ?? []
  return { word, step, junk }
}

function evaluate(expression: string, base: DateBase): DateValue {
  const { word, step, junk } = partsOf(expression)
  const known = Object.hasOwn(WORDS, word) ? WORDS[word] : undefined
  if (known === undefined && word !== 'unixtime') return null
  if (junk !== '')
    return { reason: `{${expression}}: behind "${word}" may stand + or - and a number, no "${junk}"` }
  const value = known === undefined ? unixtime(base, Number(step)) : stepped(known, base, Number(step))
  return value ?? { reason: `{${expression}} is outside the years 1 to 9999` }
}

function unixtime({ atMs }: DateBase, count: number): DateValue {
  const value = Math.floor(atMs / 1000) + count
  return Number.isSafeInteger(value) ? { value } : null
}

function stepped(word: DateWord, base: DateBase, count: number): DateValue {
  try {
    const wall = wallOf(base)
    const there = count === 0 ? wall : wall.add({ [word.step]: count })
    return there.year >= 1 && there.year <= 9999 ? { value: word.show(there) } : null
  } catch {
    // Out of the range of dates altogether: the same answer as outside the years that are shown.
    return null
  }
}

function wallOf({ atMs, zone }: DateBase): Wall {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone).toPlainDateTime()
}

function ymd(wall: Wall): string {
  return `${pad(wall.year, 4)}-${pad(wall.month, 2)}-${pad(wall.day, 2)}`
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}
