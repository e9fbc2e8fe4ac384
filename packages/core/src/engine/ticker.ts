import { type Clock, messageOf, type RunId } from '@tron/model'
import type { RunRow } from '@tron/store'
import type { Input } from '../decide/input.ts'
import { createDueHeap, type DueHeap } from './due-heap.ts'

/** The clock is looked at this often at least, and each look is committed: a stop of the process is told by the gap. */
const LOOK_MS = 30_000
/** A gap of so many looks means that nobody watched the clock meanwhile. */
const GAP_LOOKS = 3
/** So many runs that are due together are decided in one go: thousands at one instant let others have their turn in between. */
const DUE_RUNS = 64

export interface TickerOptions {
  readonly clock: Clock
  /** How often the clock is looked at at least; half a minute unless told. */
  readonly lookMs?: number
  readonly read: (id: RunId) => RunRow | undefined
  submit(input: Input): Promise<unknown>
  warn(message: string): void
}

/** Turns time into inputs, with one timer: for the next run that is due, and every half minute anyway, which bounds how late a clock that was set is noticed. */
export interface Ticker {
  /** Notes runs that a commit changed. */
  note(run: RunRow): void
  start(): void
  stop(): void
}

export function createTicker(options: TickerOptions): Ticker {
  const { clock, lookMs = LOOK_MS } = options
  const heap = createDueHeap()
  const firing = createFiring(options, heap)
  let cancel: (() => void) | null = null
  let armedFor = Infinity
  let lastLookMs = clock.nowMs()
  let running = false
  /** The last look failed. */
  let failed = false
  /** A gap has yet to be accounted for, before which nothing fires: the next look waits its turn, whatever is due. */
  let held = false

  const look = async () => {
    const nowMs = clock.nowMs()
    held = nowMs - lastLookMs > GAP_LOOKS * lookMs
    if (held) await options.submit({ kind: 'resume', sinceMs: lastLookMs })
    held = false
    lastLookMs = nowMs
    const alone = failed
    failed = false
    await firing.fireDue(nowMs, alone)
  }

  const arm = () => {
    if (!running) return
    const nowMs = clock.nowMs()
    const at = held ? nowMs + lookMs : Math.min(heap.nextMs() ?? Infinity, nowMs + lookMs)
    if (cancel !== null && at >= armedFor) return
    cancel?.()
    armedFor = at
    cancel = clock.timer(Math.max(0, at - nowMs), fire)
  }

  const fire = () => {
    cancel = null
    armedFor = Infinity
    look()
      .catch((error: unknown) => {
        failed = true
        options.warn(messageOf(error))
      })
      .finally(arm)
  }

  return {
    note(run) {
      if (run.dueMs === null || run.phase !== 'pending') return
      heap.note(run)
      arm()
    },
    start() {
      running = true
      lastLookMs = clock.nowMs()
      arm()
    },
    stop() {
      running = false
      cancel?.()
    },
  }
}

interface Firing {
  /** Submits what is due, `alone`: each for itself. What did not fire stays noted. @throws what refused any of it */
  fireDue(nowMs: number, alone: boolean): Promise<void>
}

function createFiring(options: TickerOptions, heap: DueHeap): Firing {
  const { clock, read } = options
  /** Runs that were due and did not fire: they are noted again at the next look, not at once, which could go on without end. */
  let left: RunId[] = []

  const keep = (id: RunId) => {
    const run = read(id)
    if (run?.phase !== 'pending' || run.dueMs === null) return
    if (run.dueMs > clock.nowMs()) heap.note(run)
    else left.push(id)
  }

  const takeDue = (nowMs: number) => {
    const again = left
    left = []
    for (const run of again.map(read)) if (run !== undefined) heap.note(run)
    return heap.takeDue(nowMs, read)
  }

  return {
    async fireDue(nowMs, alone) {
      // Alone means a commit of its own each: one that cannot be taken in must not hold up the others.
      const parts = inParts(takeDue(nowMs), alone ? 1 : DUE_RUNS)
      const errors: unknown[] = []
      for (const part of parts) {
        try {
          await options.submit({ kind: 'tick', due: part })
        } catch (error) {
          errors.push(error)
        }
        // Until a tick is decided the clock may have gone back, or the tick was refused: what is pending still is yet to be fired.
        for (const id of part) keep(id)
      }
      if (errors.length > 0) throw errors[0]
    },
  }
}

/** The runs in parts of at most `size`; one part without any where there are none, since the look itself is noted. */
function inParts(due: readonly RunId[], size: number): readonly (readonly RunId[])[] {
  const parts: (readonly RunId[])[] = [due.slice(0, size)]
  for (let at = size; at < due.length; at += size) parts.push(due.slice(at, at + size))
  return parts
}
