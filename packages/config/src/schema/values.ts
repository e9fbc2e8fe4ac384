import { isIdentifier, type JsonValue } from '@tron/model'
import { checkZone, parseInterval } from '@tron/schedule'
import { z } from 'zod'
import {
  IDENTIFIER,
  INTERVAL,
  type Keywords,
  NODE_NAME,
  orEmpty,
  whole,
  wholeNumberKeywords,
  YES_OR_NO,
} from './keywords.ts'

// The message of each schema says what is accepted, in words that fit after "expected"; `checkShape` adds what was found, and where. The same words
// go into the JSON Schema as `errorMessage`, for editors and for the reference.

/** A schema that says what it accepts. */
function accepting<Schema extends z.ZodType>(
  accepted: string,
  schema: Schema,
  keywords: Keywords = {},
): Schema {
  return schema.meta({ ...keywords, errorMessage: `expected ${accepted}` })
}

/** A key with what it means and values that show its use, for editors and for the reference. */
export function key<Schema extends z.ZodType>(
  schema: Schema,
  description: string,
  ...examples: unknown[]
): Schema {
  return schema.meta(examples.length === 0 ? { description } : { description, examples })
}

/** Any text. */
export const text = accepting('text', z.string({ error: 'text' }))

/** Text that is not empty. */
export const someText = accepting('text that is not empty', text.min(1, { error: 'text that is not empty' }))

const ABSOLUTE = 'an absolute path such as /var/spool/tron'

/** The path of a folder on a node. Nothing is filled in there, so what begins with `~` or a variable would name another folder than was meant. */
export const absolutePath = accepting(
  ABSOLUTE,
  z.string({ error: ABSOLUTE }).regex(/^\/[^\n\0]*$/, { error: ABSOLUTE }),
  { pattern: String.raw`^/[^\n\u0000]*$` },
)

/** Words that mean yes and no to YAML 1.1 are accepted where a truth value is due. */
export const flag = accepting('true or false', z.boolean({ error: 'true or false' }), {
  type: ['boolean', 'string'],
  pattern: YES_OR_NO,
})

/** A whole number, also written as digits in quotes. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER) {
  const range = `a whole number from ${min} to ${max}`
  const accepted = max === Number.MAX_SAFE_INTEGER ? `a whole number of ${min} or more` : range
  const error = ({ input }: { readonly input?: unknown }) => (isBeyond(input, max) ? range : accepted)
  const number = z.int({ error, abort: true }).min(min, { error }).max(max, { error })
  return accepting(accepted, z.preprocess(digitsToNumber, number), wholeNumberKeywords(min, max))
}

/** Whether a value is a whole number above another. One of more digits than JavaScript counts is a text by now. */
function isBeyond(value: unknown, max: number): boolean {
  if (typeof value === 'string') return /^\s*\+?\d+\s*$/.test(value) && Number(value) > max
  return Number.isInteger(value) && Number(value) > max
}

/** An exit status, which may be one of Tron's own below 0. */
export const exitCode = accepting(
  'a whole number',
  z.preprocess(digitsToNumber, z.int({ error: 'a whole number' })),
  {
    type: ['integer', 'string'],
    pattern: String.raw`^\s*-?\d{1,15}\s*$`,
    minimum: Number.MIN_SAFE_INTEGER,
    maximum: Number.MAX_SAFE_INTEGER,
  },
)

const AMOUNT = 'a number of 0 or more'

/** A number of 0 or more, such as a count of processors. */
export const amount = accepting(
  AMOUNT,
  z.preprocess(
    (value) => (typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value),
    z.number({ error: AMOUNT }).min(0, { error: AMOUNT }),
  ),
  { type: ['number', 'string'], pattern: String.raw`^\d+(?:\.\d+)?$`, minimum: 0 },
)

function digitsToNumber(value: unknown): unknown {
  return typeof value === 'string' && /^\s*-?\d{1,15}\s*$/.test(value) ? Number(value) : value
}

const NAMES = 'a name of letters, digits, _ and -, starting with a letter or _'

export const identifier = accepting(
  NAMES,
  z.string({ error: NAMES }).refine(isIdentifier, { error: NAMES }),
  { pattern: whole(IDENTIFIER) },
)

const NODE_NAMES = 'the name of a node: letters, digits, _, - and dots'

const NODE_NAMED = new RegExp(whole(NODE_NAME))

/** Whether a text may name a node: an identifier or a hostname. Folders on the nodes carry the name, so nothing else may stand in it. */
export function isNodeName(name: string): boolean {
  return NODE_NAMED.test(name)
}

/** The name of a node or pool where a job refers to it. */
export const nodeReference = accepting(
  NODE_NAMES,
  z.string({ error: NODE_NAMES }).refine(isNodeName, { error: NODE_NAMES }),
  { pattern: whole(NODE_NAME) },
)

const LENGTH = 'a length of time such as 30s, 5 min, 2 hours or 1 day'

/** A length of time, as milliseconds. */
export const interval = accepting(
  LENGTH,
  z.string({ error: LENGTH }).transform((value, context) => {
    const parsed = parseInterval(value)
    if (parsed.ok) return parsed.value
    context.addIssue({ code: 'custom', message: LENGTH })
    return z.NEVER
  }),
  { pattern: INTERVAL },
)

const ZONE = 'the name of a time zone such as Europe/Berlin or UTC'

/** A time zone in its usual spelling; null for none. */
export const timeZone = accepting(
  ZONE,
  z
    .string({ error: ZONE })
    .nullable()
    .transform((value, context) => {
      if (value === null) return null
      const zone = checkZone(value)
      if (zone !== null) return zone
      context.addIssue({ code: 'custom', message: ZONE, params: { zone: value } })
      return z.NEVER
    }),
  { pattern: whole('[A-Za-z][A-Za-z0-9_+/-]*') },
)

const MODE = 'an octal mode in quotes such as "0644"'

const OCTAL = /^\s*(?:0o)?[0-7]{1,5}\s*$/

export const octalMode = accepting(
  MODE,
  z.preprocess(
    (value) => (typeof value === 'number' ? String(value) : value),
    z
      .string({ error: MODE })
      .refine((value) => OCTAL.test(value) && Number.parseInt(value.replace('0o', ''), 8) <= 0o7777, {
        error: MODE,
      }),
  ),
  {
    type: ['string', 'integer'],
    pattern: String.raw`^\s*(?:0o)?(?:0[0-7]{4}|[0-7]{1,4})\s*$`,
    minimum: 0,
    maximum: 7777,
  },
)

/** One of some words, spelt exactly. Of those, the unsaid ones are accepted for what else is said about them. */
export function oneOf<const Words extends readonly [string, ...string[]]>(
  words: Words,
  unsaid: readonly Words[number][] = [],
) {
  const error = `one of ${words.filter((word) => !unsaid.includes(word)).join(', ')}`
  return accepting(error, z.enum(words, { error }))
}

/** A list; as in Tron anything empty or false stands for an empty one. */
export function listOf<Item extends z.ZodType>(item: Item, what = 'a list') {
  return accepting(
    what,
    z.preprocess((value) => (isEmpty(value) ? [] : value), z.array(item, { error: what })),
    orEmpty('array'),
  )
}

/** A list that has to be one. */
export const anyList = accepting(
  'a list',
  z.custom<readonly JsonValue[]>((value) => Array.isArray(value), { error: 'a list' }),
  { type: 'array' },
)

/** A mapping with any content. */
export const anyMapping = accepting(
  'a mapping',
  z.custom<Readonly<Record<string, JsonValue>>>(isMapping, { error: 'a mapping' }),
  { type: 'object' },
)

/** Anything. */
export const anything = z.unknown()

/** What has several forms, each with a reader of its own. It has to be there. */
export function inForms(accepted: string, keywords: Keywords) {
  return accepting(
    accepted,
    z.custom<JsonValue>((value) => value !== undefined, { error: accepted }),
    keywords,
  )
}

/** An object of exactly these keys. The message about others lists the keys, for `checkShape` to make suggestions from. */
export function objectOf<Shape extends z.ZodRawShape>(shape: Shape) {
  const keys = Object.keys(shape).join(', ')
  const schema = z.strictObject(shape, {
    error: (issue) => (issue.code === 'unrecognized_keys' ? keys : 'a mapping'),
  })
  return accepting('a mapping', schema)
}

/** Named objects of one kind. */
export function mappingOf<Item extends z.ZodType>(item: Item) {
  return accepting('a mapping', z.record(z.string(), item, { error: 'a mapping' }))
}

export function isMapping(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What Tron takes for an empty list: null, false, 0, an empty text, list or mapping. */
export function isEmpty(value: unknown): boolean {
  if (value === null || value === false || value === 0 || value === '') return true
  return typeof value === 'object' && Object.keys(value ?? {}).length === 0
}
