/** A fixed number of places. */
export interface Places {
  /** Resolves, in order of asking, with what frees the place again. */
  enter(signal: AbortSignal): Promise<() => void>
  isIdle(): boolean
}

export function createPlaces(count: number): Places {
  const queue = new Set<() => void>()
  let free = count

  const leave = (): void => {
    const [next] = queue
    if (next === undefined) {
      free += 1
      return
    }
    queue.delete(next)
    next()
  }
  const once = (): (() => void) => {
    let isTaken = true
    return () => {
      if (isTaken) leave()
      isTaken = false
    }
  }
  const enter: Places['enter'] = (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        resolve(once())
        return
      }
      const abort = (): void => {
        queue.delete(take)
        reject(signal.reason)
      }
      const take = (): void => {
        signal.removeEventListener('abort', abort)
        resolve(once())
      }
      queue.add(take)
      signal.addEventListener('abort', abort, { once: true })
    })
  return { enter, isIdle: () => free === count }
}
