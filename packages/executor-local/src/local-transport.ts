import { spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import { TronError } from '@tron/model'
import type { NodeChannel, NodeLink, Transport } from '@tron/node-protocol'

/** "Connects" to this machine: every channel is a child shell with the environment that a login would give. Addresses are ignored. */
export const localTransport: Transport = {
  connect: (target) => Promise.resolve(createLocalLink(target.node)),
}

function createLocalLink(node: string): NodeLink {
  const channels = new Set<NodeChannel>()
  const closed = Promise.withResolvers<string>()
  let isOpen = true
  return {
    closed: closed.promise,
    async open(command, { signal }) {
      signal.throwIfAborted()
      if (!isOpen) throw new TronError('UNREACHABLE', `node ${node}: the link is closed`)
      const channel = await openChannel(node, command)
      channels.add(channel)
      channel.closed.finally(() => channels.delete(channel)).catch(() => undefined)
      // Given up while the shell came up: nobody else knows of it, and it would keep its process from ending.
      if (isOpen && !signal.aborted) return channel
      channel.destroy()
      signal.throwIfAborted()
      throw new TronError('UNREACHABLE', `node ${node}: the link was closed`)
    },
    async [Symbol.asyncDispose]() {
      isOpen = false
      const open = [...channels]
      for (const channel of open) channel.destroy()
      await Promise.all(open.map((channel) => channel.closed))
      closed.resolve('closed by this side')
    },
  }
}

/** The shell is a group of its own, so that what is typed at the daemon's terminal does not reach it. */
function openChannel(node: string, command: string): Promise<NodeChannel> {
  const { env, home } = loginEnvironment()
  const child = spawn('/bin/sh', ['-c', command], { cwd: home, env, stdio: 'pipe', detached: true })
  const closed = new Promise<Awaited<NodeChannel['closed']>>((resolve) => {
    child.once('close', (code, signal) => {
      resolve({
        code,
        reason: signal === null ? `the shell ended with ${code}` : `the shell ended by ${signal}`,
      })
    })
  })
  return new Promise((resolve, reject) => {
    child.once('error', (cause) => {
      reject(
        new TronError('UNREACHABLE', `node ${node}: no shell could be started: ${cause.message}`, { cause }),
      )
    })
    // Not before: a child that could not be started for want of descriptors has no streams at all.
    child.once('spawn', () => {
      // A write to a shell that has ended is told by `closed`.
      child.stdin.on('error', () => undefined)
      resolve({
        stdin: child.stdin,
        stdout: child.stdout,
        stderr: child.stderr,
        closed,
        // The end of its input, or of who reads it, ends the shell.
        destroy() {
          child.stdin.destroy()
          child.stdout.destroy()
          child.stderr.destroy()
        },
      })
    })
  })
}

/** Nothing of the daemon's own environment: commands see what they would see after a login. */
function loginEnvironment(): { readonly env: Record<string, string>; readonly home: string } {
  const { username, homedir: home, shell } = userInfo()
  const env = {
    HOME: home,
    USER: username,
    LOGNAME: username,
    SHELL: shell ?? '/bin/sh',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
  }
  return { env, home }
}
