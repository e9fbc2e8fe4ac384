import type { Clock } from '@tron/model'
import { realClock } from '@tron/testkit'

/** How long a round of upkeep is, and how long a launch may be silent; everything else waits shorter or longer. */
const UPKEEP_MS = 5_000
const BELL_MS = 15_000
const DAY_MS = 24 * 3_600_000

export interface HurriedClock {
  readonly clock: Clock
  /** Makes the next round of upkeep come now; after `days` more than the clock says. @returns how many came: none while one is under way */
  hurry(days?: number): number
  /** Whoever waits for a launch to be told has waited long enough. */
  silence(): void
}

/** The real time, but rounds of upkeep come when they are called for, and only then; and a launch is silent for too long as soon as that is wanted. */
export function createHurriedClock(): HurriedClock {
  const rounds = new Set<() => void>()
  const bells = new Set<() => void>()
  let aheadMs = 0
  const timer: Clock['timer'] = (ms, call) => {
    if (ms === UPKEEP_MS) {
      rounds.add(call)
      return () => rounds.delete(call)
    }
    if (ms === BELL_MS) bells.add(call)
    const cancel = realClock.timer(ms, call)
    return () => {
      bells.delete(call)
      cancel()
    }
  }
  return {
    clock: { ...realClock, timer, monotonicMs: () => realClock.monotonicMs() + aheadMs },
    hurry(days = 0) {
      aheadMs += days * DAY_MS
      return callAll(rounds)
    },
    silence: () => {
      callAll(bells)
    },
  }
}

/** What they call for next has to wait. */
function callAll(calls: Set<() => void>): number {
  const due = [...calls]
  calls.clear()
  for (const call of due) call()
  return due.length
}
