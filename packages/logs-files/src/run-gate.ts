/** Keeps the removal of a run and the use of its files apart: users share, a removal is alone. */
export interface RunGate {
  share<T>(run: string, call: () => Promise<T>): Promise<T>
  alone<T>(run: string, call: () => Promise<T>): Promise<T>
}

export function createRunGate(): RunGate {
  const users = new Map<string, Set<Promise<unknown>>>()
  const removals = new Map<string, Promise<unknown>>()

  const waitForRemoval = async (run: string): Promise<void> => {
    for (let removal = removals.get(run); removal !== undefined; removal = removals.get(run)) await removal
  }
  return {
    async share(run, call) {
      await waitForRemoval(run)
      const result = call()
      const sharing = users.get(run) ?? new Set()
      const done = result.catch(() => undefined)
      users.set(run, sharing.add(done))
      try {
        return await result
      } finally {
        sharing.delete(done)
        if (sharing.size === 0 && users.get(run) === sharing) users.delete(run)
      }
    },
    async alone(run, call) {
      await waitForRemoval(run)
      const sharing = users.get(run) ?? new Set<Promise<unknown>>()
      const result = Promise.all(sharing).then(call)
      const done = result.catch(() => undefined).then(() => removals.delete(run))
      removals.set(run, done)
      return result
    },
  }
}
