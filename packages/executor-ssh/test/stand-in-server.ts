import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { realClock } from '@tron/testkit'

/** A server of a test's own; `serve` gets each connection and its number from 1. */
export async function listen(serve: (socket: Socket, number: number) => void) {
  const sockets: Socket[] = []
  let heard = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      heard += 1
    })
    serve(socket, sockets.push(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const bound = server.address()
  const port = typeof bound === 'object' && bound !== null ? bound.port : 0
  return {
    address: `bob@127.0.0.1:${port}`,
    connections: () => sockets.length,
    /** How many connections said something: a client does when its turn has come. */
    heard: () => heard,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

/** What OpenSSH says to a connection beyond MaxStartups before it closes it. */
export const turnAway = (socket: Socket) => socket.end('Exceeded MaxStartups\r\n')
/** What every SSH server says first. */
export const greet = (socket: Socket) => socket.write('SSH-2.0-test\r\n')

/** Real time, in which pauses pass fifty times faster. */
export const hastyClock = {
  ...realClock,
  sleep: (ms: number, options?: { readonly signal?: AbortSignal }) => realClock.sleep(ms / 50, options),
}
