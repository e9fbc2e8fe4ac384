/** Counts what happened, by name. */
export interface Coverage {
  add(name: string): void
  readonly counts: ReadonlyMap<string, number>
}

export function createCoverage(): Coverage {
  const counts = new Map<string, number>()
  return {
    counts,
    add(name) {
      counts.set(name, (counts.get(name) ?? 0) + 1)
    },
  }
}
