import { Transform } from 'node:stream'
import type { NodeChannel, NodeLink, Transport } from '@tron/node-protocol'
import type { StepPlace } from './step-hook.ts'
import { insertSteps, type SteppedProgram } from './stepped-program.ts'

/** A transport that puts steps into the program, and gives each of its shells a process group of its own. */
export interface SteppedTransport extends Transport {
  /** The program as it was sent last, with its steps. */
  sent(): SteppedProgram
  /** The steps that were in it; null when all were. */
  sentLines(): ReadonlySet<number> | null
  /** Writes to the program that was sent last, beside what the scheduler asks of it. */
  say(text: string): void
  /** How many requests to signal a group were sent. */
  signals(): number
}

export interface SteppedTransportOptions {
  readonly transport: Transport
  /** Null leaves the program as it is. */
  readonly place: StepPlace | null
  /** The steps that the next program is to have; null for all. */
  readonly lines: () => ReadonlySet<number> | null
  /** The folders in which the node's shell finds programs, where that is not what a login has. */
  readonly path?: string | undefined
}

/** @returns what is to be sent in its place */
type OnWrite = (text: string, channel: NodeChannel) => string

export function createSteppedTransport(options: SteppedTransportOptions): SteppedTransport {
  const { transport, place, lines, path } = options
  const begin = path === undefined ? 'exec setsid ' : `PATH='${path}' exec setsid `
  let sent: SteppedProgram = { text: '', steps: [] }
  let sentLines: ReadonlySet<number> | null = null
  let control: NodeChannel | null = null
  let signals = 0
  const onWrite: OnWrite = (text, channel) => {
    if (/^t\d+ signal \S+ [A-Z]/m.test(text)) signals += 1
    if (!text.startsWith('{\nlogin=')) return text
    control = channel
    const some = lines()
    sentLines = some
    sent =
      place === null
        ? { text, steps: [] }
        : insertSteps(text, place, some === null ? undefined : (line) => some.has(line))
    return sent.text
  }
  const linkOf = (link: NodeLink): NodeLink => ({
    closed: link.closed,
    open: async (command, channelOptions) =>
      channelOf(await link.open(command.replace(/^exec /, begin), channelOptions), onWrite),
    [Symbol.asyncDispose]: () => link[Symbol.asyncDispose](),
  })
  return {
    connect: async (...call) => linkOf(await transport.connect(...call)),
    sent: () => sent,
    sentLines: () => sentLines,
    say: (text) => control?.stdin.write(text),
    signals: () => signals,
  }
}

/** The program is written in one piece, and so is each request. */
function channelOf(channel: NodeChannel, onWrite: OnWrite): NodeChannel {
  const stdin = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      done(null, Buffer.from(onWrite(chunk.toString('latin1'), channel), 'latin1'))
    },
  })
  stdin.pipe(channel.stdin)
  return {
    stdin,
    stdout: channel.stdout,
    stderr: channel.stderr,
    closed: channel.closed,
    destroy() {
      stdin.destroy()
      channel.destroy()
    },
  }
}
