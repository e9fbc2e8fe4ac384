import { type ChildProcess, spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import { Transform } from 'node:stream'
import { TronError } from '@tron/model'
import type { NodeChannel, NodeLink, Transport } from '@tron/node-protocol'
import { type ProcessNamespace, realClock } from '@tron/testkit'

/** A transport to a process namespace of this machine, whose connections a test can break. */
export interface ShellTransport extends Transport {
  /** Breaks every connection at once, as a cut cable does: the shells at their ends run on until they notice. */
  cut(): void
  /** How many connections were made, and how many of them are there. */
  connections(): { readonly made: number; readonly open: number }
  /** Whether connections can be made; those that are there stay. */
  setReachable(isReachable: boolean): void
}

export interface ShellTransportOptions {
  readonly namespace: ProcessNamespace
  /** What commands find programs by. */
  readonly path: string
  /** What comes on the standard output comes so much later than what comes on the standard error. */
  readonly lateMs?: number
}

export function createShellTransport({ namespace, path, lateMs = 0 }: ShellTransportOptions): ShellTransport {
  const channels = new Set<NodeChannel>()
  let isReachable = true
  let made = 0
  let closed = 0
  const open = async (command: string): Promise<NodeChannel> => {
    const [program = '', ...args] = namespace.enter(['/bin/sh', '-c', command])
    const child = spawn(program, args, { env: loginEnvironment(path), stdio: 'pipe' })
    const channel = channelOf(child, lateMs)
    channels.add(channel)
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve)
      child.once('error', reject)
    })
    return channel
  }
  return {
    async connect(target) {
      if (!isReachable || target.node === 'nowhere') {
        throw new TronError('UNREACHABLE', `node ${target.node} is switched off`)
      }
      made += 1
      const link = linkOf(open)
      link.closed.then(() => (closed += 1)).catch(() => undefined)
      return link
    },
    connections: () => ({ made, open: made - closed }),
    cut() {
      for (const channel of channels) channel.destroy()
      channels.clear()
    },
    setReachable(reachable) {
      isReachable = reachable
    },
  }
}

function loginEnvironment(path: string): Record<string, string> {
  const { homedir, username } = userInfo()
  return { HOME: homedir, USER: username, LOGNAME: username, SHELL: '/bin/sh', PATH: path, LANG: 'C.UTF-8' }
}

function linkOf(open: (command: string) => Promise<NodeChannel>): NodeLink {
  const closed = Promise.withResolvers<string>()
  const opened = new Set<NodeChannel>()
  return {
    closed: closed.promise,
    async open(command) {
      const channel = await open(command)
      opened.add(channel)
      return channel
    },
    async [Symbol.asyncDispose]() {
      for (const channel of opened) channel.destroy()
      closed.resolve('closed by this side')
    },
  }
}

function channelOf(child: ChildProcess, lateMs: number): NodeChannel {
  const { stdin, stderr } = child
  const stdout = lateMs === 0 ? child.stdout : child.stdout?.pipe(delayed(lateMs))
  if (stdin === null || stdout == null || stderr === null) throw new Error('the shell has no pipes')
  const closing = Promise.withResolvers<{ readonly code: number | null; readonly reason: string }>()
  child.once('close', (code) => {
    closing.resolve({ code, reason: `the shell ended with ${code}` })
  })
  stdin.on('error', () => undefined)
  return {
    stdin,
    stdout,
    stderr,
    closed: closing.promise,
    destroy() {
      stdin.destroy()
      stdout.destroy()
      stderr.destroy()
      closing.resolve({ code: null, reason: 'the connection was cut' })
    },
  }
}

function delayed(ms: number): Transform {
  return new Transform({
    transform(chunk, _encoding, done) {
      realClock.timer(ms, () => {
        done(null, chunk)
      })
    },
  })
}
