import { type Target, TronError } from '@tron/model'
import type { NodeChannel, NodeLink, Transport } from '../link.ts'
import type { Dice } from './dice.ts'
import { type ChannelProgram, createSimChannel, type ProgramOutput, type SimChannel } from './sim-channel.ts'
import type { World } from './world.ts'

/** A machine that can be connected to. */
export interface SimHost {
  readonly name: string
  /** Whether a connection can be had now. */
  isUp(): boolean
  /** Runs a login's command. */
  run(output: ProgramOutput, kind: 'control' | 'bulk'): ChannelProgram
}

/** All connections of a simulation. */
export interface SimNetwork {
  /** A transport as one scheduler has it. */
  transport(): Transport
  /** Breaks all connections to a host. */
  cut(host: string, reason: string): void
  /** Lets all connections to a host fall silent. */
  silence(host: string): void
}

interface LiveLink {
  readonly host: string
  readonly channels: Set<SimChannel>
  readonly close: (reason: string) => void
}

export function createSimNetwork(world: World, hosts: readonly SimHost[]): SimNetwork {
  const links = new Set<LiveLink>()
  const dice = world.dice.fork()

  const connect = async (target: Target, signal: AbortSignal): Promise<NodeLink> => {
    const host = hosts.find(({ name }) => name === target.node)
    const tired = world.hasFaults() && dice.happens(0.06)
    await world.clock.sleep(dice.between(1, world.hasFaults() ? 150 : 20), { signal })
    if (tired) await new Promise((_resolve, reject) => waitForAbort(signal, reject))
    if (host === undefined || !host.isUp() || (world.hasFaults() && dice.happens(0.08))) {
      world.book.cover('a connection cannot be made')
      throw new TronError('UNREACHABLE', `node ${target.node}: no connection`)
    }
    world.book.mark(`connected to ${host.name}`)
    return openLink({ world, dice: dice.fork(), host, links })
  }
  const each = (host: string, call: (link: LiveLink) => void): void => {
    for (const link of Array.from(links)) if (link.host === host) call(link)
  }
  return {
    transport: () => ({ connect: (target, _settings, { signal }) => connect(target, signal) }),
    cut(host, reason) {
      each(host, ({ close }) => {
        close(reason)
      })
    },
    silence(host) {
      world.book.cover('a connection falls silent')
      each(host, ({ channels }) => {
        for (const channel of channels) channel.silence()
      })
    },
  }
}

function waitForAbort(signal: AbortSignal, reject: (reason: unknown) => void): void {
  const abort = (): void => {
    reject(signal.reason)
  }
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
}

function openLink(options: {
  readonly world: World
  readonly dice: Dice
  readonly host: SimHost
  readonly links: Set<LiveLink>
}): NodeLink {
  const { world, dice, host, links } = options
  const closed = Promise.withResolvers<string>()
  const channels = new Set<SimChannel>()
  const close = (reason: string): void => {
    if (!links.delete(live)) return
    for (const channel of channels) channel.cut(reason)
    closed.resolve(reason)
  }
  const live: LiveLink = { host: host.name, channels, close }
  links.add(live)
  let opened = 0

  const open = async (signal: AbortSignal): Promise<NodeChannel> => {
    await world.clock.sleep(dice.between(0, 10), { signal })
    const isRefused = world.hasFaults() && dice.happens(0.03)
    if (!links.has(live) || isRefused) {
      throw new TronError('UNREACHABLE', `node ${host.name}: no channel`)
    }
    const kind = opened === 0 ? 'control' : 'bulk'
    opened += 1
    const channel = createSimChannel({
      world,
      dice: dice.fork(),
      kind,
      run: (output) => host.run(output, kind),
      onDeath: () => {
        // Often the connection is gone with it, sometimes only the channel.
        if (kind === 'control' || dice.happens(0.5)) close('the connection broke')
      },
    })
    channels.add(channel)
    return channel
  }
  return {
    closed: closed.promise,
    open: (_command, { signal }) => open(signal),
    async [Symbol.asyncDispose]() {
      close('closed by this side')
    },
  }
}
