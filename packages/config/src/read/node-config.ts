import { isIdentifier, type NodeSpec } from '@tron/model'
import { z } from 'zod'
import { checkShape } from '../problems/check-shape.ts'
import { didYouMean } from '../problems/near-miss.ts'
import type { ProblemList } from '../problems/problem-list.ts'
import { isNodeName, nodeReference, objectOf, wholeNumber } from '../schema/values.ts'
import { items, type Located, member, type Place, textOf } from '../yaml/located.ts'
import { type NamedEntry, namedEntries } from './named-entries.ts'

const HOST = 'a hostname or address without blanks'
const USER = 'the name of a login without blanks'
const EXECUTOR = 'the name of an executor of the daemon, such as ssh or local'
const anyName = z.unknown().optional()

const nodeSchema = objectOf({
  name: anyName,
  hostname: z.string({ error: HOST }).regex(/^[^\s-]\S*$/, { error: HOST }),
  username: z
    .string({ error: USER })
    .regex(/^[^\s-]\S*$/, { error: USER })
    .optional(),
  port: wholeNumber(1, 65_535).default(22),
  executor: z.string({ error: EXECUTOR }).refine(isIdentifier, { error: EXECUTOR }).default('ssh'),
})

const poolSchema = objectOf({
  name: anyName,
  nodes: z
    .array(nodeReference, { error: 'a list of nodes' })
    .min(1, { error: 'a list of at least one node' }),
})

/** The nodes and pools of MASTER, and every name that jobs may refer to, also of those that have faults of their own. */
export interface NodeConfig {
  readonly nodes: Readonly<Record<string, NodeSpec>>
  readonly pools: Readonly<Record<string, readonly string[]>>
  readonly names: ReadonlySet<string>
}

/** Reads `nodes` and `node_pools`. Without `nodes` there is one, this machine. */
export function readNodes(master: Place, daemonUser: string, problems: ProblemList): NodeConfig {
  const nodesPlace = member(master, 'nodes')
  const nodeEntries = nodesPlace === undefined ? [] : namedEntries(nodesPlace, NODES, problems)
  const nodes = nodeEntries.flatMap((entry) => readNode(entry, daemonUser, problems))
  if (nodesPlace === undefined)
    nodes.push(spec({ hostname: 'localhost', port: 22, executor: 'ssh' }, 'localhost', daemonUser))
  const nodeNames = new Set([...nodeEntries.map(({ name }) => name), ...nodes.map(({ name }) => name)])
  const poolsPlace = member(master, 'node_pools')
  const poolEntries = poolsPlace === undefined ? [] : namedEntries(poolsPlace, POOLS, problems)
  const pools = poolEntries.flatMap((entry) => readPool(entry, nodeNames, problems))
  return {
    nodes: Object.fromEntries(nodes.map((node) => [node.name, node])),
    pools: Object.fromEntries(pools),
    names: new Set([...nodeNames, ...poolEntries.map(({ name }) => name)]),
  }
}

const ACCEPTED = 'letters, digits, _, - and dots'

const NODES = {
  what: 'a node',
  accepts: isNodeName,
  accepted: ACCEPTED,
  implied: (located: Located) => {
    if (located.kind === 'map') return textOf(located.entries.get('hostname')?.value)
    return textOf(located)
  },
}

const POOLS = {
  what: 'a pool',
  accepts: isNodeName,
  accepted: ACCEPTED,
  implied: (located: Located) => {
    const list = located.kind === 'map' ? located.entries.get('nodes')?.value : undefined
    const names = list?.kind === 'list' ? list.items.map((item) => textOf(item) ?? '') : []
    return names.length === 0 ? undefined : names.join('_')
  },
}

function readNode(entry: NamedEntry, daemonUser: string, problems: ProblemList): readonly NodeSpec[] {
  if (entry.place.located.kind === 'scalar') {
    return [spec({ hostname: entry.name, port: 22, executor: 'ssh' }, entry.name, daemonUser)]
  }
  const raw = checkShape(nodeSchema, entry.place, problems)
  return raw === null ? [] : [spec(raw, entry.name, daemonUser)]
}

function spec(
  raw: Pick<NodeSpec, 'hostname' | 'port' | 'executor'> & { readonly username?: string | undefined },
  name: string,
  daemonUser: string,
): NodeSpec {
  const { hostname, port, executor, username = daemonUser } = raw
  return { name, hostname, username, port, executor }
}

function readPool(
  { name, nameAt, place }: NamedEntry,
  nodeNames: ReadonlySet<string>,
  problems: ProblemList,
): readonly (readonly [string, readonly string[]])[] {
  if (nodeNames.has(name))
    problems.error({ at: nameAt, path: place.path }, `"${name}" is the name of a node; a pool needs another`)
  const raw = checkShape(poolSchema, place, problems)
  if (raw === null) return []
  const list = member(place, 'nodes')
  for (const item of list === undefined ? [] : items(list)) {
    const node = textOf(item.located)
    if (node !== undefined && !nodeNames.has(node)) {
      const message = `the pool "${name}" names "${node}", which is not a node${didYouMean(node, nodeNames)}`
      problems.error({ at: item.located.at, path: item.path }, message)
    }
  }
  return [[name, raw.nodes]]
}
