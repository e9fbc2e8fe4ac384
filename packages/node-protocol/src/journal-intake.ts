import { formatCursor, type JournalPlace, parseCursor } from './cursor.ts'
import type { JournalState } from './spool-access.ts'
import { type JournalEntry, parseJournalLine } from './wire/journal-line.ts'

/** How far the journal of one node has been taken in, over all its connections. */
export interface JournalIntake {
  /** Begins where a cursor says, unless it has begun already. @returns whether it has not */
  resume(cursor: string | undefined): boolean
  /** Whether a journal goes on from where it was left. */
  knows(journal: JournalState): boolean
  /** Takes a journal up: where it was left if `mayGoOn` and it is still that one, else at its end. */
  follow(journal: JournalState, mayGoOn: boolean): { readonly offset: number; readonly isAnew: boolean }
  /** What was heard may not have been the spool's journal: whichever is followed next is not gone on with. */
  lose(): void
  /** What the records say of the time before was told, so that nothing is missed from where it is followed on. */
  caughtUp(): void
  /** Takes in one line. */
  hear(line: string, place: { readonly from: number; readonly to: number }): void
  /** Takes nothing in while something goes on. What came meanwhile comes after it; where it fails, the next connection hears it again. */
  holdBack(work: () => Promise<void>): Promise<void>
  /** A cursor that covers all that was taken in, but nothing from the place on that is still needed; none while the records are still to be told. */
  cursor(neededFrom: number | null): string
}

/** More lines than this are not kept back, whatever becomes of the order. */
const MAX_HELD = 20_000

export function createJournalIntake(
  take: (entry: JournalEntry, place: { readonly from: number }) => void,
): JournalIntake {
  return new Intake(take)
}

class Intake implements JournalIntake {
  readonly #take: (entry: JournalEntry, place: { readonly from: number }) => void
  /** Null before the first connection. */
  #place: JournalPlace | null = null
  #isLost = false
  #isBehind = false
  #holders = 0
  #held: (() => void)[] = []

  constructor(take: (entry: JournalEntry, place: { readonly from: number }) => void) {
    this.#take = take
  }

  resume(cursor: string | undefined): boolean {
    if (this.#place !== null) return false
    this.#place = parseCursor(cursor)
    return true
  }

  knows({ generation, size }: JournalState): boolean {
    if (this.#isLost || this.#place === null) return false
    return this.#place.generation === generation && this.#place.offset <= size
  }

  caughtUp(): void {
    this.#isBehind = false
  }

  lose(): void {
    this.#isLost = true
  }

  follow({ generation, size }: JournalState, mayGoOn: boolean): { offset: number; isAnew: boolean } {
    const place = this.#place
    const goesOn = mayGoOn && place?.generation === generation
    this.#place = goesOn ? place : { generation, offset: size }
    this.#isLost = false
    this.#isBehind ||= !goesOn
    return { offset: this.#place.offset, isAnew: !goesOn }
  }

  hear(line: string, place: { readonly from: number; readonly to: number }): void {
    const take = (): void => {
      if (this.#place === null) return
      const entry = parseJournalLine(line)
      if (entry !== null) this.#take(entry, place)
      this.#place = { ...this.#place, offset: place.to }
    }
    if (this.#holders === 0) take()
    else if (this.#held.push(take) >= MAX_HELD) this.#takeHeld()
  }

  async holdBack(work: () => Promise<void>): Promise<void> {
    this.#holders += 1
    try {
      await work()
      if (this.#holders === 1) this.#takeHeld()
    } finally {
      this.#holders -= 1
      if (this.#holders === 0) this.#held = []
    }
  }

  cursor(neededFrom: number | null): string {
    if (this.#place === null || this.#isBehind) return ''
    const { generation, offset } = this.#place
    return formatCursor({ generation, offset: Math.min(offset, neededFrom ?? offset) })
  }

  #takeHeld(): void {
    for (const take of this.#held.splice(0)) take()
  }
}
