import { Temporal } from '@tron/model/temporal'

/** A stretch of time in which the clocks of a zone are not changed. */
export interface ZoneSpan {
  /** Its first millisecond; minus infinity where the zone has no earlier change. */
  readonly fromMs: number
  /** The first millisecond after it; infinity where the zone has no later change. */
  readonly toMs: number
  /** How far the wall clock is ahead of UTC, in milliseconds; also before `fromMs` and from `toMs` on. */
  readonly offsetMs: number
  readonly beforeMs: number
  readonly afterMs: number
}

/** Answers with the span that an instant is in. */
export type ZoneClock = (atMs: number) => ZoneSpan

const clocks = new Map<string, ZoneClock>()

/**
 * The clock of a zone, shared by all who ask. It asks Temporal once a change of the clocks and computes with numbers after that: a look-up of the
 * offset takes more than all the rest of a next instant.
 * @throws RangeError when there is no such zone
 */
export function zoneClock(zone: string): ZoneClock {
  const known = clocks.get(zone)
  if (known !== undefined) return known
  const made = createZoneClock(zone)
  clocks.set(zone, made)
  return made
}

function createZoneClock(zone: string): ZoneClock {
  const spans: ZoneSpan[] = []
  let latest = readSpan(zone, 0)
  spans.push(latest)
  return (atMs) => {
    if (atMs >= latest.fromMs && atMs < latest.toMs) return latest
    const index = spans.findLastIndex(({ fromMs }) => fromMs <= atMs)
    const before = spans[index]
    if (before !== undefined && atMs < before.toMs) latest = before
    else {
      latest = readSpan(zone, atMs)
      spans.splice(index + 1, 0, latest)
    }
    return latest
  }
}

function readSpan(zone: string, atMs: number): ZoneSpan {
  // The change at `atMs` itself counts, so the look back starts a millisecond later.
  const from = zoned(zone, atMs + 1).getTimeZoneTransition('previous')?.epochMilliseconds ?? -Infinity
  const to = zoned(zone, atMs).getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity
  const offsetMs = offsetAt(zone, atMs)
  return {
    fromMs: from,
    toMs: to,
    offsetMs,
    beforeMs: from === -Infinity ? offsetMs : offsetAt(zone, from - 1),
    afterMs: to === Infinity ? offsetMs : offsetAt(zone, to),
  }
}

function zoned(zone: string, atMs: number) {
  return Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(zone)
}

function offsetAt(zone: string, atMs: number): number {
  return zoned(zone, atMs).offsetNanoseconds / 1_000_000
}
