import type { Stream } from '@tron/executor'
import type { Dice } from './dice.ts'

/** What a command of a simulation does, once it runs. */
export interface CommandPlan {
  readonly durationMs: number
  readonly code: number
  readonly ignoresTerm: boolean
  /** A child that holds the output open after the command ended; null when there is none. */
  readonly child: { readonly durationMs: number; readonly isMarked: boolean } | null
  readonly writes: readonly PlannedWrite[]
}

/** Bytes that it writes so long after it began. */
export interface PlannedWrite {
  readonly afterMs: number
  readonly stream: Stream
  readonly bytes: Buffer
}

export function planCommand(dice: Dice): CommandPlan {
  const durationMs = dice.pick([
    0,
    0,
    dice.between(1, 60),
    dice.between(500, 4_000),
    dice.between(5_000, 400_000),
  ])
  const child = dice.happens(0.15)
    ? { durationMs: durationMs + dice.between(200, 15_000), isMarked: dice.happens(0.7) }
    : null
  return {
    durationMs,
    code: dice.pick([0, 0, 0, 1, 3, 127, 143, 255]),
    ignoresTerm: dice.happens(0.25),
    child,
    writes: planWrites(dice, child?.durationMs ?? durationMs),
  }
}

function planWrites(dice: Dice, withinMs: number): readonly PlannedWrite[] {
  const total = dice.pick([
    0,
    dice.between(1, 90),
    dice.between(100, 5_000),
    dice.between(20_000, 60_000),
    dice.between(100_000, 300_000),
  ])
  if (total === 0) return []
  const count = total > 66_000 ? dice.between(1, 2) : dice.between(1, 4)
  const writes = Array.from({ length: count }, (_, index) => {
    const afterMs = dice.happens(0.3) ? withinMs : dice.between(0, withinMs)
    const stream: Stream = dice.happens(0.7) ? 'stdout' : 'stderr'
    return { afterMs, stream, bytes: planBytes(dice, Math.ceil(total / count), index) }
  })
  return writes.toSorted((a, b) => a.afterMs - b.afterMs)
}

/** Bytes that look like nothing else, with what the protocol itself uses among them. */
function planBytes(dice: Dice, length: number, index: number): Buffer {
  const step = dice.between(1, 255) | 1
  const first = dice.between(0, 255)
  const bytes = Buffer.allocUnsafe(length)
  for (let at = 0; at < length; at += 1) bytes[at] = (first + at * step + (at >> 8)) & 255
  const words = ['\n= t7 sent .\n', '\nEND ', 'b 12 .\n', '\0\n', 'BULK '][index % 5] ?? ''
  if (length > words.length * 2) bytes.write(words, dice.between(0, length - words.length), 'latin1')
  return bytes
}
