import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { messageOf } from '@tron/model'
import type { SshAddress } from './address.ts'

/**
 * Opens a TCP connection and waits for the server's first words, so that a host that answers and then says nothing holds nobody else up.
 * Without `noDelay` each request would wait 44 ms for an acknowledgement, since a packet is sent in several small writes.
 * @throws the signal's reason, or the socket's error
 */
export async function openSocket({ host, port }: SshAddress, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted()
  const socket = connect({ host, port, noDelay: true })
  // Later errors end the socket, which whoever uses it sees; without a listener they would end the process.
  socket.on('error', () => undefined)
  try {
    await once(socket, 'connect', { signal })
    await once(socket, 'readable', { signal })
    return socket
  } catch (error) {
    socket.destroy()
    signal.throwIfAborted()
    throw error
  }
}

/**
 * Takes what arrived first out of a socket and puts it back: the greeting of an SSH server, or its complaint.
 * @throws as ssh2 would when there is nothing, since it would wait for ever for a socket that has ended before it came
 */
export function peek(socket: Socket): string {
  const first: unknown = socket.read()
  if (!(first instanceof Buffer)) throw new Error('Connection lost before handshake')
  socket.unshift(first)
  return first.toString('latin1', 0, 200).trim()
}

/** Why a TCP connection failed, in words. */
export function socketTrouble(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  switch (code) {
    case 'ECONNREFUSED':
      return 'nothing listens there'
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'its name cannot be resolved'
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no route to it'
    case 'ECONNRESET':
      return 'it broke the connection off'
    default:
      return messageOf(error)
  }
}
