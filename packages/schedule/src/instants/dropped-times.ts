import type { PlacedSchedule } from './compile-schedule.ts'
import type { WallMs } from './day-matcher.ts'
import { type AffectedTimes, type ClockChange, mergedNote, omittedNote, skippedNote } from './dst-notes.ts'
import type { ZoneSpan } from './zone-clock.ts'

/** Times that a schedule names and that have no instant of their own because of a change of the clocks: one, or a row of them. */
export interface DroppedTimes {
  /** When the first would have come; for times that the clocks leave out, when the clocks are changed. */
  readonly atMs: number
  readonly firstWall: WallMs
  /** What the wall clock was ahead of UTC when it showed the first; for times that it never shows, what it was until then. */
  readonly offsetMs: number
  readonly note: string
}

const DAY_MS = 86_400_000

/** The dropped times with an instant in (fromMs, toMs], in order of time. */
export function droppedTimes(
  schedule: PlacedSchedule,
  range: { readonly fromMs: number; readonly toMs: number },
): readonly DroppedTimes[] {
  const found: DroppedTimes[] = []
  // No change of the clocks is larger than a day, so none that begins later has times in the range.
  for (
    let span = schedule.clock(range.fromMs);
    span.fromMs <= range.toMs + DAY_MS;
    span = schedule.clock(span.toMs)
  ) {
    if (span.fromMs !== -Infinity) found.push(...droppedBy(schedule, changeInto(schedule.zone, span), range))
    if (span.toMs === Infinity) break
  }
  return found
}

function changeInto(zone: string, span: ZoneSpan): ClockChange {
  return { zone, atMs: span.fromMs, beforeMs: span.beforeMs, afterMs: span.offsetMs }
}

function droppedBy(
  schedule: PlacedSchedule,
  change: ClockChange,
  range: { readonly fromMs: number; readonly toMs: number },
): readonly DroppedTimes[] {
  const { rule } = schedule
  const { atMs, beforeMs, afterMs } = change
  const inRange = (instant: number) => instant > range.fromMs && instant <= range.toMs
  if (afterMs > beforeMs) {
    if (!inRange(atMs)) return []
    const leftOut = walls(schedule, atMs + beforeMs, atMs + afterMs)
    const lost = rule.moved ? leftOut.filter((wall) => isMet(schedule, wall + afterMs - beforeMs)) : leftOut
    const note = rule.moved ? mergedNote : skippedNote
    return row(lost, (times) => ({ atMs, offsetMs: beforeMs, note: note(change, times) }))
  }
  const twice = walls(schedule, atMs + afterMs, atMs + beforeMs)
  const omitted = (which: 'first' | 'second', offsetMs: number) =>
    row(
      twice.filter((wall) => inRange(wall - offsetMs)),
      (times) => ({
        atMs: times.firstWall - offsetMs,
        offsetMs,
        note: omittedNote(change, times, which),
      }),
    )
  return [
    ...(rule.first ? [] : omitted('first', beforeMs)),
    ...(rule.second ? [] : omitted('second', afterMs)),
  ]
}

function row(
  lost: readonly WallMs[],
  told: (times: AffectedTimes) => Omit<DroppedTimes, 'firstWall'>,
): readonly DroppedTimes[] {
  const [firstWall] = lost
  const lastWall = lost.at(-1)
  if (firstWall === undefined || lastWall === undefined) return []
  return [{ firstWall, ...told({ firstWall, lastWall, count: lost.length }) }]
}

/** The times that a schedule names from one to before another. */
function walls({ nextWall }: PlacedSchedule, from: WallMs, to: WallMs): readonly WallMs[] {
  const found: WallMs[] = []
  for (let wall = nextWall(from - 1); wall !== null && wall < to; wall = nextWall(wall)) found.push(wall)
  return found
}

/** Whether the schedule names that time by itself. */
function isMet({ nextWall }: PlacedSchedule, wall: WallMs): boolean {
  return nextWall(wall - 1) === wall
}
