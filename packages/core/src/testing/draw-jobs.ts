import type { Draw } from './chance.ts'
import { type ActionPlan, type JobPlan, NODES } from './job-plan.ts'
import type { Rhythm } from './naive-schedule.ts'

/** Where one job has the same times on the wall as another, at other instants. */
const ELSEWHERE = 'Asia/Kolkata'

/** One of them is an hour in which the clocks of most zones change. */
const STEADY_HOURS = [2, 6, 10, 14, 18, 22]

/** Five actions six times a day, 420 in a fortnight: with what runs beside them, three hundred run at least. */
const STEADY_ACTIONS: readonly ActionPlan[] = [
  { name: 'a0', requires: [] },
  { name: 'a1', requires: ['a0'] },
  { name: 'a2', requires: ['a0'] },
  { name: 'a3', requires: ['a1', 'a2'] },
  { name: 'a4', requires: ['a3'] },
]

/**
 * The jobs of a plan: together some thirty action runs a day, with every shape of dependency. No change of the configuration and no command that disables it
 * is aimed at `base`, so that something always runs.
 */
export function drawJobs(draw: Draw, zone: string): readonly JobPlan[] {
  const rhythms: readonly Rhythm[] = [
    { minutes: [draw.whole(0, 60)], hours: [draw.whole(0, 24)], weekdays: null },
    { minutes: [draw.pick([0, 15, 30, 45])], hours: [draw.pick([1, 2, 3])], weekdays: null },
    { minutes: [0, 30], hours: [draw.whole(0, 24)], weekdays: draw.often(0.5) ? null : [1, 3, 5] },
    { minutes: [draw.whole(0, 60)], hours: [2], weekdays: null },
  ]
  const some = rhythms.map((rhythm, index) => drawJob(draw, { name: `j${index + 1}`, rhythm, zone }))
  const hourly = { minutes: [draw.whole(0, 60)], hours: null, weekdays: [draw.whole(0, 7)] }
  const often = drawJob(draw, { name: 'j5', rhythm: hourly, zone })
  const steady = { minutes: [draw.whole(0, 60)], hours: STEADY_HOURS, weekdays: null }
  const base = drawJob(draw, { name: 'base', rhythm: steady, zone })
  const [first = base] = some
  const elsewhere = { ...first, name: 'j6', zone: ELSEWHERE }
  return [
    ...some,
    { ...often, actions: [{ name: 'a0', requires: [] }], cleanup: false },
    elsewhere,
    { ...base, enabled: true, held: [], actions: STEADY_ACTIONS, runLimit: 50 },
  ]
}

export function drawJob(draw: Draw, of: Pick<JobPlan, 'name' | 'rhythm' | 'zone'>): JobPlan {
  return {
    ...of,
    jitterMs: draw.often(0.2) ? 60_000 : 0,
    node: drawNode(draw),
    actions: drawActions(draw),
    cleanup: draw.often(0.3),
    queueing: draw.often(0.6),
    allowOverlap: draw.often(0.2),
    enabled: draw.often(0.95),
    runLimit: draw.pick([3, 10, 50]),
    held: draw.often(0.08) ? ['it asks for what is not done yet'] : [],
  }
}

export function drawNode(draw: Draw): string {
  return draw.often(0.4) ? 'pool' : draw.pick(NODES)
}

export function drawRhythm(draw: Draw): Rhythm {
  return {
    minutes: draw.often(0.3) ? [0, 30] : [draw.whole(0, 60)],
    hours: [draw.whole(0, 24), draw.whole(1, 4)],
    weekdays: draw.often(0.3) ? [draw.whole(0, 7), draw.whole(0, 7)] : null,
  }
}

function drawActions(draw: Draw): readonly ActionPlan[] {
  const count = draw.pick([1, 1, 1, 2, 3])
  return Array.from({ length: count }, (_, index) => {
    const earlier = Array.from({ length: index }, (_unused, before) => `a${before}`)
    const requires = earlier.filter(() => draw.often(0.5))
    return { name: `a${index}`, requires, ...(draw.often(0.15) ? { node: drawNode(draw) } : {}) }
  })
}
