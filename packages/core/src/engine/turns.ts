/** Lets calls that concern the same follow each other. */
export interface Turns {
  /** Calls when all calls before it that share a key are over, however they ended. */
  take<T>(keys: readonly string[], call: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>()
  return {
    async take(keys, call) {
      const turn = Promise.allSettled(keys.flatMap((key) => last.get(key) ?? [])).then(call)
      for (const key of keys) last.set(key, turn)
      try {
        return await turn
      } finally {
        for (const key of keys) if (last.get(key) === turn) last.delete(key)
      }
    },
  }
}
