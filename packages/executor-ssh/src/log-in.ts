import type { Socket } from 'node:net'
import { Client } from 'ssh2'
import type { SshAddress } from './address.ts'
import { type ConnectionEnd, watchEnd } from './connection-end.ts'
import type { HostKeyCheck } from './host-key-check.ts'
import type { LoginKeys } from './login-keys.ts'

/** A connection that is logged in. */
export interface LoggedIn {
  readonly client: Client
  readonly socket: Socket
  readonly end: ConnectionEnd
}

export interface LogInOptions {
  readonly address: SshAddress
  readonly keys: LoginKeys
  readonly hostKey: HostKeyCheck
  readonly keepaliveIntervalMs: number
  readonly keepaliveCountMax: number
  readonly signal: AbortSignal
  readonly note: (error: Error) => void
}

/**
 * Exchanges keys and logs in over an open socket, which is destroyed when that fails. It has no time limit of its own: the signal is that.
 * @throws the signal's reason, or ssh2's error
 */
export async function logIn(socket: Socket, options: LogInOptions): Promise<LoggedIn> {
  const client = new Client()
  const end = watchEnd(client, options.note)
  try {
    await ready(client, end, { socket, options })
    return { client, socket, end }
  } catch (error) {
    socket.destroy()
    throw error
  }
}

interface Login {
  readonly socket: Socket
  readonly options: LogInOptions
}

function ready(client: Client, end: ConnectionEnd, { socket, options }: Login): Promise<void> {
  const { address, keys, hostKey, signal } = options
  return new Promise((resolve, reject) => {
    if (socket.destroyed) throw new Error('Connection lost before handshake')
    const giveUp = () => {
      reject(signal.reason)
    }
    signal.addEventListener('abort', giveUp, { once: true })
    const ignoreEnd = end.listen((error) => {
      signal.removeEventListener('abort', giveUp)
      reject(error)
    })
    client.once('ready', () => {
      signal.removeEventListener('abort', giveUp)
      ignoreEnd()
      resolve()
    })
    client.connect({
      sock: socket,
      username: address.user,
      authHandler: [...keys.methods],
      hostVerifier: (key: Buffer) => hostKey.verify(key),
      algorithms: { serverHostKey: [...hostKey.algorithms], compress: ['none'] },
      keepaliveInterval: options.keepaliveIntervalMs,
      keepaliveCountMax: options.keepaliveCountMax,
      // Its own limit would not cover the wait for our turn; ours does.
      readyTimeout: 0,
    })
    if (signal.aborted) giveUp()
  })
}
