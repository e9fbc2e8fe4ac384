import type { ScheduleSpec } from '@tron/model'
import { parseTimeOfDay } from './daily-expression.ts'
import { parseInterval } from './interval.ts'
import { lowerSchedule } from './lowered-schedule.ts'

/** A schedule that was read, all but its zone; or why it was refused and, for one written as a mapping, at which of its keys. */
export type ParsedSchedule =
  | {
      readonly ok: true
      readonly schedule: Omit<ScheduleSpec, 'zone'>
      /** Keys of the mapping that mean nothing here, as in Tron. */
      readonly ignored: readonly string[]
    }
  | {
      readonly ok: false
      readonly reason: string
      readonly key?: string
      /** What else is wrong with the mapping, at other keys of it. */
      readonly more?: readonly { readonly reason: string; readonly key: string }[]
    }

/**
 * Reads a schedule as a job states it: a text (`cron …`, `daily …`, `interval …`, or the complex form), a mapping of `type`, `value` and
 * `jitter`, or the older mapping of `start_time` and `days`. A schedule that can never match is refused.
 */
export function parseSchedule(value: unknown): ParsedSchedule {
  if (typeof value === 'string') return parseText(value)
  if (!isMapping(value)) return refuse(`a schedule is a text or a mapping of type and value; ${EXAMPLE}`)
  if ('type' in value) return parseTyped(value)
  if ('start_time' in value || 'days' in value) return parseStartTime(value)
  const { interval } = value
  return refuse(
    `a schedule written as a mapping needs type and value, or start_time and days; ${typeof interval === 'string' ? plainInterval(interval) : EXAMPLE}`,
  )
}

const EXAMPLE = 'write for example schedule: "cron 0 3 * * *"'

/** Intervals are written as a text only. */
function plainInterval(length: string): string {
  return `write schedule: "interval ${length.trim()}"`
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function refuse(reason: string, key?: string): ParsedSchedule {
  return key === undefined ? { ok: false, reason } : { ok: false, reason, key }
}

function parseText(text: string): ParsedSchedule {
  const trimmed = text.trim()
  const [word = '', ...rest] = trimmed.split(/\s+/)
  const value = trimmed.slice(word.length).trim()
  if (word === 'cron') return finish('cron', value, 0)
  if (word === 'daily') return finish('daily', dailyText(rest), 0)
  if (word === 'interval') return finish('interval', value, 0)
  if (word === 'every' && /^\d+\s*[a-z]/.test(value) && parseInterval(value).ok)
    return finish('interval', value, 0)
  if (/^(cron|daily|interval)$/i.test(word)) {
    return refuse(`write "${word.toLowerCase()}" in lower case`)
  }
  if (lowerSchedule('cron', trimmed).ok) return refuse(`write "cron ${trimmed}": the word cron comes first`)
  return finish('groc', trimmed, 0)
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
    const hint = type === 'interval' && typeof text === 'string' ? `; ${plainInterval(text)}` : ''
    return refuse(`type is not one of cron, daily, groc daily${hint}`, 'type')
  }
  if (text === undefined) return refuse('the key value is missing: the text of the schedule')
  if (typeof text !== 'string') return refuse('value is not a text; put it in quotes', 'value')
  const jitterMs = parseJitter(jitter)
  if (typeof jitterMs === 'string') return refuse(jitterMs, 'jitter')
  const words = text.trim().split(/\s+/).filter(Boolean)
  const parsed = finish(kind, kind === 'daily' ? dailyText(words) : text.trim(), jitterMs)
  return parsed.ok ? parsed : { ...parsed, key: 'value' }
}

function kindOf(type: unknown): ScheduleSpec['kind'] | null {
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
  if (!lowered.ok) return refuse(lowered.reason)
  return { ok: true, schedule: { kind, value, jitterMs }, ignored: [] }
}
