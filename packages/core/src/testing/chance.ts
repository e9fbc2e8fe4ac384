/**
 * Chance by name: the same seed and names give the same number in [0, 1), whatever else was drawn before. So a plan that is made shorter keeps the rest as it was.
 */
export function chance(seed: number, ...names: readonly (string | number)[]): number {
  return numberOf(hashOf(seed, names))
}

/** What follows `chance(seed, ...names, name)` for many a name: the names before it are hashed once. */
export function chances(
  seed: number,
  ...names: readonly (string | number)[]
): (name: string | number) => number {
  const stem = hashOf(seed, names)
  return (name) => numberOf(mix(stem, name))
}

function hashOf(seed: number, names: readonly (string | number)[]): number {
  return names.reduce<number>(mix, (seed ^ 0x9e3779b9) >>> 0)
}

function mix(before: number, name: string | number): number {
  const text = String(name)
  let hash = before
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193) >>> 0
  return Math.imul(hash ^ (hash >>> 13), 0x5bd1e995) >>> 0
}

function numberOf(mixed: number): number {
  let hash = mixed ^ (mixed >>> 16)
  hash = Math.imul(hash, 0x85ebca6b)
  hash ^= hash >>> 13
  hash = Math.imul(hash, 0xc2b2ae35)
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32
}

/** Draws from a named stream: each call is another number of it. */
export interface Draw {
  /** In [0, 1). */
  next(): number
  /** A whole number in [from, to). */
  whole(from: number, to: number): number
  /** One of a list that is not empty. */
  pick<T>(list: readonly [T, ...T[]]): T
  /** True as often as `probability` says. */
  often(probability: number): boolean
}

export function drawsOf(seed: number, name: string): Draw {
  const stream = chances(seed, name)
  let count = 0
  const next = (): number => {
    count += 1
    return stream(count)
  }
  const whole = (from: number, to: number): number => from + Math.floor(next() * (to - from))
  return {
    next,
    whole,
    pick: (list) => list[whole(0, list.length)] ?? list[0],
    often: (probability) => next() < probability,
  }
}
