import type { Client } from 'ssh2'

/** The end of a connection, seen once however many ways it shows itself. */
export interface ConnectionEnd {
  /** What ended it; undefined while it lives. */
  cause(): Error | undefined
  /** Calls once with what ended it, at once if it has; returns the function that stops listening. */
  listen(call: (cause: Error) => void): () => void
}

/**
 * The one place that listens to a connection's errors. There may be several of them, also after it was given up, so it must be called
 * before `connect` and stays for good.
 * @param note told of errors that end no connection: an agent that does not answer, a key that cannot sign
 */
export function watchEnd(client: Client, note: (error: Error) => void): ConnectionEnd {
  let cause: Error | undefined
  const listeners = new Set<(cause: Error) => void>()
  const end = (error: Error) => {
    if (cause !== undefined) return
    cause = error
    const told = [...listeners]
    listeners.clear()
    for (const listener of told) listener(error)
  }
  client.on('error', (error) => {
    if (error.level === 'agent' || /^Error (while )?signing/.test(error.message)) note(error)
    else end(error)
  })
  client.on('close', () => {
    end(new Error('the connection was closed'))
  })
  return {
    cause: () => cause,
    listen(call) {
      if (cause === undefined) listeners.add(call)
      else call(cause)
      return () => {
        listeners.delete(call)
      }
    },
  }
}
