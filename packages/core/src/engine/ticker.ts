import { type Clock, messageOf, type RunId } from '@tron/model'
import type { RunRow } from '@tron/store'
import type { Input } from '../decide/input.ts'
import { createDueHeap } from './due-heap.ts'

/** The clock is looked at this often at least, and each look is committed: a stop of the process is told by the gap. */
const LOOK_MS = 30_000
/** A gap of this length between two looks means that nobody watched the clock meanwhile. */
const GAP_MS = 90_000

export interface TickerOptions {
  readonly clock: Clock
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
  const { clock } = options
  const heap = createDueHeap()
  let cancel: (() => void) | null = null
  let armedFor = Infinity
  let lastLookMs = clock.nowMs()
  let running = false

  const look = async () => {
    const nowMs = clock.nowMs()
    if (nowMs - lastLookMs > GAP_MS) await options.submit({ kind: 'resume', sinceMs: lastLookMs })
    lastLookMs = nowMs
    await options.submit({ kind: 'tick', due: heap.takeDue(nowMs, options.read) })
  }

  const arm = () => {
    if (!running) return
    const nowMs = clock.nowMs()
    const at = Math.min(heap.nextMs() ?? Infinity, nowMs + LOOK_MS)
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
