import type { ExecutorEvent } from '@tron/executor'
import type { ActionRow, RunRow } from '@tron/store'
import type { Books } from './books.ts'
import { type ConfigSource, createConfigSource } from './config-source.ts'
import { type Coverage, createCoverage } from './coverage.ts'
import { type FilesPlan, GUEST, snapshotOf } from './job-plan.ts'
import { createLogDisk } from './log-disk.ts'
import type { Rhythm } from './naive-schedule.ts'
import { createNodes, type Nodes } from './nodes.ts'
import type { Plan } from './plan.ts'
import type { SeenCommit } from './records.ts'
import type { Rhythms } from './rules-of-slots.ts'
import { Scheduler } from './scheduler.ts'
import { createStory, type Story } from './story.ts'
import { createTurnstile, type Turnstile } from './turnstile.ts'
import { createVerdict, type Verdict } from './verdict.ts'
import type { VirtualTime } from './virtual-time.ts'

/** All that a simulation is made of. */
export interface World {
  readonly plan: Plan
  readonly time: VirtualTime
  readonly turnstile: Turnstile
  readonly story: Story
  readonly verdict: Verdict
  readonly coverage: Coverage
  readonly nodes: Nodes
  readonly config: ConfigSource
  readonly rhythms: Rhythms
  /** All run limits that a job ever had. */
  readonly limits: ReadonlyMap<string, ReadonlySet<number>>
  /** What each run number was used for. */
  readonly numbers: Map<string, string>
  /** What happens when the next action is starting. */
  readonly atNextStart: (() => void)[]
  /** What happens when the next command runs on the guest. */
  atNextRunOfGuest: (() => void) | null
  /** Events that the next batch brings along. */
  readonly extraEvents: ExecutorEvent[]
  /** Those that keep one installation going; the first is always there. */
  readonly schedulers: Scheduler[]
  /** The records were put back to an older copy. */
  restored: boolean
  /** Faults have ceased. */
  calm: boolean
  delay(ms: number): Promise<void>
  observe(seen: SeenCommit): void
  readonly counts: Counts
}

export interface Counts {
  actionRuns: number
  commands: number
  configurations: number
  steps: number
}

/** Makes the world of a plan; nothing runs yet. */
export function createWorld(plan: Plan, of: { readonly time: VirtualTime; readonly books: Books }): World {
  const { time, books } = of
  const story = createStory(() => time.nowMs())
  const verdict = createVerdict(() => time.nowMs())
  const known = new Map<string, { readonly rhythm: Rhythm; readonly zone: string }>()
  const limits = new Map<string, Set<number>>()
  const snapshot = (files: FilesPlan) => {
    const made = snapshotOf(files, plan.zone)
    for (const job of files.jobs) {
      const spec = Object.values(made.jobs).find(({ name }) => name === job.name)
      if (spec === undefined) continue
      known.set(spec.hash, { rhythm: job.rhythm, zone: job.zone })
      limits.set(spec.id, (limits.get(spec.id) ?? new Set()).add(job.runLimit))
    }
    return made
  }
  const coverage = createCoverage()
  const counts: Counts = { actionRuns: 0, commands: 0, configurations: 0, steps: 0 }
  const world: World = {
    plan,
    time,
    turnstile: createTurnstile(),
    story,
    verdict,
    coverage,
    nodes: createNodes({ seed: plan.seed, time, story, verdict }),
    config: createConfigSource(plan.jobs, { snapshotOf: snapshot, nowMs: () => time.nowMs() }),
    rhythms: (hash) => known.get(hash),
    limits,
    numbers: new Map(),
    atNextStart: [],
    atNextRunOfGuest: null,
    extraEvents: [],
    schedulers: [],
    restored: false,
    calm: !plan.unruly,
    counts,
    delay: (ms) =>
      ms <= 0
        ? Promise.resolve()
        : new Promise((resolve) => {
            time.at(time.nowMs() + ms, resolve)
          }),
    observe: (seen) => {
      observe(world, seen)
    },
  }
  const logs = createLogDisk()
  world.schedulers.push(new Scheduler('the scheduler', world, { books, logs }))
  if (plan.schedulers === 'pair') world.schedulers.push(new Scheduler('its standby', world, { books, logs }))
  return world
}

/** Tells what a commit says, and counts it. */
function observe(world: World, { moved }: SeenCommit): void {
  const { story, coverage } = world
  for (const { before, after } of moved.actions.values()) {
    if (before === undefined || after === undefined || before.state === after.state) continue
    story.tell(`${after.id} is ${after.state}${after.reason === null ? '' : `: ${after.reason}`}`, [after.id])
    seize(world, after)
  }
  for (const { before, after } of moved.runs.values()) if (after !== undefined) tellRun(story, before, after)
  for (const { after } of moved.slots.values())
    if (after !== undefined) coverage.add(`slot: ${after.outcome}`)
}

/** Lets happen what waits for an action in this state. */
function seize(world: World, { state, node }: ActionRow): void {
  const { time, counts } = world
  if (state === 'running' && node === GUEST && world.atNextRunOfGuest !== null) {
    time.at(time.nowMs(), world.atNextRunOfGuest)
    world.atNextRunOfGuest = null
  }
  if (state !== 'starting') return
  counts.actionRuns += 1
  const call = world.atNextStart.shift()
  if (call !== undefined) time.at(time.nowMs(), call)
}

function tellRun(story: Story, before: RunRow | undefined, after: RunRow): void {
  if (before === undefined) story.tell(`${after.id} is planned`, [after.id])
  else if (before.phase !== after.phase) {
    story.tell(`${after.id} is ${after.phase === 'ended' ? after.state : after.phase}`, [after.id])
  }
}
