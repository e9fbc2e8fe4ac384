// What the test kit relies on in a daemon: it listens where -P says, answers /api/status, ends at SIGTERM; with --refuse it ends by itself.
import { createServer } from 'node:http'

const port = Number(process.argv[process.argv.indexOf('-P') + 1])
if (process.argv.includes('--refuse')) {
  process.stderr.write('refused\n')
  process.exitCode = 1
} else {
  const server = createServer((_request, response) => {
    response.end('{"status": "I\'m alive"}')
  })
  server.listen(port, '127.0.0.1', () => {
    process.stdout.write(`listening as ${process.pid}\n`)
  })
  process.once('SIGTERM', () => {
    server.close()
    server.closeAllConnections()
  })
}
