/** Joins words as people do: `a`, `a and b`, `a, b and c`. */
export function enumerate(words: readonly string[]): string {
  const last = words.at(-1)
  if (last === undefined) return ''
  return words.length === 1 ? last : `${words.slice(0, -1).join(', ')} and ${last}`
}

/** Ascending numbers as words, with three or more that follow each other as `the first to the last`. */
export function enumerateRuns(values: readonly number[], word: (value: number) => string): string {
  return enumerate(
    runsOf(values).flatMap((run) => {
      const [first, last] = [run[0] ?? 0, run.at(-1) ?? 0]
      return run.length < 3 ? run.map(word) : [`${word(first)} to ${word(last)}`]
    }),
  )
}

/** Ascending numbers, cut where one does not follow the other. */
export function runsOf(values: readonly number[]): readonly (readonly number[])[] {
  const runs: number[][] = []
  for (const value of values) {
    const run = runs.at(-1)
    if (run !== undefined && run.at(-1) === value - 1) run.push(value)
    else runs.push([value])
  }
  return runs
}

/** The distance between neighbours where it is the same for all of three or more ascending numbers, else null. */
export function stepOf(values: readonly number[]): number | null {
  const [first, second] = values
  if (first === undefined || second === undefined || values.length < 3) return null
  const step = second - first
  return values.every((value, index) => value === first + index * step) ? step : null
}
