import type { Clock } from '@tron/model'

/** Time that passes by itself; the contract may not import the adapter that the daemon uses. */
export const realClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleep: (ms) =>
    new Promise((resolve) => {
      setTimeout(resolve, ms)
    }),
  timer(ms, call) {
    const handle = setTimeout(call, ms)
    return () => {
      clearTimeout(handle)
    }
  },
}
