import { type ScheduleSpec, TronError } from '@tron/model'
import { LIMIT_MS } from '../limit.ts'
import { lowerSchedule } from '../read/lowered-schedule.ts'
import type { CompiledSchedule, Instant } from './compiled-schedule.ts'
import { movedNote, twiceNote } from './dst-notes.ts'
import { type DstRule, dstRule } from './dst-rule.ts'
import { createWallMatcher, type WallMatcher } from './wall-matcher.ts'
import { type ZoneClock, type ZoneSpan, zoneClock } from './zone-clock.ts'

/**
 * Makes a schedule that can be asked for instants. What becomes of times that a change of the clocks leaves out or shows twice is said at `dstRule`;
 * `auto` where the schedule states no policy. An interval counts from the epoch and knows no clocks.
 * @throws CONFIG_INVALID when the text is not a schedule or can never match
 */
export function compileSchedule(spec: ScheduleSpec): CompiledSchedule {
  const placed = placeSchedule(spec)
  return 'everyMs' in placed ? intervalSchedule(placed.everyMs) : { next: (afterMs) => next(placed, afterMs) }
}

/** A schedule of times on the wall, in its zone. */
export interface PlacedSchedule {
  readonly zone: string
  readonly clock: ZoneClock
  readonly rule: DstRule
  readonly nextWall: WallMatcher
}

/**
 * Reads a schedule and puts it in its zone.
 * @throws CONFIG_INVALID when the text is not a schedule or can never match
 */
export function placeSchedule(spec: ScheduleSpec): PlacedSchedule | { readonly everyMs: number } {
  const lowered = lowerSchedule(spec.kind, spec.value)
  if (!lowered.ok)
    throw new TronError('CONFIG_INVALID', `schedule "${spec.kind} ${spec.value}": ${lowered.reason}`)
  if ('everyMs' in lowered.value) return lowered.value
  const { wall } = lowered.value
  return {
    zone: spec.zone,
    clock: zoneClock(spec.zone),
    rule: dstRule(spec.dst ?? 'auto', wall),
    nextWall: createWallMatcher(wall),
  }
}

function intervalSchedule(everyMs: number): CompiledSchedule {
  return {
    next: (afterMs) => {
      const atMs = (Math.floor(afterMs / everyMs) + 1) * everyMs
      return atMs < LIMIT_MS ? { atMs, note: null } : null
    },
  }
}

/**
 * Between two changes of the clocks, order on the wall is order in time, so each such span is searched for itself. What a gap moves lands at the
 * beginning of the span after it: no zone changes its clocks again before that is over.
 */
function next(schedule: PlacedSchedule, afterMs: number): Instant | null {
  let lower = afterMs
  let span = schedule.clock(afterMs)
  while (span.fromMs < LIMIT_MS) {
    const ordinary = ordinaryTime(schedule, span, lower)
    const moved = movedTime(schedule, span, lower)
    if (moved !== null && (ordinary === null || moved.atMs < ordinary.atMs)) return moved
    if (ordinary !== null) return ordinary
    if (span.toMs === Infinity) return null
    lower = span.toMs - 1
    span = schedule.clock(span.toMs)
  }
  return null
}

/** The first time after `lower` that the clocks show in a span, but for those that the policy takes from the other side of a change. */
function ordinaryTime(schedule: PlacedSchedule, span: ZoneSpan, lower: number): Instant | null {
  const { zone, rule, nextWall } = schedule
  const { fromMs, toMs, offsetMs, beforeMs, afterMs } = span
  const second = fromMs + beforeMs
  const after = lower + offsetMs
  const wall = nextWall(rule.second || after >= second ? after : second - 1)
  if (wall === null || wall >= toMs + offsetMs) return null
  const atMs = wall - offsetMs
  if (wall >= toMs + afterMs) {
    if (!rule.first) return null
    return { atMs, note: twiceNote({ zone, atMs: toMs, beforeMs: offsetMs, afterMs }, wall, 'first') }
  }
  if (wall >= second) return { atMs, note: null }
  return { atMs, note: twiceNote({ zone, atMs: fromMs, beforeMs, afterMs: offsetMs }, wall, 'second') }
}

/** The first time after `lower` that the clocks left out when the span began, where the policy moves it into the span. */
function movedTime(schedule: PlacedSchedule, span: ZoneSpan, lower: number): Instant | null {
  const { zone, rule, nextWall } = schedule
  const { fromMs, offsetMs, beforeMs } = span
  if (!rule.moved || lower >= fromMs + offsetMs - beforeMs) return null
  const wall = nextWall(Math.max(lower, fromMs - 1) + beforeMs)
  if (wall === null || wall >= fromMs + offsetMs) return null
  return {
    atMs: wall - beforeMs,
    note: movedNote({ zone, atMs: fromMs, beforeMs, afterMs: offsetMs }, wall),
  }
}
