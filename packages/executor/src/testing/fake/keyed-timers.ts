import type { Clock } from '@tron/model'

/** Timers by name, at most one for each. */
export interface KeyedTimers {
  has(key: string): boolean
  /** Calls after `ms`, at once for 0 or less; replaces an earlier one of that name. */
  after(key: string, ms: number, call: () => void): void
  cancel(key: string): void
  clear(): void
}

export function createKeyedTimers(clock: Clock): KeyedTimers {
  const cancels = new Map<string, () => void>()
  const cancel = (key: string): void => {
    cancels.get(key)?.()
    cancels.delete(key)
  }
  return {
    cancel,
    has: (key) => cancels.has(key),
    after(key, ms, call) {
      cancel(key)
      if (ms <= 0) {
        call()
        return
      }
      const fire = (): void => {
        cancels.delete(key)
        call()
      }
      cancels.set(key, clock.timer(ms, fire))
    },
    clear() {
      for (const key of cancels.keys()) cancel(key)
    },
  }
}
