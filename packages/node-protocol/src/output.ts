import type { Stream } from '@tron/executor'
import { type AttemptId, type Clock, type Random, TronError } from '@tron/model'
import type { NodeChannel } from './link.ts'
import { fileOf, listAttempts, MAX_PIECE, readPiece } from './node-requests.ts'
import type { Places } from './places.ts'
import { bulkScript } from './program/read.ts'
import type { Session } from './session.ts'

export interface OutputRange {
  readonly id: AttemptId
  readonly stream: Stream
  readonly from: number
  readonly signal: AbortSignal
}

export interface OutputOptions {
  readonly node: string
  readonly shell: string
  readonly random: Random
  readonly clock: Clock
  readonly ready: () => Promise<Session>
  /** For channels of bulk output: so many may be open at once. */
  readonly bulk: Places
}

/** A channel that says nothing for so long, while it is waited for, counts as broken. */
const SILENCE_MS = 30_000

/** The bytes of a login shell's greetings that are looked through for our mark. */
const MAX_NOISE = 1024 * 1024

/**
 * A stream's bytes from an offset to what there is now. Little comes on the control channel; more has a channel of its own, which is read at the
 * reader's pace, so that a large log is never in memory.
 * @throws OUTPUT_UNAVAILABLE when the node does not keep it, UNREACHABLE
 */
export async function* readOutput(options: OutputOptions, range: OutputRange): AsyncGenerator<Uint8Array> {
  const { id, stream, from, signal } = range
  signal.throwIfAborted()
  const session = await options.ready()
  signal.throwIfAborted()
  const [attempt] = session.folder() === null ? [] : await listAttempts(session, [id])
  if (attempt?.held !== 'kept') {
    throw new TronError('OUTPUT_UNAVAILABLE', `node ${options.node} keeps no output of attempt ${id}`)
  }
  const length = attempt.sizes[stream] - from
  if (length <= 0) return
  if (length > MAX_PIECE) {
    yield* readBulk(options, session, { ...range, length })
    return
  }
  const piece = await readPiece(session, id, { stream, from, length })
  if (piece.length > 0) yield piece
  if (piece.length < length) throw endedEarly(options.node, length - piece.length)
}

async function* readBulk(
  options: OutputOptions,
  session: Session,
  range: OutputRange & { readonly length: number },
): AsyncGenerator<Uint8Array> {
  const { id, stream, from, length, signal } = range
  const leave = await options.bulk.enter(signal)
  let channel: NodeChannel | null = null
  try {
    channel = await session.link.open(`exec ${options.shell}`, { signal })
    const nonce = Buffer.from(options.random.bytes(12)).toString('hex')
    const path = `${session.folder() ?? ''}/a/${id.slice(0, 2)}/${id}/${fileOf(stream)}`
    const file = { root: session.settings.spoolRoot, path }
    channel.stdin.on('error', () => undefined)
    channel.stdin.write(bulkScript({ nonce, file, from, length }))
    channel.stderr.resume()
    yield* cutOut(channel, { nonce, length, signal, node: options.node, clock: options.clock })
  } finally {
    channel?.destroy()
    leave()
  }
}

interface Marks {
  readonly nonce: string
  readonly length: number
  readonly signal: AbortSignal
  readonly node: string
  readonly clock: Clock
}

/**
 * The bytes between the script's two marks. What is passed on are views of what came: copies of a large log would be garbage by the gigabyte. So many
 * bytes are held back as the last mark has: where a file is shorter than it was, that comes early and is no output.
 */
async function* cutOut(
  channel: NodeChannel,
  { nonce, length, signal, node, clock }: Marks,
): AsyncGenerator<Uint8Array> {
  const end = Buffer.from(`\nEND ${nonce}\n`)
  let left = length
  let held: Buffer = Buffer.alloc(0)
  const abort = (): void => {
    channel.destroy()
    channel.stdout.destroy()
  }
  signal.addEventListener('abort', abort, { once: true })
  try {
    for await (const chunk of afterMark(untilBroken(channel, clock, abort), `BULK ${nonce}\n`)) {
      signal.throwIfAborted()
      const wanted = Math.max(0, Math.min(left, held.length + chunk.length - end.length))
      const first = held.subarray(0, wanted)
      const second = chunk.subarray(0, wanted - first.length)
      held = Buffer.concat([held.subarray(first.length), chunk.subarray(second.length)])
      left -= wanted
      if (first.length > 0) yield first
      if (second.length > 0) yield second
      if (left === 0 && held.length >= end.length) break
    }
  } finally {
    signal.removeEventListener('abort', abort)
  }
  signal.throwIfAborted()
  if (left > 0 || !held.equals(end)) throw endedEarly(node, left)
}

function endedEarly(node: string, bytes: number): TronError {
  return new TronError('UNREACHABLE', `node ${node}: output ended ${bytes} bytes early`, {
    details: { node },
  })
}

/** A stream that breaks ends, and so does one that is silent while it is waited for: whether all of it came is seen by the mark at its end. */
async function* untilBroken({ stdout }: NodeChannel, clock: Clock, giveUp: () => void): AsyncGenerator {
  const chunks: AsyncIterator<unknown> = stdout[Symbol.asyncIterator]()
  try {
    for (;;) {
      const next = await chunks.next().finally(clock.timer(SILENCE_MS, giveUp))
      if (next.done === true) return
      yield next.value
    }
  } catch {
    // How it broke says nothing that the missing mark does not.
  } finally {
    await chunks.return?.()
  }
}

/** What follows the mark; a login shell may have printed before it. */
async function* afterMark(stream: AsyncIterable<unknown>, mark: string): AsyncGenerator<Buffer> {
  let head: Buffer | null = Buffer.alloc(0)
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue
    if (head === null) {
      yield chunk
      continue
    }
    head = Buffer.concat([head, chunk])
    const at = head.indexOf(mark)
    if (at === -1 && head.length > MAX_NOISE) return
    if (at === -1) continue
    yield head.subarray(at + mark.length)
    head = null
  }
}
