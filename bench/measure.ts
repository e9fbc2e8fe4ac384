/** How long the processor was busy with something, which other work on the machine hardly changes; and what came of it. */
export function timed<Value>(work: () => Value): { readonly value: Value; readonly ms: number } {
  const begun = process.threadCpuUsage()
  const value = work()
  const { user, system } = process.threadCpuUsage(begun)
  return { value, ms: (user + system) / 1000 }
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

/** The median and the extremes, with so many digits behind the point. */
export function spread(values: readonly number[], unit: 'ms' | 's', digits: number): string {
  const [middle, least, most] = [median(values), Math.min(...values), Math.max(...values)].map((value) =>
    value.toFixed(digits),
  )
  return `median ${middle} ${unit} [${least}..${most}]`
}
