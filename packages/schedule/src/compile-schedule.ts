import { type ScheduleSpec, TronError } from '@tron/model'
import type { CompiledSchedule, Instant } from './compiled-schedule.ts'
import { lowerSchedule } from './lowered-schedule.ts'
import { offsetMs, placeTime, showWallTime } from './placed-time.ts'
import { nextWallTime, type WallPattern } from './wall-pattern.ts'

/**
 * Makes a schedule that can be asked for instants. Fixed hours come at the first of two equal times, and a time that the clocks skip comes as
 * much later as they were put forward; a schedule of every hour runs through both of two equal hours. An interval counts from the epoch.
 * @throws CONFIG_INVALID when the text is not a schedule or can never match
 */
export function compileSchedule(spec: ScheduleSpec): CompiledSchedule {
  const lowered = lowerSchedule(spec.kind, spec.value)
  if (!lowered.ok)
    throw new TronError('CONFIG_INVALID', `schedule "${spec.kind} ${spec.value}": ${lowered.reason}`)
  if ('everyMs' in lowered.value) return intervalSchedule(lowered.value.everyMs)
  const pattern = lowered.value.wall
  return { next: (afterMs) => nextInstant(pattern, spec.zone, afterMs) }
}

function intervalSchedule(everyMs: number): CompiledSchedule {
  return { next: (afterMs) => ({ atMs: (Math.floor(afterMs / everyMs) + 1) * everyMs, note: null }) }
}

/** An instant, and whether the zone's clocks made it another than the wall time says. */
interface Candidate extends Instant {
  readonly ordinary: boolean
}

/**
 * Near a change of the clocks, order on the wall is not order in time: times just before `afterMs` on the wall may still come, moved or for the
 * second time. So the search starts earlier by the size of the change, and goes on until nothing later on the wall can come sooner.
 */
function nextInstant(pattern: WallPattern, zone: string, afterMs: number): Instant | null {
  const offset = offsetMs(zone, afterMs)
  const change = nearbyChange(zone, afterMs, offset)
  let best: Candidate | null = null
  let wall = nextWallTime(pattern, afterMs + offset - change)
  while (wall !== null) {
    if (best !== null && wall - change > best.atMs + offsetMs(zone, best.atMs)) break
    for (const candidate of candidates(pattern, zone, wall)) {
      if (candidate.atMs > afterMs && isSooner(candidate, best)) best = candidate
    }
    if (change === 0 && best?.ordinary === true) break
    wall = nextWallTime(pattern, wall)
  }
  return best === null ? null : { atMs: best.atMs, note: best.note }
}

function isSooner(candidate: Candidate, best: Candidate | null): boolean {
  if (best === null || candidate.atMs < best.atMs) return true
  return candidate.atMs === best.atMs && candidate.ordinary
}

/** The largest change of the clocks within a day of an instant, in milliseconds. */
function nearbyChange(zone: string, atMs: number, offset: number): number {
  const dayAndMore = 25 * 3_600_000
  const before = Math.abs(offset - offsetMs(zone, atMs - dayAndMore))
  const after = Math.abs(offset - offsetMs(zone, atMs + dayAndMore))
  return Math.max(before, after)
}

function candidates(pattern: WallPattern, zone: string, wall: number): readonly Candidate[] {
  const placed = placeTime(zone, wall)
  if (placed.moved) {
    const note = `${showWallTime(wall)} does not exist in ${zone}: the clocks are put forward`
    return [{ atMs: placed.atMs, note, ordinary: false }]
  }
  const first = { atMs: placed.atMs, note: null, ordinary: true }
  if (placed.againMs === null || pattern.hours.length < 24) return [first]
  const note = `${showWallTime(wall)} comes twice in ${zone}: this is the second, after the clocks were put back`
  return [first, { atMs: placed.againMs, note, ordinary: false }]
}
