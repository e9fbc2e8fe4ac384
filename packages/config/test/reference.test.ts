import { configJsonSchema } from '@tron/config'
import type { JsonValue } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { CONTAINER_SHAPE } from '../src/schema/container.ts'
import { errorsOf, parseOne } from './parse-one.ts'
import { type Described, mappingAt, readSchema } from './reference.ts'
import { referencePage } from './reference-page.ts'

const schema = readSchema(configJsonSchema())

it('the reference of keys is up to date', async () => {
  const page = referencePage(schema, Object.keys(CONTAINER_SHAPE))
  await expect(page).toMatchFileSnapshot('../../../docs/configuration.md')
})

type Entry = readonly [key: string, example: unknown]

/** A smallest MASTER that has all that examples refer to, with something added. */
function master(more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const nodes = { batch1: { hostname: 'h1' }, batch2: { hostname: 'h2' } }
  return { nodes, node_pools: { batch: { nodes: ['batch1'] } }, ...more }
}

const ACTION = { command: 'work' }
const JOB = { node: 'batch', schedule: 'daily', actions: { extract: ACTION } }

/** A document in which a key of each kind of mapping stands. */
const HOLDERS: Readonly<Record<string, (entry: Entry) => Readonly<Record<string, unknown>>>> = {
  MASTER: ([key, example]) => master({ [key]: example }),
  Node: ([key, example]) => master({ nodes: { batch1: { hostname: 'h', [key]: example } } }),
  Pool: ([key, example]) => master({ node_pools: { p: { nodes: ['batch1'], [key]: example } } }),
  Job: ([key, example]) => master({ jobs: { j: { ...JOB, [key]: example } } }),
  Action: ([key, example]) =>
    master({ jobs: { j: { ...JOB, actions: { extract: ACTION, a: { ...ACTION, [key]: example } } } } }),
  CleanupAction: ([key, example]) =>
    master({ jobs: { j: { ...JOB, cleanup_action: { ...ACTION, [key]: example } } } }),
  ssh_options: ([key, example]) => master({ ssh_options: { [key]: example } }),
  action_runner: ([key, example]) => master({ action_runner: { [key]: example } }),
  state_persistence: ([key, example]) =>
    master({ state_persistence: { name: 'n', store_type: 'shelve', [key]: example } }),
  k8s_options: ([key, example]) => master({ k8s_options: { [key]: example } }),
  mesos_options: ([key, example]) => master({ mesos_options: { [key]: example } }),
}

function schemaOf(kind: string): Described {
  if (kind === 'MASTER') return schema
  return schema.definitions?.[kind] ?? mappingAt(schema, kind)
}

const EXAMPLES = Object.keys(HOLDERS).flatMap((kind) =>
  Object.entries(schemaOf(kind).properties ?? {}).flatMap(([key, { examples = [] }]) =>
    examples.map((example) => ({ kind, key, example })),
  ),
)

describe('the examples of the reference', () => {
  it('are many', () => {
    expect(EXAMPLES.length).toBeGreaterThan(100)
  })

  it.each(EXAMPLES)('$kind: $key: $example is accepted', ({ kind, key, example }) => {
    const text = stringify(HOLDERS[kind]?.([key, example]))
    expect(errorsOf(parseOne(text, { namespace: 'MASTER' }))).toEqual([])
  })
})

describe('the defaults of the reference', () => {
  it('are those of the reader', () => {
    const said = Object.entries(schema.definitions?.['Job']?.properties ?? {}).flatMap(([key, property]) =>
      property.default === undefined ? [] : [[key, property.default] as const],
    )
    const snapshotOf = (more: Readonly<Record<string, unknown>>): JsonValue => {
      const check = parseOne(stringify(master({ jobs: { j: { ...JOB, ...more } } })), { namespace: 'MASTER' })
      return check.ok ? check.snapshot.hash : null
    }
    expect(said.length).toBeGreaterThan(6)
    for (const [key, value] of said)
      expect([key, snapshotOf({ [key]: value })]).toEqual([key, snapshotOf({})])
  })
})
