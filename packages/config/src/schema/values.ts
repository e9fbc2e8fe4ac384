import { isIdentifier, type JsonValue } from '@tron/model'
import { checkZone, parseInterval } from '@tron/schedule'
import { z } from 'zod'

// The message of each schema says what is accepted, in words that fit after "expected"; `checkShape` adds what was found, and where.

/** Any text. */
export const text = z.string({ error: 'text' })

/** Text that is not empty. */
export const someText = text.min(1, { error: 'text that is not empty' })

export const flag = z.boolean({ error: 'true or false' })

/** A whole number, also written as digits in quotes. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const error =
    max === Number.MAX_SAFE_INTEGER
      ? `a whole number of ${min} or more`
      : `a whole number from ${min} to ${max}`
  return z.preprocess(digitsToNumber, z.int({ error }).min(min, { error }).max(max, { error }))
}

/** An exit status, which may be one of Tron's own below 0. */
export const exitCode = z.preprocess(digitsToNumber, z.int({ error: 'a whole number' }))

/** A number of 0 or more, such as a count of processors. */
export const amount = z.preprocess(
  (value) => (typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value),
  z.number({ error: 'a number of 0 or more' }).min(0, { error: 'a number of 0 or more' }),
)

function digitsToNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value
}

const NAME = 'a name of letters, digits, _ and -, starting with a letter or _'

export const identifier = z.string({ error: NAME }).refine(isIdentifier, { error: NAME })

const NODE_NAME = 'the name of a node: letters, digits, _, - and dots'

/** Whether a text may name a node: an identifier or a hostname. Folders on the nodes carry the name, so nothing else may stand in it. */
export function isNodeName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}$/.test(name)
}

/** The name of a node or pool where a job refers to it. */
export const nodeReference = z.string({ error: NODE_NAME }).refine(isNodeName, { error: NODE_NAME })

const INTERVAL = 'a length of time such as 30s, 5 min, 2 hours or 1 day'

/** A length of time, as milliseconds. */
export const interval = z.string({ error: INTERVAL }).transform((value, context) => {
  const parsed = parseInterval(value)
  if (parsed.ok) return parsed.value
  context.addIssue({ code: 'custom', message: INTERVAL })
  return z.NEVER
})

const ZONE = 'the name of a time zone such as Europe/Berlin or UTC'

/** A time zone in its usual spelling; null for none. */
export const timeZone = z
  .string({ error: ZONE })
  .nullable()
  .transform((value, context) => {
    if (value === null) return null
    const zone = checkZone(value)
    if (zone !== null) return zone
    context.addIssue({ code: 'custom', message: ZONE })
    return z.NEVER
  })

const MODE = 'an octal mode in quotes such as "0644"'

export const octalMode = z.preprocess(
  (value) => (typeof value === 'number' ? String(value) : value),
  z
    .string({ error: MODE })
    .regex(/^\s*(?:0o)?[0-7]{1,5}\s*$/, { error: MODE })
    .refine((value) => Number.parseInt(value.replace('0o', ''), 8) <= 0o7777, {
      error: MODE,
    }),
)

/** One of some words, spelt exactly. */
export function oneOf<const Words extends readonly [string, ...string[]]>(words: Words) {
  return z.enum(words, { error: `one of ${words.join(', ')}` })
}

/** A list; as in Tron anything empty or false stands for an empty one. */
export function listOf<Item extends z.ZodType>(item: Item) {
  return z.preprocess((value) => (isEmpty(value) ? [] : value), z.array(item, { error: 'a list' }))
}

/** A list that has to be one. */
export const anyList = z.custom<readonly JsonValue[]>((value) => Array.isArray(value), { error: 'a list' })

/** A mapping with any content. */
export const anyMapping = z.custom<Readonly<Record<string, JsonValue>>>(isMapping, { error: 'a mapping' })

/** Anything, but it has to be there. What it must be is checked where it is read. */
export function present(what: string) {
  return z.custom<JsonValue>((value) => value !== undefined, { error: what })
}

/** An object of exactly these keys. The message about others lists the keys, for `checkShape` to make suggestions from. */
export function objectOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ')
  return z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : 'a mapping'),
  })
}

/** Named objects of one kind. */
export function mappingOf<Item extends z.ZodType>(item: Item) {
  return z.record(z.string(), item, { error: 'a mapping' })
}

export function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What Tron takes for an empty list: null, false, 0, an empty text, list or mapping. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === '') return true
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0
}
