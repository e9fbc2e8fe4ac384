import type { Clock } from '@tron/model'

/** Who reads a clock: its wall time may differ from the true one, and when it is dead its timers are silent. */
export interface ClockOwner {
  /** Added to the true time. */
  readonly offsetMs: number
  readonly dead: boolean
}

/** The one time of a simulation. It moves only by `next`, to the instant of the next timer. */
export interface VirtualTime {
  /** True time, milliseconds since the epoch. */
  nowMs(): number
  /** Calls at a true time, or at once when that has passed; timers of one instant in the order they were set. The returned function takes it back. */
  at(ms: number, call: () => void): () => void
  /** Calls what is due next, if it is due by then. Answers whether something was. */
  next(untilMs: number): boolean
  clockOf(owner: ClockOwner): Clock
}

interface Timer {
  readonly at: number
  readonly order: number
  readonly call: () => void
  off: boolean
}

/** @param startMs the true time to begin with */
export function createVirtualTime(startMs: number): VirtualTime {
  const heap: Timer[] = []
  let now = startMs
  let order = 0

  const at = (ms: number, call: () => void): (() => void) => {
    order += 1
    const timer: Timer = { at: Math.max(now, Math.ceil(ms)), order, call, off: false }
    push(heap, timer)
    return () => {
      timer.off = true
    }
  }

  return {
    nowMs: () => now,
    at,
    next(untilMs) {
      for (let first = heap[0]; first !== undefined && first.at <= untilMs; first = heap[0]) {
        pop(heap)
        if (first.off) continue
        now = first.at
        first.call()
        return true
      }
      return false
    },
    clockOf: (owner) => createClock(owner, { startMs, now: () => now, at }),
  }
}

function createClock(
  owner: ClockOwner,
  time: { readonly startMs: number; readonly now: () => number; readonly at: VirtualTime['at'] },
): Clock {
  const timer = (ms: number, call: () => void): (() => void) =>
    time.at(time.now() + Math.max(0, ms), () => {
      if (!owner.dead) call()
    })
  return {
    nowMs: () => time.now() + owner.offsetMs,
    monotonicMs: () => time.now() - time.startMs,
    timer,
    sleep: (ms, { signal } = {}) =>
      new Promise((resolve, reject) => {
        const abort = (): void => {
          cancel()
          reject(signal?.reason)
        }
        const cancel = timer(ms, () => {
          signal?.removeEventListener('abort', abort)
          resolve()
        })
        if (signal?.aborted === true) abort()
        else signal?.addEventListener('abort', abort, { once: true })
      }),
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.push(timer) - 1
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !before(timer, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = timer
}

function pop(heap: Timer[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    const left = heap[child]
    if (left === undefined) break
    const right = heap[child + 1]
    if (right !== undefined && before(right, left)) child += 1
    const lower = heap[child]
    if (lower === undefined || !before(lower, last)) break
    heap[index] = lower
    index = child
  }
  heap[index] = last
}
