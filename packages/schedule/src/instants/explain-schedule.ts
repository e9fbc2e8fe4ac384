import type { ScheduleSpec } from '@tron/model'
import { Temporal } from '@tron/model/temporal'
import { LIMIT_MS } from '../limit.ts'
import { compileSchedule, placeSchedule } from './compile-schedule.ts'
import type { Instant } from './compiled-schedule.ts'
import { type DroppedTimes, droppedTimes } from './dropped-times.ts'

/** One line of an explanation: an instant of the schedule, or times that a change of the clocks took from it. */
export interface ExplainedInstant {
  /** Such as `2024-03-10T10:30:00Z`; null for dropped times, which have no run. */
  readonly utc: string | null
  /**
   * The time on the wall with its offset, such as `2024-03-10T03:30:00-07:00`. Of dropped times, the first, as the wall shows it; where the wall never
   * does, with the offset that it had until then.
   */
  readonly local: string
  /** What a change of the clocks did: moved, doubled, dropped, and why. Null for ordinary instants. */
  readonly note: string | null
}

/** Where a schedule has no more instants, this many lines of dropped times are told. */
const MOST_DROPPED = 20

/**
 * The next instants of a schedule strictly after `fromMs`, before jitter, in order, with what a change of the clocks moved, doubled or dropped between
 * them. `count` counts instants; lines of dropped times come beside. Fewer come where the schedule has none left before the year 2400.
 * @throws CONFIG_INVALID when the text is not a schedule or can never match
 */
export function explainSchedule(
  spec: ScheduleSpec,
  asked: { readonly fromMs: number; readonly count: number },
): readonly ExplainedInstant[] {
  const schedule = compileSchedule(spec)
  const placed = placeSchedule(spec)
  const lines: ExplainedInstant[] = []
  let fromMs = asked.fromMs
  for (let told = 0; told < asked.count; told += 1) {
    const instant = schedule.next(fromMs)
    const range = { fromMs, toMs: instant?.atMs ?? LIMIT_MS }
    const dropped = 'everyMs' in placed ? [] : droppedTimes(placed, range)
    lines.push(...dropped.slice(0, instant === null ? MOST_DROPPED : undefined).map(droppedLine))
    if (instant === null) break
    lines.push(instantLine(instant, spec.zone))
    fromMs = instant.atMs
  }
  return lines
}

function instantLine({ atMs, note }: Instant, zone: string): ExplainedInstant {
  const instant = Temporal.Instant.fromEpochMilliseconds(atMs)
  const local = instant.toString({ timeZone: zone, smallestUnit: 'second' })
  return { utc: instant.toString({ smallestUnit: 'second' }), local, note }
}

function droppedLine({ firstWall, offsetMs, note }: DroppedTimes): ExplainedInstant {
  const wall = Temporal.Instant.fromEpochMilliseconds(firstWall).toString({ smallestUnit: 'second' })
  return { utc: null, local: `${wall.slice(0, -1)}${offsetText(offsetMs)}`, note }
}

/** Such as `-07:00`, to the minute as Temporal writes it: before there were zones, offsets had seconds. */
function offsetText(offsetMs: number): string {
  const minutes = Math.round(Math.abs(offsetMs) / 60_000)
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
  return `${offsetMs < 0 ? '-' : '+'}${hours}:${rest}`
}
