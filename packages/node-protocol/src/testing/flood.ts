import { memoryUsage } from 'node:process'
import type { ProgramOutput } from './sim-channel.ts'
import { collectGarbage } from './unsafe-collect-garbage.ts'
import type { World } from './world.ts'

const MIB = 1024 * 1024
/** Whoever sends more than this without an end must have been cut off. */
const CUT_LIMIT = 40 * MIB
/** What is dropped may come for ever; so much is enough to see whether it is kept instead. */
const HELD_FLOOD = 20 * MIB
const HELD_LIMIT = 12 * MIB
/** So much is on its way at most: a node cannot send faster than it is read. */
const WINDOW = MIB

/** How much comes at once. */
export const FLOOD_PIECE = MIB / 2

export interface Flood {
  readonly kind: 'greeting' | 'answer' | 'journal' | 'bulk'
  readonly of: 'stdout' | 'stderr'
  /** What comes again and again: always the same memory, so that what grows is what the other side keeps. */
  readonly piece: Buffer
  /** Whether the other side must cut the channel off, or may drop what comes. */
  readonly limit: 'cut' | 'held'
}

/** Sends without end, until nobody listens any more or a rule is broken. Once in a run for each kind: the next would show nothing new. */
export function createFlood(world: World): (output: ProgramOutput, flood: Flood) => void {
  const done = new Set<string>()
  return (output, flood) => {
    if (done.has(flood.kind)) return
    done.add(flood.kind)
    pour(world, output, flood)
  }
}

function pour(world: World, output: ProgramOutput, { of, piece, limit }: Flood): void {
  const before = limit === 'held' ? keptBytes() : 0
  let sent = 0
  const more = (): void => {
    if (!output.isHeard()) return
    if (output.backlog() < WINDOW) {
      output[of](piece)
      sent += piece.length
    }
    if (limit === 'cut' && sent > CUT_LIMIT) {
      world.book.broken('memory', `${sent} bytes without an end were taken from ${of}`)
      return
    }
    if (limit === 'held' && sent > HELD_FLOOD) {
      const held = keptBytes() - before
      if (held > HELD_LIMIT)
        world.book.broken('memory', `of ${sent} bytes without an end, ${of} keeps about ${held}`)
      output[of](Buffer.from('\n'))
      return
    }
    world.clock.timer(1, more)
  }
  more()
}

/** What buffers hold that somebody still has. Garbage that nobody collected yet would make the answer depend on luck. */
function keptBytes(): number {
  collectGarbage()
  return memoryUsage().arrayBuffers
}
