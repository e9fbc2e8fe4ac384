import { Temporal } from '@tron/model/temporal'
import { lengthInWords } from '../words/length-in-words.ts'
import type { WallMs } from './day-matcher.ts'

/** A change of a zone's clocks: at an instant, from one offset to another. */
export interface ClockChange {
  readonly zone: string
  readonly atMs: number
  readonly beforeMs: number
  readonly afterMs: number
}

/** Times that one change leaves out, or shows twice: one, or a row of them from the first to the last. */
export interface AffectedTimes {
  readonly firstWall: WallMs
  readonly lastWall: WallMs
  readonly count: number
}

/** Why a time that does not exist is due at another. */
export function movedNote(change: ClockChange, wall: WallMs): string {
  return `${leftOut(change, oneTime(wall))}: moved ${lengthOf(change)} later`
}

/** Why a time that comes twice is due at this one of the two. */
export function twiceNote(change: ClockChange, wall: WallMs, which: 'first' | 'second'): string {
  return `${twice(change, oneTime(wall))}: this is the ${which}`
}

/** Why times that do not exist have no instant. */
export function skippedNote(change: ClockChange, times: AffectedTimes): string {
  return `${leftOut(change, times)}: left out`
}

/** Why times that do not exist have no instant of their own. */
export function mergedNote(change: ClockChange, times: AffectedTimes): string {
  const later = change.afterMs - change.beforeMs
  const [first, last] = [times.firstWall + later, times.lastWall + later]
  const show = dayOf(times.firstWall) === dayOf(last) ? timeOf : showTime
  const met =
    times.count === 1
      ? `it falls together with ${show(first)}`
      : `they fall together with ${show(first)} to ${show(last)}`
  return `${leftOut(change, times)}: moved ${lengthOf(change)} later ${met}`
}

/** Why one of two equal times is not due. */
export function omittedNote(change: ClockChange, times: AffectedTimes, which: 'first' | 'second'): string {
  return `${twice(change, times)}: the ${which} ${times.count === 1 ? 'is' : 'ones are'} left out`
}

function oneTime(wall: WallMs): AffectedTimes {
  return { firstWall: wall, lastWall: wall, count: 1 }
}

function leftOut(change: ClockChange, times: AffectedTimes): string {
  return `${showTimes(times)} ${times.count === 1 ? 'does' : 'do'} not exist in ${change.zone}, ${howClocksGo(change)}`
}

function twice(change: ClockChange, times: AffectedTimes): string {
  return `${showTimes(times)} ${times.count === 1 ? 'comes' : 'come'} twice in ${change.zone}, ${howClocksGo(change)}`
}

/** The text of the change that was told last: its times follow each other. */
let told: { readonly zone: string; readonly atMs: number; readonly text: string } | null = null

function howClocksGo({ zone, atMs, beforeMs, afterMs }: ClockChange): string {
  if (told?.zone === zone && told.atMs === atMs) return told.text
  const [from, to] = [atMs + beforeMs, atMs + afterMs]
  const way = to > from ? 'forward' : 'back'
  const show = dayOf(from) === dayOf(to) ? timeOf : showTime
  const text = `where the clocks go ${way} from ${show(from)} to ${show(to)}`
  told = { zone, atMs, text }
  return text
}

function showTimes({ firstWall, lastWall, count }: AffectedTimes): string {
  if (count === 1) return showTime(firstWall)
  const last = dayOf(firstWall) === dayOf(lastWall) ? timeOf(lastWall) : showTime(lastWall)
  return `${showTime(firstWall)} to ${last} (${count} times)`
}

/** A time on the wall for people, such as `2024-03-10 02:30`; seconds only where there are any. */
function showTime(wall: WallMs): string {
  const iso = Temporal.Instant.fromEpochMilliseconds(wall).toString()
  const seconds = iso.slice(16, 19)
  return `${iso.slice(0, 10)} ${iso.slice(11, 16)}${seconds === ':00' ? '' : seconds}`
}

function dayOf(wall: WallMs): string {
  return showTime(wall).slice(0, 10)
}

function timeOf(wall: WallMs): string {
  return showTime(wall).slice(11)
}

function lengthOf({ beforeMs, afterMs }: ClockChange): string {
  return lengthInWords(Math.abs(afterMs - beforeMs))
}
