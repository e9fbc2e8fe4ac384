const UNITS = [
  [86_400_000, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
] as const

/** A length of time in the largest unit that fits, such as `90 minutes`. */
export function lengthInWords(ms: number): string {
  const [unitMs, unit] = UNITS.find(([length]) => ms % length === 0) ?? [1000, 'second']
  const count = ms / unitMs
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
