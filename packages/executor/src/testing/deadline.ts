/** A time after which the suite gives up waiting for real commands. */
export interface Deadline extends Disposable {
  /** Aborted when the time is over. */
  readonly signal: AbortSignal
  /** Rejects when the time is over. */
  readonly passed: Promise<never>
}

/** Keeps the process alive until it is disposed or over: whoever waits has nothing else to hold on to. */
export function startDeadline(ms: number, message: string): Deadline {
  const over = new AbortController()
  const passed = Promise.withResolvers<never>()
  // Whoever only listens to the signal does not look at the promise.
  passed.promise.catch(() => undefined)
  const late = (): void => {
    const error = new Error(`${message} within ${ms} ms`)
    over.abort(error)
    passed.reject(error)
  }
  // oxlint-disable-next-line no-restricted-globals -- the suite waits for commands that run in real time, whatever clock their executor has
  const timer = setTimeout(late, ms)
  return {
    signal: over.signal,
    passed: passed.promise,
    [Symbol.dispose]() {
      clearTimeout(timer)
    },
  }
}
