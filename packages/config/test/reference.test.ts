import { configJsonSchema } from '@tron/config'
import type { JsonValue } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { parse, stringify } from 'yaml'
import { CONTAINER_SHAPE } from '../src/schema/container.ts'
import { errorsOf, parseOne } from './parse-one.ts'
import { readSchema, shownExample } from './reference.ts'
import { documentWith, examplesOf, JOB, masterWith, remarkOn } from './reference-examples.ts'
import { referencePage } from './reference-page.ts'

const schema = readSchema(configJsonSchema())

it('the reference of keys is up to date', async () => {
  const page = referencePage(schema, Object.keys(CONTAINER_SHAPE), remarkOn)
  await expect(page).toMatchFileSnapshot('../../../docs/configuration.md')
})

const EXAMPLES = examplesOf(schema)

/** How many examples a schema has at any depth. */
function countExamples(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const own = 'examples' in value && Array.isArray(value.examples) ? value.examples.length : 0
  return Object.values(value).reduce<number>((sum, part) => sum + countExamples(part), own)
}

describe('the examples of the reference', () => {
  it('are all there are, and many', () => {
    expect(EXAMPLES.length).toBeGreaterThan(100)
    expect(EXAMPLES.length).toBe(countExamples(configJsonSchema()))
  })

  it.each(EXAMPLES)('$kind: $key: $example is accepted', (example) => {
    expect(errorsOf(parseOne(documentWith(example), { namespace: 'MASTER' }))).toEqual([])
  })

  it.each(EXAMPLES)('$kind: $key: $example is shown as it may be written', ({ key, example }) => {
    expect(parse(shownExample(key, example))).toEqual({ [key]: example })
  })
})

describe('the defaults of the reference', () => {
  it('are those of the reader', () => {
    const said = Object.entries(schema.definitions?.['Job']?.properties ?? {}).flatMap(([key, property]) =>
      property.default === undefined ? [] : [[key, property.default] as const],
    )
    const snapshotOf = (more: Readonly<Record<string, unknown>>): JsonValue => {
      const check = parseOne(stringify(masterWith({ jobs: { j: { ...JOB, ...more } } })), {
        namespace: 'MASTER',
      })
      return check.ok ? check.snapshot.hash : null
    }
    expect(said.length).toBeGreaterThan(6)
    expect(snapshotOf({})).not.toBeNull()
    for (const [key, value] of said)
      expect([key, snapshotOf({ [key]: value })]).toEqual([key, snapshotOf({})])
  })
})
