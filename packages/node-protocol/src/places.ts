/** A fixed number of places: resolves, in order of asking, with what frees the place again. */
export function createPlaces(count: number): (signal: AbortSignal) => Promise<() => void> {
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
  return (signal) =>
    new Promise((resolve, reject) => {
      signal.throwIfAborted()
      if (free > 0) {
        free -= 1
        resolve(once())
        return
      }
      const abort = (): void => {
        queue.delete(enter)
        reject(signal.reason)
      }
      const enter = (): void => {
        signal.removeEventListener('abort', abort)
        resolve(once())
      }
      queue.add(enter)
      signal.addEventListener('abort', abort, { once: true })
    })
}
