import { Temporal, type TemporalTypes } from '@tron/model/temporal'
import { checkZone, compileSchedule, describeSchedule, parseInterval, parseSchedule } from '@tron/schedule'
import intervals from './data/intervals.json' with { type: 'json' }
import jitter from './data/jitter.json' with { type: 'json' }
import neverMatching from './data/never-matching.json' with { type: 'json' }
import nextRuns from './data/next-runs.json' with { type: 'json' }
import parse from './data/parse.json' with { type: 'json' }
import simulated from './data/simulated.json' with { type: 'json' }
import timeOfDay from './data/time-of-day.json' with { type: 'json' }
import timeZones from './data/time-zones.json' with { type: 'json' }
import zoneChange from './data/zone-change.json' with { type: 'json' }
import zoneDependent from './data/zone-dependent.json' with { type: 'json' }

/** One thing that Tron 3.10.5 was seen to do, and what is done here. */
export interface Vector {
  readonly id: string
  readonly about: string
  readonly tron: Result
  readonly ours: () => Result
}

export type Result = string | number | null | readonly string[]

const REFUSED = 'refused'

export const vectors: readonly Vector[] = [
  ...parse.map((vector) => ({
    id: vector.id,
    about: JSON.stringify(vector.schedule),
    tron: tronParsed(vector),
    ours: () => parsed(vector.schedule),
  })),
  ...nextRuns.map((vector) => ({
    id: vector.id,
    about: `${JSON.stringify(vector.schedule)} in ${vector.zone ?? 'no zone'} after ${vector.start}`,
    tron: vector.runs.map(utc),
    ours: () => after(vector, startOf(vector), vector.runs.length),
  })),
  ...zoneChange.map((vector) => ({
    id: vector.id,
    about: `${vector.schedule} in ${vector.zone ?? 'no zone'} after a run in ${vector.lastRunZone}`,
    tron: vector.runs,
    ours: () => after(vector, vector.lastRun, vector.runs.length),
  })),
  ...zoneDependent.map((vector) => ({
    id: vector.id,
    about: `${vector.schedule} in ${vector.zone}`,
    tron: vector.runs,
    ours: () => after(vector, startOf(vector), vector.runs.length),
  })),
  ...neverMatching.map((vector) => ({
    id: vector.id,
    about: vector.schedule,
    tron: vector.outcome,
    ours: () => (parseSchedule(vector.schedule).ok ? 'ok' : REFUSED),
  })),
  ...jitter.map((vector) => ({
    id: vector.id,
    about: `${vector.display} after ${vector.start}, ${vector.drawSeconds} s drawn`,
    tron: [vector.display, utc(String(instantOf(vector.result, vector.zone)))],
    ours: () => [shown(vector.schedule), ...jittered(vector)],
  })),
  ...intervals.map((vector) => ({
    id: vector.id,
    about: JSON.stringify(vector.input),
    tron: vector.seconds,
    ours: () => seconds(vector.input),
  })),
  ...timeOfDay.map((vector) => ({
    id: vector.id,
    about: JSON.stringify(vector.input),
    tron: vector.accepted ? 'accepted' : REFUSED,
    ours: () => (parseSchedule({ start_time: vector.input }).ok ? 'accepted' : REFUSED),
  })),
  ...timeZones.map((vector) => ({
    id: vector.id,
    about: JSON.stringify(vector.input),
    tron: vector.zone,
    // Without a zone the configuration resolves one; there is nothing to check.
    ours: () => (vector.input === null ? null : checkZone(vector.input)),
  })),
  ...simulated.map((vector) => ({
    id: vector.id,
    about: `a whole daemon: ${vector.schedule} in ${vector.zone ?? 'no zone'}`,
    tron: vector.starts ?? 'cannot run',
    ours: () => (vector.starts === null ? parsed(vector.schedule) : started(vector, vector.starts.length)),
  })),
]

function tronParsed(vector: (typeof parse)[number]): Result {
  if (vector.outcome === 'rejected_at_validation') return REFUSED
  if (vector.outcome !== 'accepted') return 'cannot run'
  const { kind = '', original = '', display = '', next = '' } = vector
  return [kind, original, String(vector.jitterSeconds ?? 0), display, utc(next)]
}

function parsed(schedule: unknown): Result {
  const read = parseSchedule(schedule)
  if (!read.ok) return REFUSED
  const { kind, value, jitterMs } = read.schedule
  const next = after({ schedule, zone: 'UTC' }, '2024-01-15T12:00:00Z', 1)
  return [kind, value, String(jitterMs / 1000), describeSchedule(read.schedule), ...next]
}

/** The next instants; no zone is the system's, and Tron's was UTC. */
function after(
  { schedule, zone }: { readonly schedule: unknown; readonly zone: string | null },
  start: string,
  count: number,
): readonly string[] {
  const read = parseSchedule(schedule)
  if (!read.ok) return [REFUSED]
  const compiled = compileSchedule({ ...read.schedule, zone: zone ?? 'UTC' })
  const found: string[] = []
  let afterMs = Temporal.Instant.from(start).epochMilliseconds
  while (found.length < count) {
    afterMs = compiled.next(afterMs)?.atMs ?? Number.NaN
    found.push(Temporal.Instant.fromEpochMilliseconds(afterMs).toString())
  }
  return found
}

function startOf({ start, zone }: { readonly start: string; readonly zone: string | null }): string {
  return String(instantOf(start, zone))
}

/** A time of the vectors: an instant, or a time on the wall of a zone. Instants here are whole milliseconds. */
function instantOf(text: string, zone: string | null): TemporalTypes.Instant {
  const whole = text.replace('.999999', '.999')
  if (/(?:Z|[+-]\d\d:\d\d)$/.test(whole)) return Temporal.Instant.from(whole)
  return Temporal.PlainDateTime.from(whole)
    .toZonedDateTime(zone ?? 'UTC')
    .toInstant()
}

/** The times of the vectors without an offset are those of UTC. */
function utc(text: string): string {
  return text.endsWith('Z') ? text : `${text}Z`
}

function seconds(input: unknown): number | null {
  const read = typeof input === 'string' ? parseInterval(input) : null
  return read?.ok === true ? read.value / 1000 : null
}

function shown(schedule: unknown): string {
  const read = parseSchedule(schedule)
  return read.ok ? describeSchedule(read.schedule) : REFUSED
}

/** The nominal instant after the start, with what was drawn in the vector added to it. */
function jittered(vector: (typeof jitter)[number]): readonly string[] {
  return added(after(vector, startOf(vector), 1), [vector.drawSeconds])
}

/** When runs of a schedule start, with what was drawn in the vector added to each nominal instant. */
function started(vector: (typeof simulated)[number], count: number): readonly string[] {
  return added(after(vector, vector.after ?? '', count), vector.draws ?? [])
}

function added(instants: readonly string[], drawn: readonly number[]): readonly string[] {
  return instants.map((text, index) =>
    String(Temporal.Instant.from(text).add({ seconds: drawn[index] ?? 0 })),
  )
}
