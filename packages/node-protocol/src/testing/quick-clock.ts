import type { Clock } from '@tron/model'

/** A clock that goes from one timer to the next, as fast as the program can follow. */
export interface QuickClock extends Clock {
  /** Moves on to the earliest timer and calls it. @returns whether there was one */
  step(): boolean
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly call: () => void
}

/** Any instant that is nobody's special case: 5 January 2026, in UTC. */
const START_MS = 1_767_571_200_000

/** Timers of one instant are called in the order in which they were set. */
export function createQuickClock(): QuickClock {
  const timers = new Set<Timer>()
  let now = 0
  let order = 0

  const earliest = (): Timer | null => {
    let found: Timer | null = null
    for (const timer of timers) {
      if (found === null || timer.at < found.at || (timer.at === found.at && timer.order < found.order)) {
        found = timer
      }
    }
    return found
  }
  const timer = (ms: number, call: () => void): (() => void) => {
    order += 1
    const entry = { at: now + Math.max(0, ms), order, call }
    timers.add(entry)
    return () => {
      timers.delete(entry)
    }
  }
  return {
    nowMs: () => START_MS + Math.trunc(now),
    monotonicMs: () => now,
    timer,
    sleep: (ms, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          cancel()
          reject(signal?.reason)
        }
        const cancel = timer(ms, () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        })
        if (signal?.aborted === true) abort()
        else signal?.addEventListener('abort', abort, { once: true })
      }),
    step() {
      const next = earliest()
      if (next === null) return false
      timers.delete(next)
      now = next.at
      next.call()
      return true
    },
  }
}

/** Lets all run that is ready: streams and promises need no more than one turn of the event loop, since nothing here waits for the outside. */
export function settleTurn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
