import type { ScheduleSpec } from '@tron/model'
import { closeTexts } from './close-texts.ts'
import { parseTimeOfDay } from './daily-expression.ts'
import { parseInterval } from './interval.ts'
import { lowerSchedule } from './lowered-schedule.ts'
import {
  accepted,
  createFaults,
  type Fault,
  type Faults,
  type Parsed,
  type Refused,
  refused,
  shifted,
} from './parsed.ts'

/** A schedule that was read, all but its zone; or why it was refused and, for one written as a mapping, at which of its keys. */
export type ParsedSchedule = ReadSchedule | Refused

interface ReadSchedule {
  readonly ok: true
  readonly schedule: Omit<ScheduleSpec, 'zone'>
  /** Keys of the mapping that mean nothing here, as in Tron, with what to say of them. */
  readonly ignored: readonly (Fault & { readonly key: string })[]
}

/** A question to add to a message, such as `; did you mean "type"?`, about a word that is none of some; or nothing. */
type DidYouMean = (word: string, known: readonly string[]) => string

/**
 * Reads a schedule as a job states it: a text (`cron …`, `daily …`, `interval …`, or the complex form), a mapping of `type`, `value` and
 * `jitter`, or the older mapping of `start_time` and `days`. A schedule that can never match is refused. All that is wrong is told, unless one
 * suggestion mends it. What is suggested instead of a refused one is accepted as it stands there.
 */
export function parseSchedule(value: unknown, didYouMean: DidYouMean = () => ''): ParsedSchedule {
  if (typeof value === 'string') return parseText(value)
  // No number is a schedule, but what it may mean is known.
  if (typeof value === 'number') return parseText(String(value))
  if (!isMapping(value)) return refused(`a schedule is a text or a mapping of type and value; ${EXAMPLE}`)
  if ('type' in value) return parseTyped(value, didYouMean)
  if (START_KEYS.some((key) => key in value)) return parseStartTime(value, didYouMean)
  const text = asText(value)
  const advice = text === undefined ? nearKey(value, didYouMean) || `; ${EXAMPLE}` : `; ${text}`
  return refused(`a schedule written as a mapping needs type and value, or start_time and days${advice}`)
}

const TYPED_KEYS = ['type', 'value', 'jitter']
const START_KEYS = ['start_time', 'days']
const EXAMPLE = 'write for example schedule: "cron 0 3 * * *"'

/** How a mapping with the word for its kind as a key is written as a text. */
function asText(value: Mapping): string | undefined {
  return ['cron', 'daily', 'interval']
    .flatMap((word) => (typeof value[word] === 'string' ? `${word} ${value[word].trim()}` : []))
    .filter(isSchedule)
    .map((text) => `write schedule: "${text}"`)[0]
}

/** A question about the first key that is spelt nearly as one that was needed. */
function nearKey(value: Mapping, didYouMean: DidYouMean): string {
  const needed = ['type', ...START_KEYS]
  for (const key of Object.keys(value)) {
    const question = didYouMean(key, needed)
    if (question !== '') return question
  }
  return ''
}

type Mapping = Readonly<Record<string, unknown>>

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseText(text: string): ParsedSchedule {
  const read = readText(text)
  // Some reasons are what to write.
  if (read.ok || read.reason.startsWith('write ')) return read
  const close = closeTexts(text, isSchedule).map((each) => `"${each}"`)
  if (close.length === 0) return read
  return refused(mended(read.reason, `write for example ${close.join(' or ')}`), read.at)
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
  if (word === 'cron') {
    const cron = finish('cron', value, 0)
    return cron.ok ? cron : shifted(cron, at)
  }
  if (word === 'daily') return finish('daily', dailyText(rest), 0)
  if (word === 'interval') return finish('interval', value, 0)
  if (word === 'every' && /^\d+(?:\s*[a-z]+)?$/i.test(value)) return finish('interval', value, 0)
  if (/^(cron|daily|interval)$/i.test(word)) {
    return refused(`write "${word.toLowerCase()}" in lower case`)
  }
  if (lowerSchedule('cron', trimmed).ok) return refused(`write "cron ${trimmed}": the word cron comes first`)
  return finish('groc', trimmed, 0)
}

/** Time and days as Tron keeps them: one blank between, and one after a time that stands alone. */
function dailyText(words: readonly string[]): string {
  const [time = '00:00:00', ...days] = words
  return `${time} ${days.join(' ')}`
}

function parseTyped(value: Mapping, didYouMean: DidYouMean): ParsedSchedule {
  const faults = createFaults()
  for (const key of Object.keys(value).filter((each) => !TYPED_KEYS.includes(each))) {
    const near = didYouMean(key, TYPED_KEYS) || ';'
    faults.add({ reason: `unknown key "${key}"${near} accepted: ${TYPED_KEYS.join(', ')}`, key })
  }
  const { type, value: text, jitter } = value
  const kind = kindOf(type)
  if (kind === null) {
    const advice = mendedType(type, text) || (typeof type === 'string' ? didYouMean(type, TYPE_WORDS) : '')
    faults.add({ reason: `type is not one of ${TYPE_WORDS.join(', ')}${advice}`, key: 'type' })
  }
  const read = readValue(kind, text, faults)
  const jitterMs = faults.take(parseJitter(jitter), 0, 'jitter')
  return faults.refusal() ?? { ok: true, schedule: { ...read, jitterMs }, ignored: [] }
}

type Kind = keyof typeof TYPES

/** The text of a schedule whose kind is known, unless that is wrong, too. */
function readValue(kind: Kind | null, text: unknown, faults: Faults): Pick<ScheduleSpec, 'kind' | 'value'> {
  const unread = { kind: 'cron', value: '' } as const
  if (text === undefined) {
    faults.add({ reason: 'the key value is missing: the text of the schedule' })
    return unread
  }
  if (typeof text !== 'string') {
    faults.add({ reason: `value is not a text such as "${VALUES[kind ?? 'cron']}"`, key: 'value' })
    return unread
  }
  return kind === null ? unread : faults.take(parseValue(kind, text), unread, 'value')
}

function parseValue(kind: Kind, text: string): Parsed<Pick<ScheduleSpec, 'kind' | 'value'>> {
  const words = text.trim().split(/\s+/).filter(Boolean)
  const value = kind === 'daily' ? dailyText(words) : text.trim()
  const lowered = lowerSchedule(kind, value)
  if (lowered.ok) return accepted({ kind, value })
  const reason = mendedValue(kind, text, lowered.reason)
  const told = reason === lowered.reason ? lowered : refused(reason, lowered.at)
  return shifted(told, text.length - text.trimStart().length)
}

const TYPES = { cron: 'cron', daily: 'daily', groc: 'groc daily' } as const
const TYPE_WORDS = Object.values(TYPES)
const VALUES = { cron: '0 3 * * *', daily: '04:00:00 MWF', groc: 'every monday at 09:00' } as const

function mendedType(type: unknown, text: unknown): string {
  const word = typeof type === 'string' ? type.trim().toLowerCase() : ''
  const known = Object.entries(TYPES).find((names) => names.includes(word))
  if (known !== undefined) return `; write type: ${known[1]}`
  const advice = word === 'interval' ? asText({ interval: text }) : undefined
  return advice === undefined ? '' : `; ${advice}`
}

/** Why a value is refused, with what to write when that is clear: often the word for its kind stands in it again. */
function mendedValue(kind: Kind, text: string, reason: string): string {
  const isWhole = isSchedule(text)
  const whole = isWhole ? [text] : closeTexts(kind === 'groc' ? text : `${kind} ${text}`, isSchedule)
  const read = whole.flatMap((each) => asKeys(kind, each))
  if (read.length === 0) return reason
  const advice = `write ${read.map(({ keys }) => keys).join(' or ')}`
  if (!isWhole) return mended(reason, advice)
  return `${read[0]?.kind === kind ? 'the value says its type again' : 'the value is of another type'}; ${advice}`
}

/** How the text of a schedule is written instead of a value of some kind, and the kind that it is of. */
function asKeys(
  kind: Kind,
  whole: string,
): readonly (Pick<ScheduleSpec, 'kind'> & { readonly keys: string })[] {
  const read = readText(whole)
  if (!read.ok) return []
  const { kind: meant, value } = read.schedule
  if (meant === 'interval') return [{ kind: meant, keys: `schedule: "${whole}"` }]
  const type = meant === kind ? '' : `type: ${TYPES[meant]}, `
  return [{ kind: meant, keys: `${type}value: "${value.trim()}"` }]
}

function kindOf(type: unknown): Kind | null {
  if (type === 'cron' || type === 'daily') return type
  return type === 'groc daily' ? 'groc' : null
}

function parseJitter(jitter: unknown): Parsed<number> {
  if (jitter === undefined) return accepted(0)
  if (typeof jitter !== 'string') return refused('jitter is not a length of time; write for example "5 min"')
  return parseInterval(jitter)
}

function parseStartTime(value: Mapping, didYouMean: DidYouMean): ParsedSchedule {
  const { start_time: time = '00:00:00', days = '' } = value
  const faults = createFaults()
  if (typeof time === 'string') faults.take<unknown>(parseTimeOfDay(time), null, 'start_time')
  else faults.add({ reason: 'start_time is not a text; write "HH:MM:SS" in quotes', key: 'start_time' })
  if (typeof days === 'string') faults.take<unknown>(lowerSchedule('daily', `00:00 ${days}`), null, 'days')
  else faults.add({ reason: 'days is not a text of the letters M T W R F S U', key: 'days' })
  const ignored = Object.keys(value)
    .filter((key) => !START_KEYS.includes(key))
    .map((key) => ({
      reason: `"${key}" means nothing beside start_time and days${didYouMean(key, START_KEYS)}`,
      key,
    }))
  const schedule = { kind: 'daily', value: `${String(time)} ${String(days)}`, jitterMs: 0 } as const
  return faults.refusal() ?? { ok: true, schedule, ignored }
}

function finish(kind: ScheduleSpec['kind'], value: string, jitterMs: number): ParsedSchedule {
  const lowered = lowerSchedule(kind, value)
  if (!lowered.ok) return lowered
  return { ok: true, schedule: { kind, value, jitterMs }, ignored: [] }
}
