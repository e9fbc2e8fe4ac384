import { CALLS } from './calls.ts'
import { type Draw, drawsOf } from './chance.ts'
import { drawJob, drawNode, drawRhythm } from './draw-jobs.ts'
import { GUEST, NODES } from './job-plan.ts'
import { naiveInstants } from './naive-schedule.ts'
import type { Away, Edit, Incident, JobEdit, NodesEdit, Plan, StoreFaultPlan, What, Wish } from './plan.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

type Outline = Omit<Plan, 'incidents'>

/** How many of each happen in a fortnight; in less time as many less, but always enough that no seed is an empty day. */
const RATES = {
  kill: 24,
  restart: 3,
  command: 52,
  configure: 5,
  cut: 8,
  lose: 14,
  hold: 5,
  reboot: 4,
  rotate: 2,
  fill: 1,
  'roll back': 1,
  store: 9,
  clock: 1,
} as const

/** What happens in a plan, in the order of time. Most of it happens near an instant of a schedule, where something is going on. */
export function drawIncidents(outline: Outline): readonly Incident[] {
  const draw = drawsOf(outline.seed, 'incidents')
  const fortnights = (outline.endMs - outline.startMs) / (14 * DAY)
  const moments = momentsOf(outline)
  const found: Incident[] = []
  for (const [kind, rate] of Object.entries(RATES)) {
    const count = Math.max(1, Math.ceil(rate * fortnights))
    for (let index = 0; index < count; index += 1) {
      if (RARE.has(kind) && draw.often(0.5)) continue
      const what = drawWhat(kind, draw, outline)
      if (what === null) continue
      const incident = { atMs: drawMoment(draw, moments, outline), what }
      found.push(...withTrouble(draw, incident), ...addedAgain(outline, incident))
    }
  }
  found.push(...drawGreat(draw, outline))
  return found.toSorted((a, b) => a.atMs - b.atMs)
}

type Asked = Extract<What, { kind: 'command' }>

/** Some commands are the last thing that a scheduler hears, some are given together with others, and some changes of the configuration find a store that does not work. */
function withTrouble(draw: Draw, incident: Incident): readonly Incident[] {
  const { atMs, what } = incident
  if (what.kind === 'command' && draw.often(0.12)) return [incident, { atMs, what: drawKill(draw) }]
  if (what.kind === 'command' && draw.often(0.2)) return drawTogether(draw, { atMs, what })
  if (what.kind !== 'configure' || !draw.often(0.2)) return [incident]
  return [{ atMs, what: { kind: 'store', faults: ['unavailable'] } }, incident]
}

/** A job that is removed often comes back, once some of its instants have passed. */
function addedAgain({ seed, zone, endMs }: Outline, { atMs, what }: Incident): readonly Incident[] {
  if (what.kind !== 'configure' || what.edit.change !== 'remove') return []
  const { job } = what.edit
  const draw = drawsOf(seed, `${job} comes back ${atMs}`)
  if (draw.often(0.3)) return []
  const plan = drawJob(draw, { name: job, rhythm: drawRhythm(draw), zone })
  const edit = { job, change: 'add', plan } as const
  return [{ atMs: Math.min(endMs, atMs + draw.whole(1, 72) * HOUR), what: { kind: 'configure', edit } }]
}

/** What two people ask for of the same run: verdicts on what has ended, at the same moment, or something of what is being stopped. */
function drawTogether(draw: Draw, { atMs, what }: Incident & { readonly what: Asked }): readonly Incident[] {
  const { wish } = what
  if (wish.on === 'job') return [asked(atMs, wish), asked(atMs, wish)]
  if (draw.often(0.5)) {
    const ended = { job: wish.job, pick: wish.pick, on: 'action', aim: 'ended' } as const
    const first = { ...ended, verb: draw.pick(VERDICTS) }
    return [asked(atMs, first), asked(atMs, { ...ended, verb: draw.pick(VERDICTS), next: true })]
  }
  const active = { job: wish.job, pick: wish.pick, on: 'action', aim: 'active' } as const
  const then = { ...active, verb: draw.pick(ACTION_VERBS) }
  return [asked(atMs, { ...active, verb: 'stop' }), asked(atMs + draw.whole(0, 9) * SECOND, then)]
}

function asked(atMs: number, wish: Wish): Incident {
  return { atMs, what: { kind: 'command', wish, again: 'no' } }
}

function drawKillPlace(draw: Draw): Pick<Extract<What, { kind: 'kill' }>, 'at' | 'cutOffMs'> {
  if (draw.often(0.3)) return { at: { when: draw.pick(['before', 'after']), call: draw.pick(CALLS) } }
  return draw.often(0.06) ? { cutOffMs: draw.whole(1, 30) * MINUTE } : {}
}

function drawKill(draw: Draw): What {
  return {
    kind: 'kill',
    calls: draw.whole(1, 5),
    downMs: draw.whole(0, 20) * SECOND,
    losesPower: false,
  }
}

/** These happen in some seeds only. */
const RARE: ReadonlySet<string> = new Set(['fill', 'roll back', 'clock', 'rotate'])

/** At most one of these in a plan: a restored database, a clone, or leases that move. */
function drawGreat(draw: Draw, outline: Outline): readonly Incident[] {
  const span = outline.endMs - outline.startMs
  const at = () => outline.startMs + Math.floor((0.2 + 0.6 * draw.next()) * span)
  if (outline.schedulers === 'pair') {
    return Array.from({ length: 6 }, () => ({
      atMs: at(),
      what: { kind: 'lease', forMs: draw.whole(10, 240) * MINUTE },
    }))
  }
  if (draw.often(0.25))
    return [
      { atMs: at(), what: { kind: 'restore', byMs: draw.whole(10, 40 * 60) * MINUTE, ...drawAway(draw) } },
    ]
  if (draw.often(0.2)) return [{ atMs: at(), what: { kind: 'clone', forMs: draw.whole(1, 12) * HOUR } }]
  return []
}

function drawAway(draw: Draw): { readonly away?: Away } {
  if (draw.often(0.4)) return {}
  const [forMs, givenUpMs] = [draw.whole(1, 12) * HOUR, draw.whole(2, 240) * MINUTE]
  return { away: { node: draw.pick(NODES), forMs, givenUpMs } }
}

function momentsOf({ jobs, zone, startMs, endMs }: Outline): readonly number[] {
  return jobs.flatMap(({ rhythm }) => naiveInstants(rhythm, zone, { fromMs: startMs, toMs: endMs }))
}

function drawMoment(draw: Draw, moments: readonly number[], { startMs, endMs }: Outline): number {
  const moment = moments[draw.whole(0, moments.length)]
  if (moment === undefined || draw.often(0.25)) return draw.whole(startMs, endMs)
  // Mostly in the first minute, where most is started, or within the half hour after it.
  const after = draw.often(0.6) ? draw.whole(-2, 60) * SECOND : draw.whole(0, 30 * 60) * SECOND
  return Math.min(endMs, Math.max(startMs, moment + after))
}

const WHAT: Readonly<Record<string, (draw: Draw, outline: Outline) => What | null>> = {
  kill: (draw) => ({
    kind: 'kill',
    calls: draw.often(0.3) ? 0 : draw.whole(0, 14),
    downMs: draw.often(0.8) ? draw.whole(0, 60) * SECOND : draw.whole(1, 300) * MINUTE,
    losesPower: draw.often(0.15),
    ...drawKillPlace(draw),
  }),
  restart: (draw) => ({ kind: 'restart', downMs: draw.whole(0, 10) * MINUTE }),
  command: (draw, outline) => {
    const wish = drawWish(draw, outline)
    const again = draw.often(0.7) ? ('no' as const) : draw.pick(['at once', 'later'] as const)
    const isCutOff = wish.on === 'action' && wish.aim === 'starting' && draw.often(0.2)
    return { kind: 'command', wish, again, ...(isCutOff ? { cutOffMs: draw.whole(1, 10) * MINUTE } : {}) }
  },
  configure: (draw, outline) => {
    const edit = drawEdit(draw, outline)
    if (edit.change !== 'node' || edit.node !== GUEST || draw.often(0.3)) return { kind: 'configure', edit }
    return { kind: 'configure', edit, onceThere: { ...edit, node: draw.pick(NODES) } }
  },
  cut: (draw) => ({
    kind: 'cut',
    node: draw.pick(NODES),
    forMs: draw.often(0.7) ? draw.whole(1, 180) * SECOND : draw.whole(3, 300) * MINUTE,
  }),
  lose: (draw) => ({
    kind: 'lose',
    node: draw.pick(NODES),
    what: draw.pick(['replies', 'requests']),
    count: draw.whole(1, 4),
    ...(draw.often(0.3) ? { thenCutMs: draw.whole(1, 30) * MINUTE } : {}),
  }),
  hold: (draw) => ({ kind: 'hold', node: draw.pick(NODES), forMs: draw.whole(1, 240) * SECOND }),
  reboot: (draw) => ({ kind: 'reboot', node: draw.pick(NODES) }),
  rotate: (draw) => ({ kind: 'rotate', node: draw.pick(NODES) }),
  fill: (draw) => ({ kind: 'fill', node: draw.pick(NODES), forMs: draw.whole(1, 6) * HOUR }),
  'roll back': (draw) => ({
    kind: 'roll back',
    node: draw.pick(NODES),
    byMs: draw.often(0.3) ? null : draw.whole(1, 600) * MINUTE,
  }),
  store: (draw) => ({ kind: 'store', faults: drawFaults(draw) }),
  clock: (draw) => ({
    kind: 'clock',
    byMs: draw.pick([-1, 1]) * (draw.often(0.5) ? draw.whole(500, 4_000) : draw.whole(1, 90) * MINUTE),
  }),
}

function drawWhat(kind: string, draw: Draw, outline: Outline): What | null {
  return WHAT[kind]?.(draw, outline) ?? null
}

function drawFaults(draw: Draw): readonly StoreFaultPlan[] {
  const one = (): StoreFaultPlan =>
    draw.pick(['late', 'late', 'full', 'unavailable', 'ambiguous, applied', 'ambiguous, not applied'])
  return Array.from({ length: draw.whole(1, 4) }, one)
}

const RUN_VERBS = ['start', 'cancel', 'stop', 'stop'] as const
const AIMS = ['any', 'active', 'starting', 'starting', 'queued', 'ended', 'left running'] as const
const ACTION_VERBS = ['start', 'success', 'fail', 'skip', 'cancel', 'stop', 'stop', 'kill', 'kill'] as const

const VERDICTS = ['success', 'fail', 'skip'] as const

function drawWish(draw: Draw, { jobs }: Outline): Wish {
  const job = `j${draw.whole(1, jobs.length + 1)}`
  const kind = draw.next()
  if (kind < 0.4) {
    return { on: 'job', job, verb: draw.pick(['start', 'start', 'start', 'disable', 'enable', 'enable']) }
  }
  const aimed = { job, pick: draw.next(), aim: draw.pick(AIMS) }
  if (kind < 0.6) return { on: 'run', verb: draw.pick(RUN_VERBS), ...aimed }
  return { on: 'action', verb: draw.pick(ACTION_VERBS), ...aimed }
}

const CHANGES = [
  ...(['rhythm', 'rhythm', 'node', 'node', 'node', 'enabled', 'queueing', 'overlap'] as const),
  ...(['remove', 'held', 'action', 'limit', 'add'] as const),
] as const

function drawEdit(draw: Draw, outline: Outline): Edit {
  return draw.often(0.2) ? drawNodesEdit(draw) : drawJobEdit(draw, outline)
}

function drawNodesEdit(draw: Draw): NodesEdit {
  if (draw.often(0.7)) return { change: 'user', on: draw.pick(NODES), user: draw.pick(['tron', 'batch']) }
  const nodes = NODES.filter(() => draw.often(0.6))
  return { change: 'pool', nodes: nodes.length === 0 ? NODES : nodes }
}

function drawJobEdit(draw: Draw, { jobs, zone }: Outline): JobEdit {
  const job = `j${draw.whole(1, jobs.length)}`
  const change = draw.pick(CHANGES)
  switch (change) {
    case 'rhythm':
      return { job, change, rhythm: drawRhythm(draw) }
    case 'node':
      return { job, change, node: draw.often(0.4) ? GUEST : drawNode(draw) }
    case 'limit':
      return { job, change, limit: draw.pick([2, 5, 20]) }
    case 'add':
      return {
        job,
        change,
        plan: drawJob(draw, { name: `j${draw.whole(1, jobs.length + 2)}`, rhythm: drawRhythm(draw), zone }),
      }
    case 'enabled':
    case 'queueing':
    case 'overlap':
    case 'remove':
    case 'held':
    case 'action':
      return { job, change }
  }
}
