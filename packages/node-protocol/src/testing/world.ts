import type { Book } from './book.ts'
import type { Dice } from './dice.ts'
import type { QuickClock } from './quick-clock.ts'

/** What all parts of one simulation share. */
export interface World {
  readonly clock: QuickClock
  readonly dice: Dice
  readonly book: Book
  /** Whether anything may still go wrong. */
  readonly hasFaults: () => boolean
}
