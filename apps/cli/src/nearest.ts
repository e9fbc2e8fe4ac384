/** How much of two texts may differ, as a part of the longer one. */
const TOLERANCE = 0.4

/** The candidates that are like one of the wanted texts, likest first. A candidate may go by several names. */
export function nearest(
  wanted: readonly string[],
  candidates: readonly string[],
  options: { readonly most: number; readonly names: (candidate: string) => readonly string[] },
): readonly string[] {
  return candidates
    .map((candidate) => ({ candidate, difference: leastDifference(wanted, options.names(candidate)) }))
    .filter(({ difference }) => difference <= TOLERANCE)
    .toSorted((a, b) => a.difference - b.difference || (a.candidate < b.candidate ? -1 : 1))
    .slice(0, options.most)
    .map(({ candidate }) => candidate)
}

function leastDifference(texts: readonly string[], names: readonly string[]): number {
  return Math.min(...texts.flatMap((text) => names.map((name) => compare(text, name))))
}

/** From 0, the same but for case, to 1, nothing in common. */
function compare(a: string, b: string): number {
  const longer = Math.max(a.length, b.length)
  // Not worth counting: the lengths alone differ too much.
  if (longer === 0 || Math.abs(a.length - b.length) > longer * TOLERANCE) return 1
  return edits(a.toLowerCase(), b.toLowerCase()) / longer
}

/** Letters to add, remove or replace to make one text of the other. */
function edits(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (const [row, letter] of a.split('').entries()) {
    const current = [row + 1]
    for (const [column, other] of b.split('').entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1)
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1))
    }
    previous = current
  }
  return previous.at(-1) ?? 0
}
