import type { Dice } from './dice.ts'
import type { World } from './world.ts'

/** One direction of a channel: bytes arrive later, in pieces of any size, or not at all. */
export interface Pipe {
  send(bytes: Buffer): void
  /** What was sent is delivered first, then the end. */
  end(): void
  /** Nothing more arrives, nobody is told. */
  silence(): void
  /** What is on its way is lost from some byte on, then the other side learns of the end. */
  abandon(): void
  /** There is room again where the bytes go. */
  resume(): void
  /** Bytes on their way. */
  backlog(): number
}

/** Where a channel dies by itself. */
export interface CutPlace {
  readonly afterBytes: number
  /** Whether the line that is under way then still arrives whole. */
  readonly isAtLineEnd: boolean
}

export interface PipeOptions {
  readonly world: World
  readonly dice: Dice
  readonly cut: CutPlace | null
  /** Takes a piece. @returns false when there is no room for more until `resume` */
  readonly deliver: (bytes: Buffer) => boolean
  readonly onEnd: () => void
  /** The byte was reached at which the channel dies. @param at the last byte that arrived */
  readonly onCut: (at: number) => void
}

/** A piece of a large amount is so large at most: as much as a window of a real channel lets through at once. */
const MAX_PIECE = 512 * 1024
const NEWLINE = 10

export function createPipe(options: PipeOptions): Pipe {
  return new DelayingPipe(options)
}

class DelayingPipe implements Pipe {
  readonly #options: PipeOptions
  #queue: Buffer[] = []
  #size = 0
  #delivered = 0
  #isEnding = false
  #isPumping = false
  #isFull = false
  #isOver = false

  constructor(options: PipeOptions) {
    this.#options = options
  }

  send(bytes: Buffer): void {
    if (this.#isOver || this.#isEnding || bytes.length === 0) return
    this.#queue.push(bytes)
    this.#size += bytes.length
    this.#pump()
  }

  end(): void {
    this.#isEnding = true
    this.#pump()
  }

  silence(): void {
    this.#isOver = true
    this.#queue = []
  }

  abandon(): void {
    if (this.#isOver || this.#isEnding) return
    const { dice, world } = this.#options
    const rest = Buffer.concat(this.#queue)
    const kept = dice.happens(0.5) ? rest.length : dice.between(0, rest.length)
    if (kept > 0) world.book.cover('a cut-off shell carries on')
    this.#queue = kept > 0 ? [rest.subarray(0, kept)] : []
    this.#size = kept
    this.end()
  }

  resume(): void {
    this.#isFull = false
    this.#pump()
  }

  backlog(): number {
    return this.#size
  }

  #pump(): void {
    if (this.#isPumping || this.#isOver || this.#isFull) return
    if (this.#size === 0 && !this.#isEnding) return
    this.#isPumping = true
    this.#options.world.clock.timer(this.#delayMs(), () => {
      this.#isPumping = false
      if (this.#isOver) return
      if (this.#size > 0) this.#deliver()
      else if (this.#isEnding) {
        this.#isOver = true
        this.#options.onEnd()
      }
      this.#pump()
    })
  }

  #deliver(): void {
    const { deliver, onCut, world } = this.#options
    const piece = this.#take()
    const left = this.#leftOf(piece)
    const part = left === null ? piece : piece.subarray(0, left)
    this.#delivered += part.length
    world.book.mark(`${part.length} bytes`)
    if (part.length > 0 && !deliver(part)) this.#isFull = true
    if (left !== null) onCut(part.at(-1) ?? NEWLINE)
  }

  /** How much of a piece still arrives before the channel dies; null when all of it does, and more. */
  #leftOf(piece: Buffer): number | null {
    const { cut } = this.#options
    if (cut === null || this.#delivered + piece.length < cut.afterBytes) return null
    const left = Math.max(0, cut.afterBytes - this.#delivered)
    if (!cut.isAtLineEnd) return left
    const end = piece.indexOf(NEWLINE, left)
    return end === -1 ? null : end + 1
  }

  #take(): Buffer {
    const first = this.#queue[0] ?? Buffer.alloc(0)
    const all = this.#size > MAX_PIECE ? first : Buffer.concat(this.#queue)
    const length = Math.min(this.#pieceSize(all.length), MAX_PIECE)
    if (this.#size <= MAX_PIECE) this.#queue = [all]
    if (length === all.length) this.#queue.shift()
    else this.#queue[0] = all.subarray(length)
    this.#size -= length
    const piece = all.subarray(0, length)
    if (piece.at(-1) !== NEWLINE) this.#options.world.book.cover('bytes split inside a line')
    return piece
  }

  #pieceSize(available: number): number {
    const { dice, world } = this.#options
    if (!world.hasFaults() || available >= MAX_PIECE || dice.happens(0.5)) return available
    return dice.happens(0.6) ? dice.between(1, available) : Math.min(available, dice.between(1, 12))
  }

  #delayMs(): number {
    const { dice, world } = this.#options
    if (this.#size >= MAX_PIECE || !world.hasFaults() || dice.happens(0.85)) return dice.between(0, 3)
    if (dice.happens(0.9)) return dice.between(5, 150)
    world.book.cover('bytes delayed for seconds')
    return dice.between(1_000, 8_000)
  }
}
