import type { ScheduleSpec } from '@tron/model'
import { closeText } from './close-texts.ts'
import { parseTimeOfDay } from './daily-expression.ts'
import { parseInterval } from './interval.ts'
import { lowerSchedule } from './lowered-schedule.ts'
import type { Refused } from './parsed.ts'

/** A schedule that was read, all but its zone; or why it was refused and, for one written as a mapping, at which of its keys. */
export type ParsedSchedule =
  | {
      readonly ok: true
      readonly schedule: Omit<ScheduleSpec, 'zone'>
      /** Keys of the mapping that mean nothing here, as in Tron. */
      readonly ignored: readonly string[]
    }
  | (Refused & {
      readonly key?: string
      /** What else is wrong with the mapping, at other keys of it. */
      readonly more?: readonly (Omit<Refused, 'ok'> & { readonly key: string })[]
    })

/**
 * Reads a schedule as a job states it: a text (`cron …`, `daily …`, `interval …`, or the complex form), a mapping of `type`, `value` and
 * `jitter`, or the older mapping of `start_time` and `days`. A schedule that can never match is refused. What is suggested instead of a refused one
 * is accepted as it stands there.
 */
export function parseSchedule(value: unknown): ParsedSchedule {
  if (typeof value === 'string') return parseText(value)
  if (!isMapping(value)) return refuse(`a schedule is a text or a mapping of type and value; ${EXAMPLE}`)
  if ('type' in value) return parseTyped(value)
  if ('start_time' in value || 'days' in value) return parseStartTime(value)
  return refuse(
    `a schedule written as a mapping needs type and value, or start_time and days; ${asText(value) ?? EXAMPLE}`,
  )
}

const EXAMPLE = 'write for example schedule: "cron 0 3 * * *"'

/** How a mapping with the word for its kind as a key is written as a text. */
function asText(value: Readonly<Record<string, unknown>>): string | undefined {
  return ['cron', 'daily', 'interval']
    .flatMap((word) => (typeof value[word] === 'string' ? `${word} ${value[word].trim()}` : []))
    .filter(isSchedule)
    .map((text) => `write schedule: "${text}"`)[0]
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(reason: string, key?: string): ParsedSchedule {
  return key === undefined ? { ok: false, reason } : { ok: false, reason, key }
}

function parseText(text: string): ParsedSchedule {
  const read = readText(text)
  // Some reasons are what to write.
  if (read.ok || read.reason.startsWith('write ')) return read
  const close = closeText(text, isSchedule)
  return close === null ? read : { ...read, reason: mended(read.reason, `write for example "${close}"`) }
}

/** A reason with better advice than what its last part says in general. */
function mended(reason: string, advice: string): string {
  const end = reason.lastIndexOf('; ')
  return `${end < 0 ? reason : reason.slice(0, end)}; ${advice}`
}

function isSchedule(text: string): boolean {
  return readText(text).ok
}

function readText(text: string): ParsedSchedule {
  const trimmed = text.trim()
  const [word = '', ...rest] = trimmed.split(/\s+/)
  const value = trimmed.slice(word.length).trim()
  const at = text.length - text.trimStart().length + trimmed.length - value.length
  if (word === 'cron') return shiftedTo(at, finish('cron', value, 0))
  if (word === 'daily') return finish('daily', dailyText(rest), 0)
  if (word === 'interval') return finish('interval', value, 0)
  if (word === 'every' && /^\d+(?:\s*[a-z]+)?$/i.test(value)) return finish('interval', value, 0)
  if (/^(cron|daily|interval)$/i.test(word)) {
    return refuse(`write "${word.toLowerCase()}" in lower case`)
  }
  if (lowerSchedule('cron', trimmed).ok) return refuse(`write "cron ${trimmed}": the word cron comes first`)
  return finish('groc', trimmed, 0)
}

/** What was read of a part that starts at an offset of the text. */
function shiftedTo(at: number, parsed: ParsedSchedule): ParsedSchedule {
  return parsed.ok || parsed.at === undefined ? parsed : { ...parsed, at: parsed.at + at }
}

/** Time and days as Tron keeps them: one blank between, and one after a time that stands alone. */
function dailyText(words: readonly string[]): string {
  const [time = '00:00:00', ...days] = words
  return `${time} ${days.join(' ')}`
}

function parseTyped(value: Readonly<Record<string, unknown>>): ParsedSchedule {
  const [unknown, ...more] = Object.keys(value)
    .filter((key) => !['type', 'value', 'jitter'].includes(key))
    .map((key) => ({ reason: `unknown key "${key}"; accepted: type, value, jitter`, key }))
  if (unknown !== undefined) return { ok: false, ...unknown, ...(more.length === 0 ? {} : { more }) }
  const { type, value: text, jitter } = value
  const kind = kindOf(type)
  if (kind === null) {
    return refuse(`type is not one of cron, daily, groc daily${mendedType(type, text)}`, 'type')
  }
  if (text === undefined) return refuse('the key value is missing: the text of the schedule')
  if (typeof text !== 'string') return refuse('value is not a text; put it in quotes', 'value')
  const jitterMs = parseJitter(jitter)
  if (typeof jitterMs === 'string') return refuse(jitterMs, 'jitter')
  const words = text.trim().split(/\s+/).filter(Boolean)
  const parsed = finish(kind, kind === 'daily' ? dailyText(words) : text.trim(), jitterMs)
  if (parsed.ok) return parsed
  const { reason, at } = parsed
  const said = { ok: false, reason: mendedValue(kind, text, reason), key: 'value' } as const
  const leading = text.length - text.trimStart().length
  return at === undefined ? said : { ...said, at: leading + at }
}

const TYPES = { cron: 'cron', daily: 'daily', groc: 'groc daily' } as const

function mendedType(type: unknown, text: unknown): string {
  const word = typeof type === 'string' ? type.trim().toLowerCase() : ''
  const known = Object.entries(TYPES).find((names) => names.includes(word))
  if (known !== undefined) return `; write type: ${known[1]}`
  const advice = word === 'interval' ? asText({ interval: text }) : undefined
  return advice === undefined ? '' : `; ${advice}`
}

/** Why a value is refused, with what to write when that is clear: often the word for its kind stands in it again. */
function mendedValue(kind: keyof typeof TYPES, text: string, reason: string): string {
  const isWhole = isSchedule(text)
  const whole = isWhole ? text : closeText(kind === 'groc' ? text : `${kind} ${text}`, isSchedule)
  const read = readText(whole ?? '')
  if (whole === null || !read.ok) return reason
  const { kind: meant, value } = read.schedule
  const advice =
    meant === 'interval'
      ? `write schedule: "${whole}"`
      : `write ${meant === kind ? '' : `type: ${TYPES[meant]}, `}value: "${value.trim()}"`
  if (!isWhole) return mended(reason, advice)
  return `${meant === kind ? 'the value says its type again' : 'the value is of another type'}; ${advice}`
}

function kindOf(type: unknown): keyof typeof TYPES | null {
  if (type === 'cron' || type === 'daily') return type
  return type === 'groc daily' ? 'groc' : null
}

function parseJitter(jitter: unknown): number | string {
  if (jitter === undefined) return 0
  if (typeof jitter !== 'string') return 'jitter is not a length of time; write for example "5 min"'
  const parsed = parseInterval(jitter)
  return parsed.ok ? parsed.value : parsed.reason
}

function parseStartTime(value: Readonly<Record<string, unknown>>): ParsedSchedule {
  const { start_time: time = '00:00:00', days = '' } = value
  if (typeof time !== 'string')
    return refuse('start_time is not a text; write "HH:MM:SS" in quotes', 'start_time')
  if (typeof days !== 'string') return refuse('days is not a text of the letters M T W R F S U', 'days')
  const clock = parseTimeOfDay(time)
  if (!clock.ok) return refuse(clock.reason, 'start_time')
  const parsed = finish('daily', `${time} ${days}`, 0)
  if (!parsed.ok) return { ...parsed, key: 'days' }
  const ignored = Object.keys(value).filter((key) => key !== 'start_time' && key !== 'days')
  return { ...parsed, ignored }
}

function finish(kind: ScheduleSpec['kind'], value: string, jitterMs: number): ParsedSchedule {
  const lowered = lowerSchedule(kind, value)
  if (!lowered.ok) return lowered
  return { ok: true, schedule: { kind, value, jitterMs }, ignored: [] }
}
