/** The actions of the first cycle that the requirements form, in order, or null. Names that are no actions lead nowhere. */
export function findCycle(requires: ReadonlyMap<string, readonly string[]>): readonly string[] | null {
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
