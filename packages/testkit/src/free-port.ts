import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * A port that nobody listens on now, on each of the loopback addresses given. Somebody else may take it before you do: whoever listens
 * on it must be ready to ask again.
 */
export async function freePort(hosts: readonly string[] = ['127.0.0.1']): Promise<number> {
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const port = await commonPort(hosts)
    if (port !== undefined) return port
  }
  throw new Error(`found no port that is free on all of ${hosts.join(', ')}`)
}

async function commonPort(hosts: readonly string[]): Promise<number | undefined> {
  const servers: Server[] = []
  try {
    let port = 0
    for (const host of hosts) {
      const server = createServer()
      servers.push(server)
      server.listen({ host, port })
      await once(server, 'listening')
      const address = server.address()
      port = typeof address === 'object' && address !== null ? address.port : port
    }
    return port
  } catch {
    // Taken on a later address: the caller draws again.
    return undefined
  } finally {
    await Promise.all(servers.map(close))
  }
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => {
      resolve()
    })
  })
}
