import type { AttemptId } from '@tron/model'

/** An attempt whose output is to be fetched. */
export interface Wanted {
  readonly id: AttemptId
  /** The key of its target. */
  readonly target: string
  readonly urgent: boolean
  /** To be called when that is done, or could not be. */
  readonly done: readonly (() => void)[]
}

/** What waits to be fetched. A step costs the same however much waits: a node that comes back brings thousands. */
export interface FetchQueue {
  /** What waits already waits once: as urgently as it was wanted at most, and with all that is to be called. */
  add(wanted: Wanted): void
  has(id: AttemptId): boolean
  ids(): Iterable<AttemptId>
  /** Takes the next one: what is urgent before all else, the targets in turn. Undefined where none may be taken. */
  take(mayTake: MayTake): Wanted | undefined
  /** Takes all. */
  clear(): readonly Wanted[]
}

/** Says no to a few at a time only: to what is being fetched, and to where enough is. */
export interface MayTake {
  readonly from: (target: string) => boolean
  readonly one: (id: AttemptId) => boolean
}

/** What waits, by target. */
type Lines = Map<string, Map<AttemptId, Wanted>>

export function createFetchQueue(): FetchQueue {
  const all = new Map<AttemptId, Wanted>()
  const urgent: Lines = new Map()
  const others: Lines = new Map()
  const linesOf = (wanted: Wanted) => (wanted.urgent ? urgent : others)

  const remove = (wanted: Wanted) => {
    const lines = linesOf(wanted)
    const line = lines.get(wanted.target)
    all.delete(wanted.id)
    lines.delete(wanted.target)
    line?.delete(wanted.id)
    // Behind the others: it had its turn.
    if (line !== undefined && line.size > 0) lines.set(wanted.target, line)
  }

  const put = (wanted: Wanted) => {
    const lines = linesOf(wanted)
    const line = lines.get(wanted.target) ?? new Map<AttemptId, Wanted>()
    all.set(wanted.id, wanted)
    lines.set(wanted.target, line.set(wanted.id, wanted))
  }

  return {
    has: (id) => all.has(id),
    ids: () => all.keys(),
    add(wanted) {
      const known = all.get(wanted.id)
      if (known === undefined) {
        put(wanted)
        return
      }
      const both = { ...known, urgent: known.urgent || wanted.urgent, done: [...known.done, ...wanted.done] }
      if (both.urgent !== known.urgent) remove(known)
      put(both)
    },
    take(mayTake) {
      for (const lines of [urgent, others]) {
        const next = firstOf(lines, mayTake)
        if (next === undefined) continue
        remove(next)
        return next
      }
      return undefined
    },
    clear() {
      const left = [...all.values()]
      for (const map of [all, urgent, others]) map.clear()
      return left
    },
  }
}

function firstOf(lines: Lines, mayTake: MayTake): Wanted | undefined {
  for (const [target, line] of lines) {
    if (!mayTake.from(target)) continue
    for (const wanted of line.values()) if (mayTake.one(wanted.id)) return wanted
  }
  return undefined
}
