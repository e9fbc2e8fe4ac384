import { type Clock, type JsonValue, type Random, type Target, TronError } from '@tron/model'
import { type ControlChannel, createControlChannel } from './control-channel.ts'
import { type Hello, startProgram } from './hello.ts'
import type { NodeLink, Transport } from './link.ts'
import { createSessionEnd, type SessionEnd } from './session-end.ts'
import { type NodeSettings, parseSettings } from './settings.ts'
import { createSpoolAccess, type SpoolAccess } from './spool-access.ts'

/** A connection to a node with its program running and its spool looked at. */
export interface Session extends SpoolAccess, SessionEnd {
  readonly hello: Hello
  readonly settings: NodeSettings
  readonly control: ControlChannel
  readonly link: NodeLink
  /** A word that no command can know. */
  drawMark(): string
  close(reason: string): Promise<void>
}

export interface SessionOptions {
  readonly transport: Transport
  readonly target: Target
  /** The target's settings as configured; the transport reads its part of them. */
  readonly settings: JsonValue
  readonly installation: string
  readonly clock: Clock
  readonly random: Random
  /** The POSIX shell on the node. */
  readonly shell: string
  /** A request was refused, so the fence is not ours any more; told once until it is claimed again. */
  readonly onFenced: () => void
  readonly onJournal: (line: string, place: { readonly from: number; readonly to: number }) => void
  readonly signal: AbortSignal
}

/** Without a sign of life for this long a request, and the connection with it, is given up. */
const SILENCE_MS = 30_000

/**
 * Connects, starts the program, looks at the spool. Nothing on the node has changed by then.
 * @throws UNREACHABLE, HOST_KEY; ReplacedError when the spool belongs to another machine
 */
export async function openSession(options: SessionOptions): Promise<Session> {
  const { target, signal } = options
  const settings = parseSettings(options.settings)
  if (typeof settings === 'string') {
    throw new TronError('UNREACHABLE', `node ${target.node}: the access settings cannot be used: ${settings}`)
  }
  const link = await options.transport.connect(target, options.settings, { signal })
  try {
    return await openOn(link, settings, options)
  } catch (error) {
    await link[Symbol.asyncDispose]()
    throw error
  }
}

async function openOn(link: NodeLink, settings: NodeSettings, options: SessionOptions): Promise<Session> {
  const { target, clock, random, shell, signal } = options
  const channel = await link.open(`exec ${shell}`, { signal })
  let control: ReturnType<typeof createControlChannel>
  let hello: Awaited<ReturnType<typeof startProgram>>
  // What a login prints there must be taken and is of no use.
  channel.stderr.resume()
  try {
    hello = await startProgram({ channel, clock, random, node: target.node, shell, signal })
    const { onJournal } = options
    control = createControlChannel({ channel, clock, node: target.node, silenceMs: SILENCE_MS, onJournal })
  } catch (error) {
    channel.destroy()
    throw error
  }
  channel.stdout.on('data', (chunk: Buffer) => {
    control.readChunk(chunk)
  })
  if (hello.rest.length > 0) control.readChunk(hello.rest)
  channel.stdout.resume()
  const { installation } = options
  const spool = createSpoolAccess({ target, installation, random, settings, control, hello })
  const abort = (): void => {
    control.end('it did not answer in time')
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    await spool.look()
  } catch (error) {
    control.end('the spool cannot be used')
    throw error
  } finally {
    signal.removeEventListener('abort', abort)
  }
  return {
    hello,
    settings,
    control,
    link,
    drawMark: () => Buffer.from(random.bytes(8)).toString('hex'),
    ...createSessionEnd(Promise.race([control.closed, link.closed])),
    journal: () => spool.journal(),
    folder: () => spool.folder(),
    isHeld: () => spool.isHeld(),
    noteFenced: () => {
      const wasHeld = spool.isHeld()
      spool.noteFenced()
      if (wasHeld) options.onFenced()
    },
    look: () => spool.look(),
    inspect: () => spool.inspect(),
    claim: (claim) => spool.claim(claim),
    rotate: () => spool.rotate(),
    async close(reason) {
      control.end(reason)
      await link[Symbol.asyncDispose]()
    },
  }
}
