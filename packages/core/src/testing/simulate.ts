import { createHash } from 'node:crypto'
import { jobId } from '@tron/model'
import { openBooks } from './books.ts'
import { drawPlan } from './draw-plan.ts'
import { planIncidents } from './incidents.ts'
import { GUEST, NODES } from './job-plan.ts'
import { createOperator } from './operator.ts'
import type { Plan } from './plan.ts'
import { nodesToTakeOver, TABLES } from './records.ts'
import { judgeRows } from './rules-of-the-whole.ts'
import { memoryStorage, type Storage, type StorageFactory } from './storage.ts'
import type { Violation } from './verdict.ts'
import { createVirtualTime } from './virtual-time.ts'
import { type Counts, createWorld, type World } from './world.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const HEALTHY = { offsetMs: 0, dead: false }

/** After the last fault, all that runs must have come to its end within this. */
const RECOVERY_MS = 48 * HOUR
/** Steps between two looks at the whole. */
const LOOK_STEPS = 100
/** A plan of days that takes more steps than this does not come to its end. */
const MOST_STEPS_A_DAY = 60_000

export interface Simulation {
  readonly plan: Plan
  readonly counts: Counts & { readonly kills: number; readonly launches: number }
  readonly coverage: ReadonlyMap<string, number>
  /** Of all that was committed and launched: equal for equal plans. */
  readonly digest: string
  readonly violation: (Violation & { readonly story: readonly string[] }) | null
}

/** Most sentences that a story has. */
export const STORY_LINES = 29

/** Runs the simulation of a seed. */
export function simulateSeed(options: {
  readonly seed: number
  readonly days: number
  readonly storage?: StorageFactory
}): Promise<Simulation> {
  return simulate(drawPlan(options), options.storage)
}

/** Runs a plan from its start until all has come to its end, or a promise is broken. */
export async function simulate(plan: Plan, factory: StorageFactory = memoryStorage): Promise<Simulation> {
  const time = createVirtualTime(plan.startMs)
  const storage = await factory({ shared: plan.schedulers === 'pair', clock: time.clockOf(HEALTHY) })
  const world = createWorld(plan, { time, books: await openBooks(storage) })
  world.coverage.add(`schedulers: ${plan.schedulers}`)
  try {
    planIncidents(world)
    for (const scheduler of world.schedulers) scheduler.boot()
    keepWatch(world)
    await run(world, plan.endMs)
    await recover(world)
    if (world.verdict.violation === null) await judgeEnd(world)
    return await resultOf(world)
  } finally {
    world.nodes.cluster[Symbol.dispose]()
    for (const scheduler of world.schedulers) scheduler.remove()
    await closeAll(world, storage)
  }
}

async function closeAll(world: World, first: Storage): Promise<void> {
  const [main] = world.schedulers
  await first.close()
  if (main !== undefined && main.books.storage !== first) await main.books.storage.close()
}

/** Lets time go on until then, or until a promise is broken. */
async function run(world: World, untilMs: number): Promise<void> {
  const { time, turnstile, verdict, counts, plan } = world
  const most = counts.steps + Math.ceil((untilMs - time.nowMs()) / (24 * HOUR) + 1) * MOST_STEPS_A_DAY
  await turnstile.settle()
  while (verdict.violation === null && time.next(untilMs)) {
    await turnstile.settle()
    counts.steps += 1
    if (counts.steps > most) {
      verdict.fail('never-stuck', `${plan.seed}: it goes round and round`, [])
    }
    if (counts.steps % LOOK_STEPS === 0) for (const scheduler of world.schedulers) scheduler.judge()
  }
}

const WATCH_MS = HOUR
const REPAIR_MS = 5 * MINUTE

/** What an operator does who sees that a scheduler is fenced: starts it anew, with a take-over where nobody else is to go on. */
function keepWatch(world: World): void {
  const { time, story, coverage, plan, verdict } = world
  for (const scheduler of world.schedulers) {
    scheduler.judgeWishes()
    const status = scheduler.tron?.status()
    if (status?.state !== 'fenced') continue
    const { life } = scheduler
    coverage.add('fenced')
    if (!hasRivals(plan)) {
      verdict.fail(
        'fenced-truly',
        `${scheduler.name} is fenced, and never was there another: ${status.reason ?? ''}`,
        [],
      )
    }
    const toTakeOver = new Set(nodesToTakeOver(scheduler.books.records))
    const ordered = status.targets.find(({ node, state }) => state === 'fenced' && toTakeOver.has(node))?.node
    if (ordered !== undefined && !competes(plan)) {
      verdict.fail(
        'fenced-truly',
        `${scheduler.name} is fenced by ${ordered}, which it was ordered to take`,
        [],
      )
    }
    time.at(time.nowMs() + REPAIR_MS, () => {
      if (scheduler.life !== life || scheduler.tron === null) return
      story.tell(`${scheduler.name} is fenced, and is started anew`)
      scheduler.takeOver = plan.schedulers === 'one'
      life?.kill('by its operator')
    })
  }
  time.at(time.nowMs() + WATCH_MS, () => {
    keepWatch(world)
  })
}

/** Whether another scheduler, or an older copy of the records, ever competes. */
function hasRivals(plan: Plan): boolean {
  return competes(plan) || plan.incidents.some(({ what }) => what.kind === 'restore')
}

/** Whether two schedulers are ever up together. */
function competes({ schedulers, incidents }: Plan): boolean {
  return schedulers === 'pair' || incidents.some(({ what }) => what.kind === 'clone')
}

/** Mends all that is broken, lets nothing new begin, and gives what runs the time to come to its end. */
async function recover(world: World): Promise<void> {
  if (world.verdict.violation !== null) return
  world.calm = true
  world.story.tell('all faults cease, and all jobs are disabled')
  const { cluster } = world.nodes
  for (const node of [...NODES, GUEST]) cluster.setReachable(node, true)
  for (const scheduler of world.schedulers) scheduler.boot()
  const operator = createOperator(world, 'last')
  for (const { name } of world.config.jobs) {
    void operator.give({ kind: 'job', job: jobId(`MASTER.${name}`), verb: 'disable' }, 'no')
  }
  await run(world, world.time.nowMs() + RECOVERY_MS)
}

async function judgeEnd(world: World): Promise<void> {
  const { verdict } = world
  const main = world.schedulers.find(({ tron }) => tron?.status().state === 'working')
  if (main?.tron == null) {
    const states = world.schedulers.map(({ name, tron }) => `${name}: ${tron?.status().reason ?? 'down'}`)
    verdict.fail('never-stuck', `no scheduler works in the end: ${states.join('; ')}`, [])
    return
  }
  main.judge()
  const { records, storage } = main.books
  for (const table of TABLES) judgeRows(table, await storage.rows(table), { records, verdict })
  for (const { id, live, phase } of records.tables.runs.values()) {
    if (!live && phase === 'ended') continue
    verdict.fail('never-stuck', `${id} is still ${phase === 'ended' ? 'not released' : phase}`, [id])
  }
  judgeLimits(world, main.books.records)
  for (const id of main.logs.runs()) {
    if (world.restored || records.tables.runs.has(id)) continue
    verdict.fail('run-limit', `${id} was removed, and its output is still there`, [id])
  }
  const { liveRuns, liveAttempts, works, fetches, backlog } = main.tron.stats()
  const left = { liveRuns, liveAttempts, works, fetches, backlog }
  if (Object.values(left).some((count) => count !== 0)) {
    verdict.fail('memory-bounded', `when all is over, memory still holds ${JSON.stringify(left)}`, [])
  }
}

function judgeLimits(world: World, records: World['schedulers'][number]['books']['records']): void {
  const perJob = Map.groupBy(records.tables.runs.values(), ({ job }) => job)
  for (const job of world.config.jobs) {
    const kept = perJob.get(jobId(`MASTER.${job.name}`))?.length ?? 0
    if (kept <= job.runLimit) continue
    world.verdict.fail('run-limit', `MASTER.${job.name} keeps ${kept} runs, its limit is ${job.runLimit}`, [
      `MASTER.${job.name}`,
    ])
  }
}

async function resultOf(world: World): Promise<Simulation> {
  const { verdict, story, counts, coverage, plan, nodes } = world
  const { violation } = verdict
  const kills = coverage.counts.get('kill') ?? 0
  return {
    plan,
    counts: { ...counts, kills, launches: nodes.launches },
    coverage: coverage.counts,
    digest: await digestOf(world),
    violation: violation === null ? null : { ...violation, story: story.about(violation.about, STORY_LINES) },
  }
}

async function digestOf(world: World): Promise<string> {
  const hash = createHash('sha256')
  const [main] = world.schedulers
  for (const table of TABLES) {
    if (main === undefined || table === 'cursors') continue
    const rows = await main.books.storage.rows(table)
    for (const line of rows.map(lineOf).toSorted()) hash.update(line)
  }
  for (const launch of world.nodes.cluster.ledger)
    hash.update(`${launch.startKey} ${launch.node} ${launch.atMs}`)
  return hash.digest('hex')
}

/** A row as text. Stores keep the order of what is inside a column, and not that of the columns. */
function lineOf(row: object): string {
  return JSON.stringify(Object.entries(row).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
