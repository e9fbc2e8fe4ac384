import type { NodeSpec } from '@tron/model'
import { checkShape } from '../problems/check-shape.ts'
import type { ProblemList } from '../problems/problem-list.ts'
import { acceptedHost, isHostName, mendedHost } from '../schema/host-name.ts'
import { nodeSchema, poolSchema } from '../schema/node.ts'
import { isNodeName } from '../schema/values.ts'
import { items, type Located, member, type Place, textOf } from '../yaml/located.ts'
import type { MasterDefaults } from './master-config.ts'
import { type NamedEntries, type NamedEntry, namedEntries } from './named-entries.ts'

/** The nodes and pools of MASTER. */
export interface NodeConfig {
  readonly nodes: Readonly<Record<string, NodeSpec>>
  readonly pools: Readonly<Record<string, readonly string[]>>
  /** Every name that jobs may refer to, also of those that have faults of their own; null when nobody can tell. */
  readonly names: ReadonlySet<string> | null
  /** By node or pool, why what runs there is held. */
  readonly heldByNode: ReadonlyMap<string, readonly string[]>
}

/** Reads `nodes` and `node_pools`. Without `nodes` there is one, this machine. */
export function readNodes(master: Place, defaults: MasterDefaults, problems: ProblemList): NodeConfig {
  const nodesPlace = member(master, 'nodes')
  const { entries, names: nodeNames } =
    nodesPlace === undefined ? absent(master, ['localhost']) : namedEntries(nodesPlace, NODES, problems)
  const nodes = entries.flatMap((entry) => readNode(entry, defaults.daemonUser, problems))
  if (nodesPlace === undefined)
    nodes.push(spec({ hostname: 'localhost', port: 22, executor: 'ssh' }, 'localhost', defaults.daemonUser))
  const poolsPlace = member(master, 'node_pools')
  const { entries: poolEntries, names: poolNames } =
    poolsPlace === undefined ? absent(master, []) : namedEntries(poolsPlace, POOLS, problems)
  const pools = poolEntries.flatMap((entry) => readPool(entry, nodeNames, problems))
  return {
    nodes: Object.fromEntries(nodes.map((node) => [node.name, node])),
    pools: Object.fromEntries(pools),
    names: nodeNames && poolNames && new Set([...nodeNames, ...poolNames]),
    heldByNode: withPools(unreachable(nodes, { entries, defaults, problems }), pools),
  }
}

/** What a key that MASTER does not have stands for. */
function absent(master: Place, names: readonly string[]): NamedEntries {
  return { entries: [], names: master.located.isFaulty ? null : new Set(names) }
}

interface NodesRead {
  readonly entries: readonly NamedEntry[]
  readonly defaults: MasterDefaults
  readonly problems: ProblemList
}

/** Those that every daemon has. */
const SHIPPED: readonly string[] = ['ssh', 'local']

/** Nodes whose executor the daemon does not have, with a warning at each. Where nobody knows its executors, there is only the warning. */
function unreachable(
  nodes: readonly NodeSpec[],
  { entries, defaults, problems }: NodesRead,
): ReadonlyMap<string, readonly string[]> {
  const { executors = SHIPPED } = defaults
  const without = nodes.filter(({ executor }) => !executors.includes(executor))
  for (const { name, executor } of without) {
    const place = entries.find((entry) => entry.name === name)?.place
    const found = place && (member(place, 'executor') ?? place)
    const near = problems.near.didYouMean(executor, executors)
    const message =
      defaults.executors === undefined
        ? `executor: "${executor}" is neither ssh nor local${near}; jobs on this node are held unless the daemon's settings name it`
        : `executor: no executor named "${executor}" is configured${near}; jobs on this node are held`
    if (found !== undefined) problems.warning({ at: found.located.at, path: found.path }, message)
  }
  if (defaults.executors === undefined) return new Map()
  return new Map(
    without.map(({ name, executor }) => [
      name,
      [`node ${name}: no executor named "${executor}" is configured`],
    ]),
  )
}

function withPools(
  held: ReadonlyMap<string, readonly string[]>,
  pools: readonly (readonly [string, readonly string[]])[],
): ReadonlyMap<string, readonly string[]> {
  if (held.size === 0) return held
  const ofPools = pools.map(
    ([name, nodes]) => [name, [...new Set(nodes.flatMap((node) => held.get(node) ?? []))]] as const,
  )
  return new Map([...held, ...ofPools])
}

const ACCEPTED = 'letters, digits, _, - and dots'

const NODES = {
  what: 'a node',
  accepts: isNodeName,
  accepted: ACCEPTED,
  keys: { all: new Set(Object.keys(nodeSchema.shape)), telling: ['name', 'hostname'] },
  mend: mendedHost,
  implied: (located: Located) => {
    if (located.kind !== 'map') return textOf(located)
    const host = textOf(located.entries.get('hostname')?.value)
    return host !== undefined && isHostName(host) ? host : null
  },
}

const POOLS = {
  what: 'a pool',
  accepts: isNodeName,
  accepted: ACCEPTED,
  keys: { all: new Set(Object.keys(poolSchema.shape)), telling: ['name', 'nodes'] },
  implied: (located: Located) => {
    if (located.kind !== 'map') return undefined
    const list = located.entries.get('nodes')?.value
    const names = list?.kind === 'list' ? list.items.map((item) => textOf(item) ?? '') : []
    return names.length > 0 && names.every(isNodeName) ? names.join('_') : null
  },
}

function readNode(entry: NamedEntry, daemonUser: string, problems: ProblemList): readonly NodeSpec[] {
  const { located, path } = entry.place
  if (located.kind === 'scalar') {
    // A name that is none has been told to be no hostname.
    if (entry.isNamed && !isHostName(entry.name)) {
      const message = `found "${entry.name}", expected ${acceptedHost(entry.name)}`
      problems.error({ at: located.at, path }, message)
    }
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
  nodeNames: ReadonlySet<string> | null,
  problems: ProblemList,
): readonly (readonly [string, readonly string[]])[] {
  if (nodeNames?.has(name))
    problems.error({ at: nameAt, path: place.path }, `"${name}" is the name of a node; a pool needs another`)
  const raw = checkShape(poolSchema, place, problems)
  const list = member(place, 'nodes')
  for (const item of list === undefined ? [] : items(list)) {
    const node = textOf(item.located)
    // What no node can be called has been told already.
    if (node === undefined || nodeNames === null || nodeNames.has(node) || !isNodeName(node)) continue
    problems.error(
      { at: item.located.at, path: item.path },
      () =>
        `the pool "${name}" names "${node}", which is not a node${problems.near.didYouMean(node, nodeNames)}`,
    )
  }
  return raw === null ? [] : [[name, raw.nodes]]
}
