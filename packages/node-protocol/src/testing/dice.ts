import type { Random } from '@tron/model'
import { createSeededRandom } from '@tron/model/testing'

/** Chance of one part of a simulation, all from its seed. */
export interface Dice extends Random {
  /** Whether something of this probability happens. */
  happens(probability: number): boolean
  /** A whole number from `from` to `to`, both included. */
  between(from: number, to: number): number
  pick<T>(choices: readonly [T, ...T[]]): T
  /** Dice of another part, so that what one part throws does not change what the other gets. */
  fork(): Dice
}

export function createDice(seed: number): Dice {
  const random = createSeededRandom(seed)
  const between = (from: number, to: number): number => from + Math.floor(random.next() * (to - from + 1))
  return {
    ...random,
    between,
    happens: (probability) => random.next() < probability,
    pick: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    fork: () => createDice(Math.floor(random.next() * 2 ** 32)),
  }
}
