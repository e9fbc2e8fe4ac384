import { createServer, type Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { messageOf, TronError } from '@tron/model'

export interface Address {
  readonly host: string
  readonly port: number
}

/** A server that answers; disposing ends it within a second, whatever its clients do. */
export interface Listening extends AsyncDisposable {
  /** With the port that was really taken. */
  readonly url: string
}

type Fetch = (request: Request) => Response | Promise<Response>

/** What a client that will not let go is given before its connection is cut. */
const CLOSE_MS = 1000

/** Serves on one address. @throws ALREADY_RUNNING when the port is taken, SETTINGS when the address cannot be listened on */
export async function listen(fetch: Fetch, address: Address): Promise<Listening> {
  const answer = getRequestListener(fetch)
  const server = createServer((incoming, outgoing) => {
    void answer(incoming, outgoing) // answers 500 by itself and never rejects
  })
  await bind(server, address)
  return {
    url: urlOf(server.address(), address),
    [Symbol.asyncDispose]: () => close(server),
  }
}

/** Finds out before anything else was started that the port is taken. @throws as listen */
export async function assertFree(address: Address): Promise<void> {
  const server = createServer()
  await bind(server, address)
  await close(server)
}

function bind(server: Server, address: Address): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: Error): void => {
      reject(cannotListen(error, address))
    }
    server.once('error', failed)
    server.listen(address.port, address.host, () => {
      server.off('error', failed)
      resolve()
    })
  })
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const forced = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
    server.close(() => {
      clearTimeout(forced)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function urlOf(bound: ReturnType<Server['address']>, address: Address): string {
  const port = typeof bound === 'object' && bound !== null ? bound.port : address.port
  return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${port}`
}

function cannotListen(error: Error, { host, port }: Address): TronError {
  if ('code' in error && error.code === 'EADDRINUSE') {
    return new TronError('ALREADY_RUNNING', `port ${port} of ${host} is taken by another program`, {
      hint: 'Stop that program, or choose another port with --port.',
      cause: error,
    })
  }
  return new TronError('SETTINGS', `cannot listen on ${host} port ${port}: ${messageOf(error)}`, {
    hint: 'Name an address of this machine with --host and a port you may use with --port.',
    cause: error,
  })
}
