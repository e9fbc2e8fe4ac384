/** The end of a session, for those that wait for it and for those that do something on it meanwhile. */
export interface SessionEnd {
  /** Resolves with the reason when it is over. */
  readonly closed: Promise<string>
  /** Calls when it is over. @returns what takes that back: a promise keeps all that ever waited for it, as long as the session lives */
  onClosed(call: () => void): () => void
}

export function createSessionEnd(closed: Promise<string>): SessionEnd {
  const calls = new Set<() => void>()
  let isOver = false
  const end = (): void => {
    isOver = true
    for (const call of calls) call()
    calls.clear()
  }
  closed.then(end, end)
  return {
    closed,
    onClosed(call) {
      if (isOver) call()
      else calls.add(call)
      return () => {
        calls.delete(call)
      }
    },
  }
}
