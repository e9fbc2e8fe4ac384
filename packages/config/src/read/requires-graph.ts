/** More circles of one group of actions nobody reads, and all there are can be very many. */
const MOST_CYCLES = 20

/**
 * The circles of actions that require one another, each action of one in order: every requirement that is part of any stands in one of them, but for
 * those beyond the most that are told of one group. Names that are no actions lead nowhere.
 */
export function findCycles(requires: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  if (leadsBackOnly(requires)) return []
  const groupOf = cyclesOf(requires)
  const groups = Map.groupBy(requires.keys(), groupOf)
  return [...groups].flatMap(([group, names]) => {
    if (group === null) return []
    const within = names.map((name) => {
      const others = requires.get(name) ?? []
      return [name, others.filter((other) => groupOf(other) === group)] as const
    })
    return cyclesIn(new Map(within))
  })
}

/** Whether every requirement is of an action above, as most are written: then there can be no circle, and no search for one is needed. */
function leadsBackOnly(requires: ReadonlyMap<string, readonly string[]>): boolean {
  const above = new Set<string>()
  for (const [name, others] of requires) {
    for (const other of others) if (!above.has(other) && requires.has(other)) return false
    above.add(name)
  }
  return true
}

/** The cycles of a group whose members can all be reached from one another. */
function cyclesIn(group: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const cycles: (readonly string[])[] = []
  const told = new Set<string>()
  for (const [name, others] of group) {
    for (const other of others) {
      if (told.has(`${name} ${other}`)) continue
      if (cycles.length === MOST_CYCLES) return cycles
      const cycle = [name, ...wayBetween(other, name, group)]
      cycle.forEach((from, index) => told.add(`${from} ${cycle[index + 1] ?? name}`))
      cycles.push(cycle)
    }
  }
  return cycles
}

/** The shortest way that there is, without its end. */
function wayBetween(
  start: string,
  end: string,
  graph: ReadonlyMap<string, readonly string[]>,
): readonly string[] {
  const before = new Map<string, string | null>([[start, null]])
  for (const node of before.keys()) {
    if (node === end) break
    for (const next of graph.get(node) ?? []) if (!before.has(next)) before.set(next, node)
  }
  const way: string[] = []
  for (let at = before.get(end) ?? null; at !== null; at = before.get(at) ?? null) way.push(at)
  return way.toReversed()
}

/**
 * Tells which nodes of a graph can be reached from themselves: those that reach one another get the same number, all others null. Linear, and
 * without recursion.
 */
export function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): (node: string) => number | null {
  const search = createComponentSearch(graph)
  for (const start of graph.keys()) search.visit(start)
  return (node) => search.components.get(node) ?? null
}

interface ComponentSearch {
  visit(start: string): void
  readonly components: ReadonlyMap<string, number>
}

/** Tarjan's search for strongly connected components; a node alone counts only when it leads to itself. */
function createComponentSearch(graph: ReadonlyMap<string, readonly string[]>): ComponentSearch {
  const order = new Map<string, number>()
  const low = new Map<string, number>()
  const open: string[] = []
  const isOpen = new Set<string>()
  const components = new Map<string, number>()
  const enter = (node: string) => {
    order.set(node, order.size)
    low.set(node, order.size - 1)
    open.push(node)
    isOpen.add(node)
    return { node, next: 0 }
  }
  const lower = (node: string, to: number) => low.set(node, Math.min(low.get(node) ?? to, to))
  const close = (node: string) => {
    if (low.get(node) !== order.get(node)) return
    const members = open.splice(open.lastIndexOf(node))
    for (const member of members) isOpen.delete(member)
    if (members.length === 1 && !(graph.get(node) ?? []).includes(node)) return
    for (const member of members) components.set(member, order.get(node) ?? 0)
  }
  const visit = (start: string) => {
    if (order.has(start)) return
    const path = [enter(start)]
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const target = (graph.get(top.node) ?? [])[top.next]
      top.next += 1
      if (target === undefined) {
        close(top.node)
        path.pop()
        const below = path.at(-1)
        if (below !== undefined) lower(below.node, low.get(top.node) ?? 0)
      } else if (!order.has(target) && graph.has(target)) {
        path.push(enter(target))
      } else if (isOpen.has(target)) {
        lower(top.node, order.get(target) ?? 0)
      }
    }
  }
  return { visit, components }
}
