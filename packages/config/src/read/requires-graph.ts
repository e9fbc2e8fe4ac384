/** A cycle of each group of actions that require one another, its actions in order. Names that are no actions lead nowhere. */
export function findCycles(requires: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const groupOf = cyclesOf(requires)
  const groups = Map.groupBy(requires.keys(), groupOf)
  return [...groups].flatMap(([group, names]) => {
    if (group === null) return []
    const cycle = findCycle(new Map(names.map((name) => [name, requires.get(name) ?? []])))
    return cycle === null ? [] : [cycle]
  })
}

function findCycle(requires: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
  const done = new Set<string>()
  for (const start of requires.keys()) {
    const cycle = searchFrom(start, requires, done)
    if (cycle !== null) return cycle
  }
  return null
}

/** Walks without recursion: chains may be long. `done` are actions from which no cycle can be reached. */
function searchFrom(
  start: string,
  requires: ReadonlyMap<string, readonly string[]>,
  done: Set<string>,
): readonly string[] | null {
  const path = [{ name: start, next: 0 }]
  const onPath = new Map([[start, 0]])
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const required = done.has(top.name) ? undefined : requires.get(top.name)?.[top.next]
    top.next += 1
    if (required === undefined) {
      done.add(top.name)
      onPath.delete(top.name)
      path.pop()
      continue
    }
    const from = onPath.get(required)
    if (from !== undefined) return path.slice(from).map(({ name }) => name)
    if (!requires.has(required) || done.has(required)) continue
    onPath.set(required, path.length)
    path.push({ name: required, next: 0 })
  }
  return null
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
