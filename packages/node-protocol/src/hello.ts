import { type Clock, messageOf, type Random, TronError } from '@tron/model'
import type { NodeChannel } from './link.ts'
import { nodeProgram } from './program/main.ts'

/** What the node's program found out about its host, once for each connection. */
export interface Hello {
  readonly nonce: string
  /** The host's machine id; `-` where it has none. */
  readonly machine: string
  /** The identity of this boot. */
  readonly boot: string
  /** Seconds since the boot. */
  readonly uptime: number
  /** How commands get a session of their own: `plain` cannot give them default INT and QUIT. */
  readonly launcher: 'setsid-f' | 'start-stop-daemon' | 'plain'
  /** How events travel: `poll` is up to 0.2 s late. */
  readonly follower: 'tail' | 'poll'
  /** The clock of this side when it came, in milliseconds. */
  readonly receivedMs: number
}

export interface HelloOptions {
  readonly channel: NodeChannel
  readonly clock: Clock
  readonly random: Random
  readonly node: string
  /** The POSIX shell that runs the program. */
  readonly shell: string
  readonly signal: AbortSignal
}

/** The bytes of a login shell's greetings that are looked through for our line. */
const MAX_NOISE = 1024 * 1024

const HELLO = /^HELLO (\w+) 1 \d+ (\S+) (\S+) (\d+\.\d+) (setsid-f|start-stop-daemon|plain) (tail|poll) \.$/

/**
 * Sends the program and waits until it is ready; what a login shell prints before is left out.
 * @throws UNREACHABLE when the login runs no commands, or the host lacks what the program needs
 */
export async function startProgram(options: HelloOptions): Promise<Hello & { readonly rest: Buffer }> {
  const { channel, node, shell, random } = options
  const nonce = Buffer.from(random.bytes(12)).toString('hex')
  channel.stdin.on('error', () => undefined)
  channel.stdin.write(nodeProgram({ nonce, shell }))
  try {
    const { text, rest } = await readUntil(options, `READY ${nonce} .\n`)
    return { ...parseHello(text, nonce, options.clock), rest }
  } catch (error) {
    throw new TronError('UNREACHABLE', `node ${node}: ${messageOf(error)}`, {
      hint: 'Check that the login runs commands by a POSIX shell, and that its start files neither read input nor end the shell.',
      cause: error,
      details: { node },
    })
  }
}

function readUntil(
  { channel, signal }: HelloOptions,
  mark: string,
): Promise<{ readonly text: string; readonly rest: Buffer }> {
  return new Promise((resolve, reject) => {
    let buffer: Buffer = Buffer.alloc(0)
    const done = (): void => {
      channel.stdout.off('data', look)
      signal.removeEventListener('abort', abort)
    }
    const fail = (reason: string): void => {
      done()
      reject(new Error(reason))
    }
    const abort = (): void => {
      fail(`the program did not answer in time${heard(buffer)}`)
    }
    const look = (chunk: Buffer): void => {
      buffer = Buffer.concat([buffer, chunk])
      const at = buffer.indexOf(mark)
      if (at !== -1) {
        done()
        channel.stdout.pause()
        resolve({
          text: buffer.toString('latin1', 0, at),
          rest: Buffer.from(buffer.subarray(at + mark.length)),
        })
      } else if (buffer.length > MAX_NOISE) fail(`the login shell prints without end${heard(buffer)}`)
    }
    channel.stdout.on('data', look)
    signal.addEventListener('abort', abort, { once: true })
    const failWithChannel = async (): Promise<void> => {
      const { reason } = await channel.closed
      fail(`the login ended without running the program (${reason})${heard(buffer)}`)
    }
    void failWithChannel()
    if (signal.aborted) abort()
  })
}

function heard(buffer: Buffer): string {
  const text = buffer.toString('latin1').trim().slice(-200)
  return text === '' ? '' : `; it printed: ${JSON.stringify(text)}`
}

function parseHello(text: string, nonce: string, clock: Clock): Hello {
  const lines = text.split('\n')
  const missing = lines.find((line) => line.startsWith('MISSING '))
  if (missing !== undefined) throw new Error(`it lacks ${missing.slice('MISSING '.length, -2)}`)
  for (const line of lines) {
    const [, said, machine = '-', boot = '-', uptime, launcher, follower] = HELLO.exec(line) ?? []
    if (said === nonce) {
      return {
        nonce,
        machine,
        boot,
        uptime: Number(uptime),
        launcher: launcher === 'setsid-f' || launcher === 'start-stop-daemon' ? launcher : 'plain',
        follower: follower === 'tail' ? 'tail' : 'poll',
        receivedMs: clock.nowMs(),
      }
    }
  }
  throw new Error('its greeting cannot be understood')
}
