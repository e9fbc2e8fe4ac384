/** Gives answers back one at a time, in the order in which they were asked for, however long each took. */
export interface Turnstile {
  inTurn<T>(call: () => Promise<T>): Promise<T>
  /** Resolves when nothing happens any more without time going on. */
  settle(): Promise<void>
}

interface Entry {
  ready: boolean
  /** Resolves when it is ready. */
  readonly readiness: Promise<void>
  readonly release: () => void
}

export function createTurnstile(): Turnstile {
  const entries: Entry[] = []
  return {
    async inTurn(call) {
      const gate = Promise.withResolvers<void>()
      const answered = Promise.withResolvers<void>()
      const entry: Entry = { ready: false, readiness: answered.promise, release: gate.resolve }
      entries.push(entry)
      try {
        return await call()
      } finally {
        entry.ready = true
        answered.resolve()
        await gate.promise
      }
    },
    async settle() {
      for (;;) {
        // What waits for a thread or a disk is waited for; all else is done when the microtasks are.
        if (entries[0]?.ready === false) await entries[0].readiness
        await new Promise<void>((resolve) => {
          process.nextTick(resolve)
        })
        const [first] = entries
        if (first === undefined) return
        if (first.ready) {
          entries.shift()
          first.release()
        }
      }
    },
  }
}
