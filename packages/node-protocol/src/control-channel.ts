import { type Clock, TronError } from '@tron/model'
import type { NodeChannel } from './link.ts'
import { createJournalReader } from './wire/journal-reader.ts'
import { createReplyParser } from './wire/reply-parser.ts'

/** One answer of the node: the words of its last line, the lines before it, and the pieces of output among them. */
export interface Reply {
  readonly status: string
  readonly words: readonly string[]
  readonly lines: readonly string[]
  readonly pieces: readonly Buffer[]
}

/** A request's first line without token and end, and the raw lines that follow it. */
export interface Request {
  readonly header: string
  readonly raw?: readonly string[]
}

/** The control channel of one connection, with the node's program running at its other end. */
export interface ControlChannel {
  /** Sends at once; many may be in flight, and they are answered in order. @throws UNREACHABLE when the channel breaks before the answer */
  ask(request: Request): Promise<Reply>
  /** Resolves with the reason when it is over. */
  readonly closed: Promise<string>
  readonly isOpen: () => boolean
  /** Whether something is asked and not answered yet. */
  readonly isAsked: () => boolean
  /** Ends it; requests in flight fail with the reason. */
  end(reason: string): void
}

export interface ControlOptions {
  readonly channel: NodeChannel
  readonly clock: Clock
  readonly node: string
  /** Without a sign of life for this long while something is asked, the channel counts as broken. */
  readonly silenceMs: number
  /** One whole line of the journal, with its place there. */
  readonly onJournal: (line: string, place: { readonly from: number; readonly to: number }) => void
}

/** More than this is no answer: the longest lists what a spool holds, some hundred bytes for each attempt. */
const MAX_ANSWER = 32 * 1024 * 1024

interface Waiting {
  readonly token: string
  readonly lines: string[]
  readonly pieces: Buffer[]
  readonly settled: PromiseWithResolvers<Reply>
}

/** Takes a channel over once the program on it is ready. `readChunk` must be given all of its standard output from then on. */
export function createControlChannel(
  options: ControlOptions,
): ControlChannel & { readChunk(chunk: Buffer): void } {
  const control = new Control(options)
  return {
    ask: (request) => control.ask(request),
    closed: control.closed,
    isOpen: () => control.isOpen,
    isAsked: () => control.isAsked(),
    end: (reason) => {
      control.end(reason)
    },
    readChunk: (chunk) => {
      control.read(chunk)
    },
  }
}

class Control {
  isOpen = true
  readonly closed: Promise<string>
  readonly #options: ControlOptions
  readonly #closing = Promise.withResolvers<string>()
  readonly #waiting: Waiting[] = []
  readonly #parse: (chunk: Buffer) => void
  #token = 0
  /** Bytes since the last answer. */
  #taken = 0
  #cancelWatch: (() => void) | null = null

  constructor(options: ControlOptions) {
    this.#options = options
    this.closed = this.#closing.promise
    this.#parse = createReplyParser({
      line: (line) => {
        this.#line(line)
      },
      bytes: (bytes) => {
        this.#waiting[0]?.pieces.push(bytes)
      },
      broken: (reason) => {
        this.end(reason)
      },
    })
    const journal = createJournalReader(options.onJournal)
    options.channel.stderr.on('data', (chunk: Buffer) => {
      // What was on its way when the channel was given up belongs to no connection of now.
      if (!this.isOpen) return
      this.#watch()
      journal.push(chunk)
    })
    void this.#endWithChannel()
  }

  ask({ header, raw = [] }: Request): Promise<Reply> {
    if (!this.isOpen) return Promise.reject(this.#unreachable('the connection is closed'))
    this.#token += 1
    const token = `t${this.#token}`
    const settled = Promise.withResolvers<Reply>()
    this.#waiting.push({ token, lines: [], pieces: [], settled })
    this.#options.channel.stdin.write(`${[`${token} ${header} .`, ...raw].join('\n')}\n`)
    if (this.#waiting.length === 1) this.#watch()
    return settled.promise
  }

  isAsked(): boolean {
    return this.#waiting.length > 0
  }

  end(reason: string): void {
    if (!this.isOpen) return
    this.isOpen = false
    this.#cancelWatch?.()
    this.#options.channel.stdin.end()
    this.#options.channel.destroy()
    this.#closing.resolve(reason)
    for (const { settled } of this.#waiting.splice(0)) settled.reject(this.#unreachable(reason))
  }

  read(chunk: Buffer): void {
    if (!this.isOpen) return
    this.#taken += chunk.length
    this.#parse(chunk)
    if (this.#waiting.length === 0) this.#taken = 0
    if (this.#taken > MAX_ANSWER) this.end('an answer does not end')
    this.#watch()
  }

  async #endWithChannel(): Promise<void> {
    const { reason } = await this.#options.channel.closed
    this.end(reason)
  }

  #line(line: string): void {
    const [first] = this.#waiting
    if (first === undefined) return
    const [mark, ...words] = line.split(' ')
    if (mark !== '=' || words.at(-1) !== '.') {
      first.lines.push(line)
      return
    }
    if (words[0] !== first.token) {
      this.end('an answer came out of order')
      return
    }
    this.#waiting.shift()
    this.#taken = 0
    const [, status = '', ...rest] = words.slice(0, -1)
    first.settled.resolve({ status, words: rest, lines: first.lines, pieces: first.pieces })
  }

  /** A sign of life came, or something was asked: from now on the node may be silent for so long. */
  #watch(): void {
    const { clock, silenceMs } = this.#options
    this.#cancelWatch?.()
    this.#cancelWatch = null
    if (!this.isOpen || this.#waiting.length === 0) return
    this.#cancelWatch = clock.timer(silenceMs, () => {
      this.end(`no answer within ${silenceMs} ms`)
    })
  }

  #unreachable(reason: string): TronError {
    const { node } = this.#options
    return new TronError('UNREACHABLE', `node ${node}: ${reason}`, { details: { node } })
  }
}
