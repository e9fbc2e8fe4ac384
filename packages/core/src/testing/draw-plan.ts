import { Temporal } from '@tron/model/temporal'
import type { Draw } from './chance.ts'
import { drawsOf } from './chance.ts'
import { drawIncidents } from './draw-incidents.ts'
import { drawJobs } from './draw-jobs.ts'
import type { Plan } from './plan.ts'

const DAY = 86_400_000
const HOUR = 3_600_000

const utc = (year: number, month: number, day: number): number =>
  Temporal.ZonedDateTime.from({ timeZone: 'UTC', year, month, day }).epochMilliseconds

/** Zones with the days on which their clocks change. */
const CHANGES: readonly [readonly [string, number], ...(readonly [string, number])[]] = [
  ['Europe/Berlin', utc(2026, 3, 29)],
  ['Europe/Berlin', utc(2026, 10, 25)],
  ['America/New_York', utc(2026, 3, 8)],
  ['America/New_York', utc(2026, 11, 1)],
  ['Australia/Lord_Howe', utc(2026, 4, 4)],
  ['Australia/Lord_Howe', utc(2026, 10, 3)],
  ['Africa/Casablanca', utc(2026, 2, 15)],
]

/** The plan of a seed: what there is to run, and what happens to it. */
export function drawPlan({ seed, days }: { readonly seed: number; readonly days: number }): Plan {
  const draw = drawsOf(seed, 'plan')
  const time = drawTime(draw, days)
  const jobs = drawJobs(drawsOf(seed, 'jobs'), time.zone)
  const schedulers = draw.often(0.12) ? 'pair' : 'one'
  const outline = { seed, ...time, schedulers, unruly: draw.often(0.9), jobs } as const
  return { ...outline, incidents: drawIncidents(outline) }
}

function drawTime(draw: Draw, days: number): Pick<Plan, 'startMs' | 'endMs' | 'zone' | 'changesClocks'> {
  const changesClocks = draw.often(0.4)
  const [zone, changeMs] = draw.pick(CHANGES)
  const startMs = changesClocks
    ? changeMs - Math.floor(days / 2) * DAY + draw.whole(0, 12) * HOUR
    : utc(2026, 5, 1) + draw.whole(0, 60) * DAY + draw.whole(0, 24) * HOUR
  return { startMs, endMs: startMs + days * DAY, zone: draw.often(0.9) ? zone : 'UTC', changesClocks }
}
