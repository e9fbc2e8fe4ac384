import type { JsonValue } from '@tron/model'
import { markdownTable } from 'markdown-table'
import { stringify } from 'yaml'
import { z } from 'zod'

/** What of a JSON Schema the reference tells. */
export interface Described {
  readonly description?: string | undefined
  readonly errorMessage?: string | undefined
  readonly default?: unknown
  readonly examples?: readonly unknown[] | undefined
  readonly properties?: Readonly<Record<string, Described>> | undefined
  readonly required?: readonly string[] | undefined
  readonly anyOf?: readonly Described[] | undefined
  readonly allOf?: readonly Described[] | undefined
  readonly items?: Described | undefined
  readonly additionalProperties?: boolean | Described | undefined
  readonly definitions?: Readonly<Record<string, Described>> | undefined
  readonly $ref?: string | undefined
}

const described: z.ZodType<Described> = z.lazy(() =>
  z.object({
    description: z.string().optional(),
    errorMessage: z.string().optional(),
    default: z.unknown().optional(),
    examples: z.array(z.unknown()).optional(),
    properties: z.record(z.string(), described).optional(),
    required: z.array(z.string()).optional(),
    anyOf: z.array(described).optional(),
    allOf: z.array(described).optional(),
    items: described.optional(),
    additionalProperties: z.union([z.boolean(), described]).optional(),
    definitions: z.record(z.string(), described).optional(),
    $ref: z.string().optional(),
  }),
)

/** Reads the JSON Schema of configurations. */
export function readSchema(schema: Readonly<Record<string, JsonValue>>): Described {
  return described.parse(schema)
}

/** The schema of a mapping that stands, alone or beside null, where a key leads. */
export function mappingAt(schema: Described, key: string): Described {
  const found = schema.properties?.[key]
  const mapping = found && withProperties(found)
  if (mapping === undefined) throw new RangeError(`"${key}" is no mapping of known keys`)
  return mapping
}

function withProperties(schema: Described): Described | undefined {
  return [schema, ...(schema.anyOf ?? [])].find(({ properties }) => properties !== undefined)
}

/** Which keys of a mapping a table tells, and what is to be said about an example of one beside its description. */
export interface Wanted {
  readonly keys: readonly string[]
  readonly remarkOn: (key: string, example: unknown) => string | null
}

/** A table of some keys: those that are needed in bold, and below a key the keys of what it holds. */
export function keyTable(schema: Described, wanted: Wanted): string {
  const rows = rowsOf(schema, wanted, '').map((cells) =>
    cells.map((cell) => cell.replaceAll('|', String.raw`\|`)),
  )
  return markdownTable([['key', 'value', 'what it is'], ...rows])
}

type Row = readonly [key: string, value: string, meaning: string]

function rowsOf(schema: Described, { keys, remarkOn }: Wanted, prefix: string): readonly Row[] {
  return keys.flatMap((key) => {
    const found = schema.properties?.[key]
    if (found === undefined) throw new RangeError(`there is no key "${prefix}${key}"`)
    const name = `\`${prefix}${key}\``
    const needed = schema.required?.includes(key) === true && found.default === undefined
    const row: Row = [needed ? `**${name}**` : name, valueOf(found), meaningOf(key, found, remarkOn)]
    return [row, ...nestedRows(found, `${prefix}${key}`)]
  })
}

/** It has a page of its own. */
const TOLD_ELSEWHERE = 'schedule'

/** The keys of the mappings that a value holds: itself, in a list, or each under a name of its own. */
function nestedRows(schema: Described, path: string): readonly Row[] {
  if (LINKS.has(valueOf(schema)) || path === TOLD_ELSEWHERE) return []
  const { items, additionalProperties: byName } = schema
  const holders: readonly (readonly [Described | undefined, string])[] = [
    [withProperties(schema), '.'],
    [items && withProperties(items), '[].'],
    [typeof byName === 'object' ? withProperties(byName) : undefined, '.NAME.'],
  ]
  return holders.flatMap(([holder, joint]) =>
    holder === undefined
      ? []
      : rowsOf(
          holder,
          { keys: Object.keys(holder.properties ?? {}), remarkOn: () => null },
          `${path}${joint}`,
        ),
  )
}

/** Where the reference tells what a reference of the schema leads to. */
const KINDS: ReadonlyMap<string, string> = new Map([
  ['#/definitions/Job', '[jobs](#jobs)'],
  ['#/definitions/Action', '[actions](#actions)'],
  ['#/definitions/CleanupAction', 'an [action](#actions)'],
  ['#/definitions/Node', '[nodes](#nodes)'],
  ['#/definitions/Pool', '[pools](#pools)'],
])
const LINKS = new Set([...KINDS.values()].map(named))

function named(kind: string): string {
  return `${kind} by name, or a list`
}

function valueOf(schema: Described): string {
  const [reference] = [
    ...(schema.allOf ?? []),
    ...(schema.anyOf ?? []).map(({ additionalProperties }) => additionalProperties),
  ]
    .filter((one) => typeof one === 'object')
    .map(({ $ref }) => KINDS.get($ref ?? ''))
  if (reference !== undefined) return schema.allOf === undefined ? named(reference) : reference
  const accepted = [schema, ...(schema.anyOf ?? [])].find(({ errorMessage }) => errorMessage !== undefined)
  const words = accepted?.errorMessage ?? 'expected anything'
  const left = leftOut(schema.default)
  return `${words.replace(/^expected /, '')}${left === null ? '' : `; ${left} when left out`}`
}

/** What stands in for a key that is left out; nothing of an empty list or mapping is said. */
function leftOut(value: unknown): string | null {
  const isScalar = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
  return isScalar ? `\`${value}\`` : null
}

function meaningOf(
  key: string,
  { description = '', examples = [] }: Described,
  remarkOn: Wanted['remarkOn'],
): string {
  const shown = examples.map((example) => `\`${shownExample(key, example)}\``).join(', ')
  return [
    description,
    shown,
    ...remarks(
      description,
      examples.map((example) => remarkOn(key, example)),
    ),
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** What is to be said beside a description, which may say it itself. */
export function remarks(description: string, said: readonly (string | null)[]): readonly string[] {
  if (description.startsWith('Accepted for Tron 3:')) return []
  return [...new Set(said)].filter((remark) => remark !== null).map((remark) => `_${remark}_`)
}

/** A key and a value as they may be written in one line. */
export function shownExample(key: string, example: unknown): string {
  return flow({ [key]: example })
}

/** A mapping on one line, without its braces. */
function flow(value: unknown): string {
  const text = stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false })
  return text
    .trim()
    .replace(/^\{(.*)\}$/s, '$1')
    .replace(/\s*\n\s*/g, ' ')
}
