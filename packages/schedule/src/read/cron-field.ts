import { accepted, type Parsed, refused, shifted } from './parsed.ts'

/** What one field of a cron expression names. */
export interface CronField {
  /** Ascending, each once. */
  readonly values: readonly number[]
  /** The last day of the month; days only. */
  readonly last: boolean
  /** Every value there is, so the field restricts nothing. */
  readonly all: boolean
}

/** The fields of a cron expression, in their order. */
export type CronFieldName = 'minute' | 'hour' | 'day' | 'month' | 'weekday'

interface Bounds {
  readonly min: number
  readonly max: number
  readonly names: readonly string[]
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']

const BOUNDS: Readonly<Record<CronFieldName, Bounds>> = {
  minute: { min: 0, max: 59, names: [] },
  hour: { min: 0, max: 23, names: [] },
  day: { min: 1, max: 31, names: [] },
  month: { min: 1, max: 12, names: MONTHS },
  weekday: { min: 0, max: 6, names: WEEKDAYS },
}

/** Reads one field: a comma list of `N`, `N-M` and `*`, ranges with an optional `/STEP`; ranges may wrap round. */
export function parseCronField(text: string, name: CronFieldName): Parsed<CronField> {
  const values = new Set<number>()
  let last = false
  let at = 0
  for (const item of text.split(',')) {
    const isLast = name === 'day' && item === 'L'
    const parsed = isLast ? accepted([]) : parseItem(item, name)
    if (!parsed.ok) return shifted(parsed, at)
    last ||= isLast
    for (const value of parsed.value) values.add(value)
    at += item.length + 1
  }
  const { min, max } = BOUNDS[name]
  const ascending = [...values].toSorted((a, b) => a - b)
  return accepted({ values: ascending, last, all: ascending.length === max - min + 1 })
}

function parseItem(item: string, name: CronFieldName): Parsed<readonly number[]> {
  const match = /^(\*|\?|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(item)
  if (match === null || isPartOfLast(item, name)) return notUnderstood(item, name)
  const [, from = '', to, stepText] = match
  const step = parseStep(stepText, name)
  if (!step.ok) return step
  if (from === '*' || (from === '?' && name === 'weekday')) return everyNthOfAll(step.value, to, name)
  const first = parseValue(from, name)
  if (!first.ok) return first
  if (to === undefined) {
    return stepText === undefined
      ? accepted([first.value % weekLength(name)])
      : refused(unclearStep(item, name), 0)
  }
  const end = parseValue(to, name)
  if (!end.ok) return end
  return accepted(everyNth(range(first.value, end.value, name), step.value))
}

/** `*`, which takes in all the field has, with an end or without, as in Tron. */
function everyNthOfAll(step: number, to: string | undefined, name: CronFieldName): Parsed<readonly number[]> {
  const end = to === undefined ? null : parseValue(to, name)
  return end?.ok === false ? end : accepted(everyNth(allOf(name), step))
}

function parseStep(text: string | undefined, name: CronFieldName): Parsed<number> {
  if (text === undefined) return accepted(1)
  const step = Number(text)
  const { max } = BOUNDS[name]
  if (step >= 1 && step <= max) return accepted(step)
  return refused(`the step /${text} of the ${name} field is not from 1 to ${max}`, 0)
}

/** A value of the field. 7 is Sunday too, and stays 7 so that ranges up to it can be told from ranges from Sunday. */
function parseValue(text: string, name: CronFieldName): Parsed<number> {
  const { min, max, names } = BOUNDS[name]
  const named = names.indexOf(text.toLowerCase())
  if (named >= 0) return accepted(named + min)
  if (!/^\d+$/.test(text)) return notUnderstood(text, name)
  const value = Number(text)
  const highest = name === 'weekday' ? 7 : max
  if (value >= min && value <= highest) return accepted(value)
  return refused(`${text} is outside the ${name} field; ${acceptedIn(name)}`, 0)
}

function range(from: number, to: number, name: CronFieldName): readonly number[] {
  const { min, max } = BOUNDS[name]
  if (name === 'weekday' && from === 0 && to === 7) return allOf(name)
  const start = from % weekLength(name)
  const end = to % weekLength(name)
  if (start <= end) return sequence(start, end)
  return [...sequence(start, max), ...sequence(min, end)]
}

/** Seven for weekdays, where 7 is 0 again; larger than any value elsewhere. */
function weekLength(name: CronFieldName): number {
  return name === 'weekday' ? 7 : 100
}

function allOf(name: CronFieldName): readonly number[] {
  return sequence(BOUNDS[name].min, BOUNDS[name].max)
}

function sequence(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

function everyNth(values: readonly number[], step: number): readonly number[] {
  return values.filter((_, index) => index % step === 0)
}

/** What other crons write for a day counted from the last one, or a weekday near it. */
function isPartOfLast(item: string, name: CronFieldName): boolean {
  return name === 'day' && /^L./i.test(item)
}

function notUnderstood(text: string, name: CronFieldName): ReturnType<typeof refused> {
  const short = BOUNDS[name].names.find(
    (known) => /^[a-z]{4,}$/i.test(text) && text.toLowerCase().startsWith(known),
  )
  return refused(
    `"${text}" is not understood in the ${name} field; ${short === undefined ? acceptedIn(name) : `write ${short}`}`,
    0,
  )
}

/** What stands beside the usual in some fields. */
const MORE: Readonly<Partial<Record<CronFieldName, string>>> = {
  day: ', and L, alone or between commas, for the last day',
  month: ', and names such as feb',
  weekday: ', and names such as mon',
}

function acceptedIn(name: CronFieldName): string {
  const { min, max } = BOUNDS[name]
  const highest = name === 'weekday' ? '7 (0 and 7 are Sunday)' : max
  return `accepted: N, N-M, * with numbers from ${min} to ${highest}, N-M/STEP, */STEP, and commas${MORE[name] ?? ''}`
}

function unclearStep(item: string, name: CronFieldName): string {
  const [value] = item.split('/')
  const all = item.replace('/', `-${BOUNDS[name].max}/`)
  return `"${item}" is read differently by different crons; write ${all} for each step from ${value}, or ${value} alone`
}
