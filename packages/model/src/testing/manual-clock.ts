import type { Clock } from '../ports.ts'

/** A clock that only moves when told to. Wall time and monotonic time move together, but for `jump`. */
export interface ManualClock extends Clock {
  /** Moves both times on, calling what is due in order and letting what that starts settle in between. */
  advance(ms: number): Promise<void>
  /** Sets the wall time alone, as an operator or NTP would. No timer is due because of it. */
  jump(ms: number): void
  /** Milliseconds until the next timer; null when there is none. */
  untilNextMs(): number | null
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly call: () => void
}

/** @param startMs the wall time to begin with, milliseconds since the epoch; the midnight of 5 January 2026 in UTC by default */
export function createManualClock(startMs: number = 1_767_571_200_000): ManualClock {
  let wallMs = startMs
  let monotonic = 0
  let order = 0
  const timers = new Set<Timer>()

  const earliest = () => [...timers].toSorted((a, b) => a.at - b.at || a.order - b.order)[0]

  const timer = (ms: number, call: () => void) => {
    order += 1
    const entry = { at: monotonic + Math.max(0, ms), order, call }
    timers.add(entry)
    return () => {
      timers.delete(entry)
    }
  }

  const moveTo = (at: number) => {
    wallMs += at - monotonic
    monotonic = at
  }

  return {
    nowMs: () => Math.trunc(wallMs),
    monotonicMs: () => monotonic,
    timer,
    sleep: (ms, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const abort = () => {
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
    async advance(ms) {
      const end = monotonic + ms
      await settle()
      for (let next = earliest(); next !== undefined && next.at <= end; next = earliest()) {
        timers.delete(next)
        moveTo(Math.max(next.at, monotonic))
        next.call()
        await settle()
      }
      moveTo(end)
    },
    jump(ms) {
      wallMs += ms
    },
    untilNextMs: () => {
      const next = earliest()
      return next === undefined ? null : next.at - monotonic
    },
  }
}

/** Lets promises and immediates that are ready run, some rounds deep. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve)
    })
  }
}
