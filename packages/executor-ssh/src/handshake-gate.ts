/** Lets a few in at once, the rest in the order of their coming. */
export interface HandshakeGate {
  /** Resolves with the function that leaves again, which may be called more than once. @throws the signal's reason when it is aborted first */
  enter(signal: AbortSignal): Promise<() => void>
}

/** Key exchanges are all arithmetic on one thread: many at once make each other late without any being done sooner. */
export function createHandshakeGate(places: number): HandshakeGate {
  let free = places
  const queue: (() => void)[] = []

  const leave = () => {
    const next = queue.shift()
    if (next === undefined) free += 1
    else next()
  }
  const once = () => {
    let inside = true
    return () => {
      if (inside) leave()
      inside = false
    }
  }
  return {
    enter: (signal) =>
      new Promise((resolve, reject) => {
        if (signal.aborted) {
          reject(signal.reason)
          return
        }
        if (free > 0) {
          free -= 1
          resolve(once())
          return
        }
        const comeIn = () => {
          signal.removeEventListener('abort', giveUp)
          resolve(once())
        }
        const giveUp = () => {
          queue.splice(queue.indexOf(comeIn), 1)
          reject(signal.reason)
        }
        queue.push(comeIn)
        signal.addEventListener('abort', giveUp, { once: true })
      }),
  }
}
