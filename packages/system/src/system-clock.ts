import type { Clock } from '@tron/model'

/** The longest delay a timer of the platform can hold; a longer one would fire at once. */
const LONGEST_MS = 2 ** 31 - 1

/** The time of this machine. Timers run on its monotonic clock, which stands still while the machine is suspended. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  timer,
  sleep,
}

function timer(ms: number, call: () => void): () => void {
  let left = Math.max(0, ms)
  let handle: NodeJS.Timeout
  const arm = (): void => {
    const part = Math.min(left, LONGEST_MS)
    left -= part
    handle = setTimeout(left > 0 ? arm : call, part)
  }
  arm()
  return () => {
    clearTimeout(handle)
  }
}

function sleep(ms: number, options: { readonly signal?: AbortSignal } = {}): Promise<void> {
  const { signal } = options
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const abort = (): void => {
      cancel()
      reject(signal?.reason)
    }
    const cancel = timer(ms, () => {
      signal?.removeEventListener('abort', abort)
      resolve()
    })
    signal?.addEventListener('abort', abort, { once: true })
  })
}
