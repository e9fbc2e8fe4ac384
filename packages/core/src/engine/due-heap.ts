import type { RunId } from '@tron/model'
import type { RunRow } from '@tron/store'

interface Entry {
  readonly dueMs: number
  readonly id: RunId
}

/** Which runs are due next. Entries are checked against the records when they come up, so changed and removed runs need no search. */
export interface DueHeap {
  /** Notes a run that was put; runs without an instant are left out. */
  note(run: RunRow): void
  /** When the next run may be due; null when none waits. */
  nextMs(): number | null
  /** Takes out the runs that are due at `nowMs` by the records. */
  takeDue(nowMs: number, read: (id: RunId) => RunRow | undefined): readonly RunId[]
}

export function createDueHeap(): DueHeap {
  const heap: Entry[] = []

  const swap = (a: number, b: number) => {
    const first = heap[a]
    const second = heap[b]
    if (first === undefined || second === undefined) return
    heap[a] = second
    heap[b] = first
  }
  const before = (a: number, b: number) => (heap[a]?.dueMs ?? Infinity) < (heap[b]?.dueMs ?? Infinity)

  const push = (entry: Entry) => {
    heap.push(entry)
    let at = heap.length - 1
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (!before(at, parent)) return
      swap(at, parent)
      at = parent
    }
  }

  const pop = (): Entry | undefined => {
    const top = heap[0]
    const last = heap.pop()
    if (heap.length > 0 && last !== undefined) {
      heap[0] = last
      sink()
    }
    return top
  }

  const sink = () => {
    let at = 0
    for (;;) {
      const left = 2 * at + 1
      const least = before(left + 1, left) ? left + 1 : left
      if (!before(least, at)) return
      swap(at, least)
      at = least
    }
  }

  return {
    note: (run) => {
      if (run.dueMs !== null) push({ dueMs: run.dueMs, id: run.id })
    },
    nextMs: () => heap[0]?.dueMs ?? null,
    takeDue(nowMs, read) {
      const due = new Set<RunId>()
      for (let top = heap[0]; top !== undefined && top.dueMs <= nowMs; top = heap[0]) {
        pop()
        if (read(top.id)?.dueMs === top.dueMs) due.add(top.id)
      }
      return [...due]
    },
  }
}
