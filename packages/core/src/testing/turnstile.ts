/** Gives answers back one at a time, in the order in which they were asked for, however long each took. */
export interface Turnstile {
  inTurn<T>(call: () => Promise<T>): Promise<T>
  /** Resolves when nothing happens any more without time going on. */
  settle(): Promise<void>
}

interface Entry {
  ready: boolean
  readonly release: () => void
}

export function createTurnstile(): Turnstile {
  const entries: Entry[] = []
  return {
    async inTurn(call) {
      const gate = Promise.withResolvers<void>()
      const entry: Entry = { ready: false, release: gate.resolve }
      entries.push(entry)
      try {
        return await call()
      } finally {
        entry.ready = true
        await gate.promise
      }
    },
    async settle() {
      for (;;) {
        const waiting = entries[0]?.ready === false
        await new Promise<void>((resolve) => {
          // What waits for a thread or a disk needs the event loop to turn; all else is done when the microtasks are, which costs far less.
          if (waiting) setImmediate(resolve)
          else process.nextTick(resolve)
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
