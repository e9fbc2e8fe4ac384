import type { JsonValue } from '@tron/model'

/** JSON Schema keywords for what a schema of ours accepts and zod cannot tell, such as the forms of a custom check. */
export type Keywords = Readonly<Record<string, JsonValue>>

/** Names of namespaces, jobs and actions. */
export const IDENTIFIER = '[A-Za-z_][A-Za-z0-9_-]{0,254}'

/** Names of actions: `cleanup` is taken. */
export const ACTION_NAME = `(?!cleanup$)${IDENTIFIER}`

/** Names of nodes and pools. */
export const NODE_NAME = '[A-Za-z0-9_][A-Za-z0-9_.-]{0,254}'

/** The whole of a text is of a form. */
export function whole(form: string): string {
  return `^(?:${form})$`
}

/** Text without NUL. */
export const WITHOUT_NUL = whole(String.raw`[^\u0000]*`)

/** A value, or anything that Tron takes for none of it: null, false, 0, an empty text, list or mapping. */
export function orEmpty(type: 'array' | 'object' | 'string'): Keywords {
  return {
    type: ['array', 'boolean', 'null', 'number', 'object', 'string'],
    not: { const: true },
    minimum: 0,
    maximum: 0,
    ...(type === 'array' ? {} : { maxItems: 0 }),
    ...(type === 'object' ? {} : { maxProperties: 0 }),
    ...(type === 'string' ? {} : { maxLength: 0 }),
  }
}

/** The words that mean yes and no to YAML 1.1. */
export const YES_OR_NO = whole('yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF')

/** More digits in quotes are a text to us. */
const MOST_DIGITS = 15

/** A whole number, or its digits in quotes, with blanks around and zeros before them. */
export function wholeNumberKeywords(min: number, max: number): Keywords {
  const digits = Math.min(String(max).length, MOST_DIGITS)
  const few = String.raw`(?=\d{1,${MOST_DIGITS}}\s*$)0*`
  const value = min > 0 ? String.raw`${few}[1-9]\d{0,${digits - 1}}` : String.raw`${few}\d{0,${digits}}|-0+`
  return {
    type: ['integer', 'string'],
    pattern: String.raw`^\s*(?:${value})\s*$`,
    minimum: min,
    maximum: max,
  }
}

/** Units of time with the digits that 999999999 days have in them. */
const UNITS = [
  String.raw`0*\d{1,9}\s*(?:d|days?)`,
  String.raw`0*\d{1,11}\s*(?:h|hrs?|hours?)`,
  String.raw`0*\d{1,13}\s*(?:m|mins?|minutes?)`,
  String.raw`0*\d{1,14}\s*(?:s|secs?|seconds?)`,
]

/** A length of time. */
export const INTERVAL = String.raw`^\s*(?:${UNITS.join('|')})\s*$`

const PART = String.raw`[^\s\u0000-\u001f\u007f-\u009f./@:\[\]]`
const HOST_NAME = String.raw`(?!-)${PART}+(?:\.${PART}+)*\.?`
const IPV6 = String.raw`(?=(?:[^:]*:){2})[0-9A-Fa-f:.]+(?:%[^\s/@:]+)?`

/** What can be reached under a name, as `isHostName` has it. */
export const HOST_PATTERN = whole(`${HOST_NAME}|${IPV6}`)

/** What the keys of an action ask of each other: containers have an image and a size, and other names of variables than a shell. */
export const ACTION_KEYWORDS: Keywords = {
  if: { properties: { executor: { enum: ['kubernetes', 'spark'] } }, required: ['executor'] },
  // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
  then: {
    required: ['docker_image', 'cpus', 'mem'],
    properties: {
      docker_image: { pattern: String.raw`\S`, errorMessage: 'expected the image of a container' },
      env: { propertyNames: { pattern: whole('[A-Za-z_.-][A-Za-z0-9_.-]*') } },
    },
  },
  else: { properties: { env: { propertyNames: { pattern: whole('[A-Za-z_][A-Za-z0-9_]*') } } } },
}
