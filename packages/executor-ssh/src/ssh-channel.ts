import { Writable } from 'node:stream'
import type { NodeChannel } from '@tron/node-protocol'
import type { ClientChannel } from 'ssh2'
import type { ConnectionEnd } from './connection-end.ts'

type Closed = Awaited<NodeChannel['closed']>

/**
 * A channel of ssh2 as the node protocol wants it. Its exit status counts only when the channel was closed in order: where the connection
 * broke in between, what the command wrote may be incomplete, so the code is null.
 */
export function createSshChannel(channel: ClientChannel, end: ConnectionEnd): NodeChannel {
  const stdin = createStdin(channel)
  const ending = Promise.withResolvers<Closed>()
  let exit: Closed = { code: null, reason: 'the channel was closed without an exit status' }

  const finish = (how: Closed) => {
    ignoreEnd()
    ending.resolve(how)
    stdin.destroy()
  }
  const ignoreEnd = end.listen((cause) => {
    ending.resolve(broken(cause))
    stdin.destroy()
  })
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = code === null ? { code, reason: `ended by ${signal}` } : { code, reason: `exit ${code}` }
  })
  channel.on('close', () => {
    const cause = end.cause()
    finish(cause === undefined ? exit : broken(cause))
  })
  // ssh2 emits none on exec channels today; one without a listener would end the process.
  channel.on('error', () => undefined)
  channel.stderr.on('error', () => undefined)

  return {
    stdin,
    stdout: channel,
    stderr: channel.stderr,
    closed: ending.promise,
    destroy() {
      finish({ code: null, reason: 'closed by this side' })
      channel.close()
      // What is still on its way must be taken, or the window that other channels do not share fills and stays in memory.
      channel.resume()
      channel.stderr.resume()
    },
  }
}

function broken(cause: Error): Closed {
  return { code: null, reason: `the connection broke: ${cause.message}` }
}

/**
 * The standard input of a channel. It is not the channel itself: a write on one whose connection is gone would never call back, so whoever
 * waits for room would wait for ever. This one is destroyed then.
 */
function createStdin(channel: ClientChannel): Writable {
  const stdin = new Writable({
    write(chunk: Buffer, _encoding, done) {
      channel.write(chunk, done)
    },
    final(done) {
      channel.eof()
      done()
    },
  })
  // Writing after the end is no reason to end the process: `closed` tells.
  stdin.on('error', () => undefined)
  return stdin
}
