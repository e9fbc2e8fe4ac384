import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@tron/model'

/** The time of this machine, for tests that go through processes and sockets. All others move a manual clock. */
export const realClock: Clock = {
  nowMs: () => Math.trunc(performance.timeOrigin + performance.now()),
  monotonicMs: () => performance.now(),
  sleep: (ms, { signal } = {}) => rest(ms, signal),
  timer(ms, call) {
    const cancelled = new AbortController()
    rest(ms, cancelled.signal).then(call, () => undefined)
    return () => {
      cancelled.abort()
    }
  },
}

async function rest(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await pause(ms, undefined, signal === undefined ? {} : { signal })
  } catch (error) {
    // Node rejects with an error of its own; the port promises the signal's reason.
    signal?.throwIfAborted()
    throw error
  }
}
