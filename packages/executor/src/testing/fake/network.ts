/** How one call to a node went: it never left, nobody knows whether it arrived, or here is the answer. */
export type Delivery<T> =
  | { readonly way: 'unsent' }
  | { readonly way: 'lost' }
  | { readonly way: 'answered'; readonly answer: T }

/** The wires between executors and nodes, and what tests do to them. Starts, revokes and releases are the requests that get lost or held. */
export interface FakeNetwork {
  isReachable(node: string): boolean
  setReachable(node: string, reachable: boolean): void
  /** The next requests arrive at the node, but nobody hears the answer: start rejects, revoke answers `unreachable`. */
  loseReplies(node: string, count: number): void
  /** The next requests look sent but never arrive. */
  loseRequests(node: string, count: number): void
  /** Requests wait on the wire until the returned function is called; one that was aborted meanwhile still arrives then. */
  hold(node: string): () => void
  /** For executors: brings a request to a node. The signal ends the waiting for it, not the request. */
  deliver<T>(node: string, act: () => T, signal: AbortSignal): Promise<Delivery<T>>
}

interface Wire {
  reachable: boolean
  repliesToLose: number
  requestsToLose: number
  /** Resolves when requests may go on; null when they may. */
  held: Promise<void> | null
}

/** @param onChange called when a node became reachable or unreachable */
export function createFakeNetwork(onChange: () => void): FakeNetwork {
  const wires = new Map<string, Wire>()
  const wireTo = (node: string): Wire => {
    const known = wires.get(node) ?? { reachable: true, repliesToLose: 0, requestsToLose: 0, held: null }
    wires.set(node, known)
    return known
  }

  return {
    isReachable: (node) => wireTo(node).reachable,
    setReachable(node, reachable) {
      wireTo(node).reachable = reachable
      onChange()
    },
    loseReplies(node, count) {
      wireTo(node).repliesToLose += count
    },
    loseRequests(node, count) {
      wireTo(node).requestsToLose += count
    },
    hold(node) {
      const wire = wireTo(node)
      const gate = Promise.withResolvers<void>()
      wire.held = gate.promise
      return () => {
        wire.held = null
        gate.resolve()
      }
    },
    async deliver(node, act, signal) {
      const wire = wireTo(node)
      if (!wire.reachable) return { way: 'unsent' }
      if (wire.requestsToLose > 0) {
        wire.requestsToLose -= 1
        return { way: 'lost' }
      }
      if (wire.held === null) return reply(wire, act)
      const late = wire.held.then(() => reply(wire, act))
      return Promise.race([late, aborted(signal)])
    },
  }
}

function reply<T>(wire: Wire, act: () => T): Delivery<T> {
  const answer = act()
  if (wire.repliesToLose === 0) return { way: 'answered', answer }
  wire.repliesToLose -= 1
  return { way: 'lost' }
}

function aborted(signal: AbortSignal): Promise<{ readonly way: 'lost' }> {
  return new Promise((resolve) => {
    const lost = (): void => {
      resolve({ way: 'lost' })
    }
    if (signal.aborted) lost()
    else signal.addEventListener('abort', lost, { once: true })
  })
}
