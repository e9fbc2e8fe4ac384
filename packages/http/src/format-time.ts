import { TronError } from '@tron/model'
import { Temporal } from '@tron/model/temporal'

/** An instant as `YYYY-MM-DD HH:MM:SS` in a zone: no fraction, no offset, as Tron's clients expect. */
export function formatDate(atMs: number, zone: string): string {
  return Temporal.Instant.fromEpochMilliseconds(atMs)
    .toZonedDateTimeISO(zone)
    .toPlainDateTime()
    .toString({ smallestUnit: 'second' })
    .replace('T', ' ')
}

/** `formatDate`, with null for what has not happened. */
export function formatWhen(atMs: number | null, zone: string): string | null {
  return atMs === null ? null : formatDate(atMs, zone)
}

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** A span as Python writes one: `H:MM:SS`, six more digits where it is not whole seconds, days in front. Below 0 counts as 0. */
export function formatSpan(ms: number): string {
  const span = Math.max(0, Math.trunc(ms))
  const days = Math.floor(span / DAY)
  const fraction = span % SECOND
  const clock = [
    String(Math.floor((span % DAY) / HOUR)),
    pad(Math.floor((span % HOUR) / MINUTE), 2),
    pad(Math.floor((span % MINUTE) / SECOND), 2),
  ].join(':')
  const front = days === 0 ? '' : `${days} day${days === 1 ? '' : 's'}, `
  return `${front}${clock}${fraction === 0 ? '' : `.${pad(fraction * SECOND, 6)}`}`
}

/** How long something took, or has taken until now; empty before it started. */
export function formatDuration(
  times: { readonly startedMs: number | null; readonly endedMs: number | null },
  nowMs: number,
): string {
  return times.startedMs === null ? '' : formatSpan((times.endedMs ?? nowMs) - times.startedMs)
}

const RUN_TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/

/**
 * Reads a run time, wall time of a zone. One that the zone skips is moved on by the length of the gap; of one that it has twice the first is meant.
 * @throws BAD_REQUEST for another form, or a day or time that does not exist
 */
export function parseRunTime(text: string, zone: string): number {
  try {
    if (!RUN_TIME.test(text)) throw new RangeError('another form')
    return Temporal.PlainDateTime.from(text.replace(' ', 'T'), { overflow: 'reject' }).toZonedDateTime(zone)
      .epochMilliseconds
  } catch (cause) {
    throw new TronError('BAD_REQUEST', `run_time: "${text}" is not a time; accepted is YYYY-MM-DD HH:MM:SS`, {
      cause,
    })
  }
}

function pad(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}
