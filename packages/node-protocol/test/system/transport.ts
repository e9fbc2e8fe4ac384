import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { TronError } from '@tron/model'
import type { NodeChannel, NodeLink, Transport } from '@tron/node-protocol'
import { type ProcessNamespace, until } from '@tron/testkit'

/** A transport whose channels are child shells in a process namespace, and which a test can hurt. */
export interface BreakableTransport extends Transport {
  /** Connections made so far. */
  connections(): number
  /** Cuts every channel as a broken network does: the shells read to the end of what was sent, then see the end of their input. */
  cutAll(): void
  /** Ends the shell of every channel by SIGKILL, in the middle of whatever it does. */
  killAll(): Promise<void>
  /** From now on nothing can be connected, or again. */
  setReachable(isReachable: boolean): void
}

export interface BreakableTransportOptions {
  readonly namespace: ProcessNamespace
  /** The login's shell, which runs what is asked of a channel. */
  readonly shell: string
  /** The whole environment of a login. */
  readonly env: Readonly<Record<string, string>>
  /** Where the transport notes the process ids of its shells. */
  readonly notes: string
}

interface Open {
  readonly channel: NodeChannel
  readonly note: string
}

export function createBreakableTransport(options: BreakableTransportOptions): BreakableTransport {
  const { namespace, notes } = options
  const open = new Set<Open>()
  let isReachable = true
  let connections = 0
  let opened = 0
  const openChannel = async (command: string): Promise<NodeChannel> => {
    opened += 1
    const note = join(notes, `channel.${opened}`)
    const channel = channelOf(await startShell(options, `echo $$ >'${note}'; ${command}`))
    const entry = { channel, note }
    open.add(entry)
    channel.closed.then(() => open.delete(entry)).catch(() => undefined)
    return channel
  }
  return {
    async connect({ node }) {
      if (!isReachable) throw new TronError('UNREACHABLE', `node ${node}: its cable is out`)
      connections += 1
      return linkOf(openChannel)
    },
    connections: () => connections,
    cutAll() {
      for (const { channel } of open) channel.destroy()
    },
    async killAll() {
      const all = [...open]
      const pids = await Promise.all(all.map(({ note }) => pidOf(note)))
      await namespace.inside(pids.map((pid) => `kill -s KILL -- ${pid}`).join('\n'))
      await Promise.all(all.map(({ channel }) => channel.closed))
    },
    setReachable(reachable) {
      isReachable = reachable
    },
  }
}

/** The process id, inside the namespace, of the shell that wrote this note. */
function pidOf(note: string): Promise<string> {
  return until(`a shell noted itself in ${note}`, async () => {
    const [pid] = /^\d+(?=\n)/.exec(await readFile(note, 'utf8')) ?? []
    return pid
  })
}

async function startShell(
  { namespace, shell, env }: BreakableTransportOptions,
  command: string,
): Promise<ChildProcessWithoutNullStreams> {
  const [program = '', ...args] = namespace.enter([shell, '-c', command])
  const child = spawn(program, args, { env, cwd: '/', stdio: 'pipe' })
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  return child
}

function linkOf(openChannel: (command: string) => Promise<NodeChannel>): NodeLink {
  const { promise: closed, resolve: close } = Promise.withResolvers<string>()
  const channels: NodeChannel[] = []
  return {
    closed,
    async open(command) {
      const channel = await openChannel(command)
      channels.push(channel)
      return channel
    },
    async [Symbol.asyncDispose]() {
      for (const channel of channels) channel.destroy()
      close('closed by this side')
    },
  }
}

function channelOf(child: ChildProcessWithoutNullStreams): NodeChannel {
  const { stdin, stdout, stderr } = child
  const { promise: closed, resolve } = Promise.withResolvers<Awaited<NodeChannel['closed']>>()
  child.once('close', (code, signal) => {
    resolve({ code, reason: `the shell ended (${signal ?? code})` })
  })
  // A write to a shell that has ended is told by `closed`.
  stdin.on('error', () => undefined)
  return {
    stdin,
    stdout,
    stderr,
    closed,
    destroy() {
      for (const stream of [stdin, stdout, stderr]) stream.destroy()
      resolve({ code: null, reason: 'the connection broke' })
    },
  }
}
