import type { Clock } from '@tron/model'
import type { NodeLink } from '@tron/node-protocol'
import type { LoggedIn } from './log-in.ts'
import { openChannel } from './open-channel.ts'
import { createSshChannel } from './ssh-channel.ts'

export interface SshLinkOptions {
  readonly clock: Clock
  /** How long opening a channel may take. */
  readonly openTimeoutMs: number
  /** The node and its address, for errors. */
  readonly name: string
}

/** How long a node may take to answer a farewell. */
const FAREWELL_MS = 1_000

/** A logged-in connection as a link of the node protocol. */
export function createSshLink(login: LoggedIn, options: SshLinkOptions): NodeLink {
  const { client, socket, end } = login
  const { clock, name } = options
  const closed = new Promise<string>((resolve) => {
    end.listen((cause) => {
      // Whatever ended it, nothing of it stays behind.
      socket.destroy()
      resolve(cause.message)
    })
  })
  return {
    closed,
    async open(command, { signal }) {
      const channel = await openChannel(login, { ...options, command, signal })
      return createSshChannel(channel, end)
    },
    async [Symbol.asyncDispose]() {
      if (end.cause() === undefined) {
        client.end()
        const patience = new AbortController()
        const tired = clock.sleep(FAREWELL_MS, { signal: patience.signal }).catch(() => undefined)
        await Promise.race([closed, tired])
        patience.abort(new Error(`${name} said farewell`))
      }
      socket.destroy()
      await closed
    },
  }
}
