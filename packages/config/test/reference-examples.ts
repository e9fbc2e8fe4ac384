import { stringify } from 'yaml'
import { parseOne } from './parse-one.ts'
import { type Described, mappingAt } from './reference.ts'

/** A value that the schema shows for a key, and the kind of mapping that the key stands in. */
export interface Example {
  readonly kind: string
  readonly key: string
  readonly example: unknown
}

type Entry = readonly [key: string, example: unknown]

/** A smallest MASTER that has all that examples refer to, with something added. */
export function masterWith(more: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const nodes = { batch1: { hostname: 'h1' }, batch2: { hostname: 'h2' } }
  return { nodes, node_pools: { batch: { nodes: ['batch1'] } }, ...more }
}

const ACTION = { command: 'work' }
/** A smallest job. */
export const JOB = { node: 'batch', schedule: 'daily', actions: { extract: ACTION } }
const IN_CONTAINER = { ...ACTION, executor: 'kubernetes', docker_image: 'i', cpus: 1, mem: 1 }

function withAction(action: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return masterWith({ jobs: { j: { ...JOB, actions: { extract: ACTION, a: action } } } })
}

/** A document in which a key of each kind of mapping stands. */
const HOLDERS: Readonly<Record<string, (entry: Entry) => Readonly<Record<string, unknown>>>> = {
  MASTER: ([key, example]) => masterWith({ [key]: example }),
  Node: ([key, example]) => masterWith({ nodes: { batch1: { hostname: 'h', [key]: example } } }),
  Pool: ([key, example]) => masterWith({ node_pools: { p: { nodes: ['batch1'], [key]: example } } }),
  Job: ([key, example]) => masterWith({ jobs: { j: { ...JOB, [key]: example } } }),
  Action: ([key, example]) => withAction({ ...ACTION, [key]: example }),
  Container: ([key, example]) => withAction({ ...IN_CONTAINER, [key]: example }),
  CleanupAction: ([key, example]) =>
    masterWith({ jobs: { j: { ...JOB, cleanup_action: { ...ACTION, [key]: example } } } }),
  ssh_options: ([key, example]) => masterWith({ ssh_options: { [key]: example } }),
  action_runner: ([key, example]) => masterWith({ action_runner: { [key]: example } }),
  state_persistence: ([key, example]) =>
    masterWith({ state_persistence: { name: 'n', store_type: 'shelve', [key]: example } }),
  k8s_options: ([key, example]) => masterWith({ k8s_options: { [key]: example } }),
  mesos_options: ([key, example]) => masterWith({ mesos_options: { [key]: example } }),
}

/** A document in which an example stands where it belongs. */
export function documentWith({ kind, key, example }: Example): string {
  const holder = HOLDERS[kind]
  if (holder === undefined) throw new RangeError(`nothing holds "${kind}"`)
  return stringify(holder([key, example]))
}

/** Every example of the schema. */
export function examplesOf(schema: Described): readonly Example[] {
  const kinds = Object.keys(HOLDERS).filter((kind) => kind !== 'Container')
  return kinds.flatMap((kind) =>
    Object.entries(schemaOf(schema, kind).properties ?? {}).flatMap(([key, { examples = [] }]) =>
      examples.map((example) => ({ kind, key, example })),
    ),
  )
}

function schemaOf(schema: Described, kind: string): Described {
  if (kind === 'MASTER') return schema
  return schema.definitions?.[kind] ?? mappingAt(schema, kind)
}

/** What the reader warns of at the key of an example, as a sentence; null when it says nothing there. */
export function remarkOn(wanted: Example): string | null {
  const { problems } = parseOne(documentWith(wanted), { namespace: 'MASTER' })
  const path = new RegExp(String.raw`(?:^|\.)${wanted.key}$`)
  const remark = problems.find((problem) => problem.severity === 'warning' && path.test(problem.path))
  const said = remark?.message.replace(new RegExp(String.raw`^(?:\w+\.)*${wanted.key}:? `), '')
  return said === undefined ? null : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`
}
