import type { DstPolicy } from '@tron/model'

/**
 * What a schedule must do round a change of the clocks, by looking at each minute: which time the wall shows, which it leaves out, which it shows
 * twice. It shares nothing with the package, not even Temporal: what the wall shows is what Intl prints.
 */

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const DAY_MS = 24 * HOUR_MS

/** A change of a zone's clocks, with the offsets before and after in minutes. */
export interface Change {
  readonly zone: string
  readonly atMs: number
  readonly before: number
  readonly after: number
}

/** The changes of a zone from 2000 to 2037. They are found by looking every sixth day: no time between two is that short. */
export function changesOf(zone: string): readonly Change[] {
  const changes: Change[] = []
  const end = Date.UTC(2038, 0, 1)
  let from = Date.UTC(2000, 0, 1)
  let before = offsetMinutes(zone, from)
  for (let to = from + 6 * DAY_MS; to < end; to += 6 * DAY_MS) {
    const after = offsetMinutes(zone, to)
    if (after !== before) changes.push({ zone, atMs: firstWith(zone, { after, from, to }), before, after })
    from = to
    before = after
  }
  return changes
}

/** Changes that are alike in offsets and time of day have one shape. */
export function shapeOf({ atMs, before, after }: Change): string {
  const wall = new Date(atMs + before * MINUTE_MS)
  return `${before} ${after} ${wall.toISOString().slice(11, 19)}`
}

function firstWith(
  zone: string,
  range: { readonly after: number; readonly from: number; readonly to: number },
): number {
  let { from, to } = range
  while (to - from > 1000) {
    const middle = Math.floor((from + to) / 2000) * 1000
    if (offsetMinutes(zone, middle) === range.after) to = middle
    else from = middle
  }
  return to
}

function offsetMinutes(zone: string, atMs: number): number {
  return wallMinute(zone, atMs) - Math.floor(atMs / MINUTE_MS)
}

const printers = new Map<string, Intl.DateTimeFormat>()

/** The minute that the wall shows, counted from 1970. */
function wallMinute(zone: string, atMs: number): number {
  const printed = printerOf(zone).format(atMs)
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = printed.split(/\D/).map(Number)
  return Date.UTC(year, month - 1, day, hour, minute) / MINUTE_MS
}

/** Prints such as `2024-11-03 01:30`. */
function printerOf(zone: string): Intl.DateTimeFormat {
  const known = printers.get(zone)
  if (known !== undefined) return known
  const made = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' })
  printers.set(zone, made)
  return made
}

/** A minute of time, and the minute that the wall shows at it, both counted from 1970. */
interface Minute {
  readonly utc: number
  readonly wall: number
}

/** All minutes of some days round a change, as somebody before the clock would write them down. */
export interface Watched {
  readonly change: Change
  /** Instants between these are to be judged; more is watched, so that a second showing or a moved time is not missed. */
  readonly fromMs: number
  readonly toMs: number
  readonly minutes: readonly Minute[]
  readonly shown: ReadonlyMap<number, readonly number[]>
}

/** Writes down the minutes round a change; those up to so many hours before it and after what it moves are to be judged. */
export function watch(change: Change, hours: number): Watched {
  const size = Math.abs(change.after - change.before) * MINUTE_MS
  const [fromMs, toMs] = [change.atMs - size - hours * HOUR_MS, change.atMs + size + hours * HOUR_MS]
  const minutes: Minute[] = []
  const shown = new Map<number, number[]>()
  for (let atMs = fromMs - size - HOUR_MS; atMs <= toMs + size + HOUR_MS; atMs += MINUTE_MS) {
    const minute = { utc: atMs / MINUTE_MS, wall: wallMinute(change.zone, atMs) }
    minutes.push(minute)
    shown.set(minute.wall, [...(shown.get(minute.wall) ?? []), minute.utc])
  }
  return { change, fromMs, toMs, minutes, shown }
}

/** A schedule as its author means it. */
export interface Rule {
  readonly cron: string
  readonly everyHour: boolean
  readonly isDue: (hour: number, minute: number) => boolean
}

/** Schedules that have something to do with a change: daily at its edges and in its middle, hourly, each minute, with all hours and with some. */
export function rulesFor({ atMs, before, after }: Change): readonly Rule[] {
  const [low, high] = [before, after]
    .map((offset) => atMs / MINUTE_MS + offset)
    .toSorted((a, b) => a - b)
    .map((wall) => ((wall % 1440) + 1440) % 1440)
  if (low === undefined || high === undefined) return []
  const middle = (low + Math.floor(Math.abs(after - before) / 2)) % 1440
  const daily = new Set([(low + 1439) % 1440, low, middle, (high + 1439) % 1440, high])
  const hours = new Set([low - 60, low, middle, high].map((wall) => Math.floor(((wall + 1440) % 1440) / 60)))
  return [
    ...[...daily].map((wall) => dailyAt(Math.floor(wall / 60), wall % 60)),
    hourlyAt(middle % 60),
    { cron: '* * * * *', everyHour: true, isDue: () => true },
    { cron: `* ${[...hours].join(',')} * * *`, everyHour: false, isDue: (hour) => hours.has(hour) },
  ]
}

function dailyAt(hour: number, minute: number): Rule {
  return {
    cron: `${minute} ${hour} * * *`,
    everyHour: false,
    isDue: (shownHour, shownMinute) => shownHour === hour && shownMinute === minute,
  }
}

function hourlyAt(minute: number): Rule {
  return {
    cron: `${minute} * * * *`,
    everyHour: true,
    isDue: (_hour, shownMinute) => shownMinute === minute,
  }
}

export type Kind = 'ordinary' | 'moved' | 'first' | 'second'

/** What must come, with what each instant is; and how many times have no instant of their own. */
export interface Expected {
  readonly instants: ReadonlyMap<number, Kind>
  readonly dropped: number
}

/** What a rule must do under a policy, minute by minute. */
export function expected(watched: Watched, rule: Rule, policy: DstPolicy): Expected {
  const instants = new Map<number, Kind>()
  let dropped = 0
  for (const [index, minute] of watched.minutes.entries()) {
    if (minute.utc * MINUTE_MS <= watched.fromMs || minute.utc * MINUTE_MS > watched.toMs) continue
    for (const later of leftOutBefore(watched, index, rule)) {
      if (later === null || policy === 'skip') dropped += 1
      else instants.set(later, 'moved')
    }
    if (!isDue(rule, minute.wall)) continue
    const kind = kindOf(minute, watched)
    if (isKept(kind, rule, policy)) instants.set(minute.utc, kind)
    else dropped += 1
  }
  return { instants: ascending(instants), dropped }
}

/** The due times that the wall leaves out just before a minute, each as the minute that shows it later by the length of the gap; null where that is due itself. */
function leftOutBefore({ minutes, shown }: Watched, index: number, rule: Rule): readonly (number | null)[] {
  const [before, minute] = [minutes[index - 1], minutes[index]]
  if (before === undefined || minute === undefined) return []
  const gap = minute.wall - before.wall - 1
  const due: (number | null)[] = []
  for (let wall = before.wall + 1; wall < minute.wall; wall += 1) {
    const later = shown.get(wall + gap)?.[0] ?? null
    if (isDue(rule, wall)) due.push(isDue(rule, wall + gap) ? null : later)
  }
  return due
}

function isDue(rule: Rule, wall: number): boolean {
  const minute = ((wall % 1440) + 1440) % 1440
  return rule.isDue(Math.floor(minute / 60), minute % 60)
}

function kindOf({ utc, wall }: Minute, { shown }: Watched): Kind {
  const times = shown.get(wall) ?? []
  if (times.length < 2) return 'ordinary'
  return times[0] === utc ? 'first' : 'second'
}

function isKept(kind: Kind, rule: Rule, policy: DstPolicy): boolean {
  if (kind === 'ordinary' || kind === 'moved' || policy === 'both') return true
  if (policy === 'first') return kind === 'first'
  if (policy === 'last') return kind === 'second'
  return kind === 'first' || rule.everyHour
}

function ascending(instants: ReadonlyMap<number, Kind>): ReadonlyMap<number, Kind> {
  const sorted = [...instants].toSorted(([a], [b]) => a - b)
  return new Map(sorted.map(([utc, kind]) => [utc * MINUTE_MS, kind]))
}
