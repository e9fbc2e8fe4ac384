import { Readable, Writable } from 'node:stream'
import type { NodeChannel } from '../link.ts'
import { nodeProgram } from '../program/main.ts'
import type { Coverage } from './coverage.ts'
import type { Dice } from './dice.ts'
import { type CutPlace, createPipe, type Pipe } from './pipe.ts'
import type { World } from './world.ts'

/** What runs at a node's end of a channel. */
export interface ChannelProgram {
  feed(bytes: Buffer): void
  /** Its standard input ended: nobody is there any more. */
  end(): void
}

/** The other two streams of such a program. */
export interface ProgramOutput {
  stdout(bytes: Buffer): void
  stderr(bytes: Buffer): void
  exit(code: number): void
  /** Bytes of the standard output, and of the standard error, on their way. */
  backlog(): number
  /** Whether this side still listens; a program cannot know, only what invents endless output asks. */
  isHeard(): boolean
}

/** A channel as the node protocol sees it, and what faults can do to it. */
export interface SimChannel extends NodeChannel {
  /** The connection breaks. */
  cut(reason: string): void
  /** Nothing arrives any more in either direction, and nobody is told. */
  silence(): void
}

export interface SimChannelOptions {
  readonly world: World
  readonly dice: Dice
  readonly kind: 'control' | 'bulk'
  readonly run: (output: ProgramOutput) => ChannelProgram
  /** It died of itself, at some byte. */
  readonly onDeath: () => void
}

const NEWLINE = 10
/** The program comes first, so a channel that is to die later must outlive it. */
const PROGRAM_BYTES = nodeProgram({ nonce: '0'.repeat(24), shell: '/bin/sh' }).length
/** So many streams of channels are cut at some byte. */
const CUTS = 0.12
/** What is on its way when this side ends a channel may still come for a while. */
const LATE_MS = 50

/** Opens a channel with a program at its other end. */
export function createSimChannel(options: SimChannelOptions): SimChannel {
  return new Channel(options)
}

class Channel implements SimChannel {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  readonly closed: NodeChannel['closed']
  readonly #options: SimChannelOptions
  readonly #closing = Promise.withResolvers<{ readonly code: number | null; readonly reason: string }>()
  readonly #program: ChannelProgram
  readonly #up: Pipe
  readonly #out: Pipe
  readonly #err: Pipe
  #sentUp = 0
  #isOpen = true
  #openPipes = 2
  #code = 0

  constructor(options: SimChannelOptions) {
    this.#options = options
    this.closed = this.#closing.promise
    this.stdout = new Readable({ read: () => this.#out.resume() })
    this.stderr = new Readable({ read: () => this.#err.resume() })
    this.#out = this.#downPipe(this.stdout, (at) => outCut(options.kind, at))
    this.#err = this.#downPipe(this.stderr, () => 'cut in the middle of the journal')
    this.#program = options.run({
      stdout: (bytes) => this.#out.send(bytes),
      stderr: (bytes) => this.#err.send(bytes),
      exit: (code) => this.#exit(code),
      backlog: () => this.#out.backlog() + this.#err.backlog(),
      isHeard: () => this.#isOpen,
    })
    this.#up = this.#upPipe()
    this.stdin = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        this.#up.send(chunk)
        done()
      },
      final: (done) => {
        this.#up.end()
        done()
      },
    })
    this.stdin.on('error', () => undefined)
  }

  destroy(): void {
    if (!this.#isOpen) return
    const { dice, world } = this.#options
    if (dice.happens(0.5)) {
      this.#close(null, 'closed by this side')
      return
    }
    world.book.cover('bytes come after the channel was ended')
    this.#isOpen = false
    this.#closing.resolve({ code: null, reason: 'closed by this side' })
    this.#up.abandon()
    this.stdin.destroy()
    this.stdout.resume()
    this.stderr.resume()
    world.clock.timer(LATE_MS, () => {
      this.#endDown()
    })
  }

  cut(reason: string): void {
    this.#close(null, reason)
  }

  silence(): void {
    this.#up.silence()
    this.#out.silence()
    this.#err.silence()
  }

  /** Where a channel dies, if it does: early ones die in the greeting, late ones anywhere. */
  #cut(from: number, most: number): CutPlace | null {
    const { dice, world } = this.#options
    if (!world.hasFaults() || !dice.happens(CUTS)) return null
    const least = dice.happens(0.5) ? 0 : from
    return {
      afterBytes: dice.between(least, dice.happens(0.7) ? most : most * 8),
      isAtLineEnd: dice.happens(0.3),
    }
  }

  #downPipe(stream: Readable, covered: (at: number) => Coverage): Pipe {
    const { world, dice, kind, onDeath } = this.#options
    return createPipe({
      world,
      dice,
      cut: this.#cut(0, kind === 'bulk' ? 100_000 : 1_500),
      deliver: (bytes) => stream.push(bytes),
      onEnd: () => this.#ended(stream),
      onCut: (at) => {
        world.book.cover(covered(at))
        this.#close(null, `cut after ${at === NEWLINE ? 'a whole line' : 'a part of a line'}`)
        onDeath()
      },
    })
  }

  #upPipe(): Pipe {
    const { world, dice, kind, onDeath } = this.#options
    return createPipe({
      world,
      dice,
      cut: kind === 'bulk' ? this.#cut(0, 400) : this.#cut(PROGRAM_BYTES, PROGRAM_BYTES + 2_000),
      deliver: (bytes) => {
        this.#sentUp += bytes.length
        this.#program.feed(bytes)
        return true
      },
      onEnd: () => this.#program.end(),
      onCut: (at) => {
        if (this.#sentUp < PROGRAM_BYTES) world.book.cover('cut inside the program')
        else if (at !== NEWLINE) world.book.cover('cut in the middle of a request')
        this.#up.silence()
        this.#program.end()
        this.#close(null, 'cut on the way to the node')
        onDeath()
      },
    })
  }

  #exit(code: number): void {
    this.#code = code
    this.#out.end()
    this.#err.end()
  }

  #ended(stream: Readable): void {
    if (this.#isOpen) stream.push(null)
    this.#openPipes -= 1
    if (this.#openPipes === 0) this.#close(this.#code, `ended with ${this.#code}`)
  }

  #close(code: number | null, reason: string): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#closing.resolve({ code, reason })
    this.#up.abandon()
    this.stdin.destroy()
    if (code === null) this.#endDown()
  }

  #endDown(): void {
    this.#out.silence()
    this.#err.silence()
    this.stdout.destroy()
    this.stderr.destroy()
  }
}

function outCut(kind: 'control' | 'bulk', at: number): Coverage {
  if (kind === 'bulk') return 'cut in the middle of bulk output'
  return at === NEWLINE ? 'cut between replies' : 'cut in the middle of a reply'
}
