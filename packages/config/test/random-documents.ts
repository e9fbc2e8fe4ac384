import { configJsonSchema, type JsonSchema } from '@tron/config'
import type { JsonValue } from '@tron/model'
import * as fc from 'fast-check'
import { parseDocument, stringify } from 'yaml'
import documents from './data/documents.json' with { type: 'json' }

type Mapping = Readonly<Record<string, JsonValue>>

/** Texts of MASTER and of one more namespace. */
export interface Documents {
  readonly master: string
  readonly svc: string
}

const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function keysOf(schema: unknown): readonly (readonly [key: string, examples: readonly JsonValue[]])[] {
  const properties = isMapping(schema) && isMapping(schema['properties']) ? schema['properties'] : {}
  return Object.entries(properties).map(([key, value]) => {
    const examples = isMapping(value) ? value['examples'] : []
    return [key, Array.isArray(examples) ? examples : []]
  })
}

function definition(name: string, schema: JsonSchema = configJsonSchema()): unknown {
  return isMapping(schema['definitions']) ? schema['definitions'][name] : undefined
}

/** The keys given, and some of those that a schema has, with the values that it gives as examples: right by its own word. */
function someKeys(schema: unknown, given: Readonly<Record<string, fc.Arbitrary<JsonValue>>>) {
  const keys = keysOf(schema).filter(([key, examples]) => examples.length > 0 && !Object.hasOwn(given, key))
  const values = Object.fromEntries(keys.map(([key, examples]) => [key, fc.constantFrom(...examples)]))
  return fc.record({ ...values, ...given }, { requiredKeys: Object.keys(given) })
}

/** A mapping, or the list that means the same. */
function inEitherForm(named: Mapping): fc.Arbitrary<JsonValue> {
  const listed = Object.entries(named).map(([name, value]) => Object.assign({ name }, value))
  return fc.constantFrom<JsonValue>(named, listed)
}

const command = fc.constantFrom('ls', 'load --date {shortdate-1}', 'echo {{}}: # {year}')

const actions = fc
  .record({
    extract: someKeys(definition('Action'), { command, requires: fc.constant([]) }),
    load: someKeys(definition('Action'), { command, requires: fc.constant(['extract']) }),
  })
  .chain(inEitherForm)

const job = someKeys(definition('Job'), {
  node: fc.constantFrom('batch', 'batch1', 'batch2'),
  schedule: fc.constantFrom<JsonValue>('daily', 'cron 0 3 * * *', { start_time: '04:00:00', days: 'MWF' }),
  actions,
  cleanup_action: someKeys(definition('CleanupAction'), { command }),
})

const jobs = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), job, { maxKeys: 3 }).chain(inEitherForm)

const machine = someKeys(definition('Node'), { hostname: fc.constantFrom('h', 'h.example.com') })

const master = someKeys(configJsonSchema(), {
  nodes: fc.record({ batch1: machine, batch2: machine }).chain(inEitherForm),
  node_pools: inEitherForm({ batch: { nodes: ['batch1', 'batch2'] } }),
  jobs,
})

// Lines are not folded: yaml breaks texts when it folds where the indentation leaves no room.
const written = (value: unknown): fc.Arbitrary<string> =>
  fc
    .record({
      indent: fc.constantFrom(1, 2, 4),
      collectionStyle: fc.constantFrom<'any' | 'block' | 'flow'>('any', 'block', 'flow'),
      defaultStringType: fc.constantFrom<StringType>('PLAIN', 'QUOTE_DOUBLE', 'QUOTE_SINGLE'),
      lineWidth: fc.constant(0),
    })
    .map((options) => stringify(value, options))

type StringType = 'PLAIN' | 'QUOTE_DOUBLE' | 'QUOTE_SINGLE'

/** Documents of the grammar in which nothing is wrong. */
export const rightDocuments: fc.Arbitrary<Documents> = fc.record({
  master: master.chain(written),
  svc: jobs.chain((named) => written({ jobs: named })),
})

const WILD =
  '~ yes 0 -1 1e400 0644 16:30:00 2026-01-01 .nan {} [] "" *a &a !x "{nope}" "{" |- - @ % # ? : , "\\ud800" \0 \t &a[*a] {<<:*a} <<'
    .split(' ')
    .concat(
      '" "',
      '&a [*a]',
      '&a x',
      '!x y',
      '{<<: *a}',
      '{<<: 1}',
      '? [a]',
      '|\n  x',
      '[[[[[]]]]]',
      '{a: {b: {c: d}}}',
    )

const wild = fc.oneof(fc.constantFrom(...WILD), fc.json({ maxDepth: 3 }), fc.string({ maxLength: 12 }))

/** A change of one line: what stands there instead, which may be several lines or none. */
type Change = (line: string, other: string) => readonly string[]

const change: fc.Arbitrary<Change> = fc.oneof(
  wild.map(
    (value): Change =>
      (line) => [`${line.slice(0, line.indexOf(':') + 1)} ${value}`],
  ),
  fc.constant<Change>(() => []),
  fc.constant<Change>((line, other) => [other, line]),
  fc.constantFrom('', ' ', '   ', '\t', '- ').map(
    (indent): Change =>
      (line) => [indent + line.trimStart()],
  ),
  fc
    .record({ from: fc.nat({ max: 40 }), count: fc.nat({ max: 8 }), value: fc.option(wild, { nil: '' }) })
    .map(
      ({ from, count, value }): Change =>
        (line) => [line.slice(0, from) + value + line.slice(from + count)],
    ),
)

/** A text in which a few lines are changed. */
function mutated(text: string): fc.Arbitrary<string> {
  const lines = text.split('\n')
  const at = fc.nat({ max: lines.length - 1 })
  return fc.array(fc.tuple(at, at, change), { minLength: 1, maxLength: 4 }).map((changes) => {
    const changed = lines.map((line) => [line])
    for (const [line, other, mutate] of changes)
      changed[line] = [...mutate(lines[line] ?? '', lines[other] ?? '')]
    return changed.flat().join('\n')
  })
}

/** Every way into a value: keys and indices. */
function pathsOf(value: unknown, before: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.keys(value).flatMap((key) => {
    const path = before.concat(key)
    const inside = pathsOf(Object.getOwnPropertyDescriptor(value, key)?.value, path)
    return inside.toSpliced(0, 0, path)
  })
}

/** A value in which what stands at a path is another, or has another key. */
function withChange(value: unknown, [key, ...rest]: readonly string[], wanted: TreeChange): unknown {
  if (key === undefined || typeof value !== 'object' || value === null) return wanted.value ?? value
  const entries = Object.entries(value).map(([name, inside]: [string, unknown]): [string, unknown] => {
    if (name !== key) return [name, inside]
    const isRenamed = rest.length === 0 && wanted.key !== null
    return [isRenamed ? wanted.key : name, withChange(inside, rest, isRenamed ? KEEP : wanted)]
  })
  return Array.isArray(value) ? entries.map(([, inside]) => inside) : Object.fromEntries(entries)
}

interface TreeChange {
  readonly key: string | null
  readonly value: unknown
}

const KEEP: TreeChange = { key: null, value: undefined }

const KEYS = ['name', 'node', 'schedul', 'comand', 'jobs', 'requires', 'cpu', '', '__proto__', 'constructor']

const treeChange: fc.Arbitrary<TreeChange> = fc.oneof(
  fc.record({ key: fc.constantFrom(...KEYS), value: fc.constant(undefined) }),
  fc.record({
    key: fc.constant(null),
    value: fc.oneof(fc.constantFrom('', 'batch', '{nope}', 'daily 25:00', -1, 1e21, 0.5), fc.jsonValue()),
  }),
)

/** A document that stays YAML and says something else in a few places; a text that is none is changed as a text. */
function misshapen(text: string): fc.Arbitrary<string> {
  const document = parseDocument(text, { logLevel: 'silent' })
  const tree: unknown = document.errors.length > 0 ? null : document.toJS()
  const paths = pathsOf(tree)
  if (paths.length === 0) return mutated(text)
  return fc
    .array(fc.tuple(fc.constantFrom(...paths), treeChange), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((found, [path, wanted]) => withChange(found, path, wanted), tree))
    .chain(written)
}

const wrong = (text: string) => fc.oneof(mutated(text), { arbitrary: misshapen(text), weight: 3 })

/** Documents of the grammar with some places that are wrong. */
export const wrongDocuments: fc.Arbitrary<Documents> = rightDocuments.chain(({ master: first, svc }) =>
  fc.record({ master: fc.oneof(fc.constant(first), wrong(first)), svc: wrong(svc) }),
)

const REAL = documents.documents.map(({ namespace, yaml }): Documents => {
  return namespace === 'MASTER'
    ? { master: yaml, svc: 'jobs: {}\n' }
    : { master: documents.defaultMaster, svc: yaml }
})

/** Documents that people and tests wrote, with some places changed. */
export const mutatedDocuments: fc.Arbitrary<Documents> = fc
  .constantFrom(...REAL)
  .chain(({ master: first, svc }) =>
    fc.record({ master: fc.oneof(fc.constant(first), wrong(first)), svc: wrong(svc) }),
  )
