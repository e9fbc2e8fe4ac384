import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '@tron/model'
import { findProgram, runChild } from '@tron/testkit'
import type { NodeInNamespace } from '../node-in-namespace.ts'
import { type End, lateWrongs } from './end.ts'
import { EVERYDAY_PHASES } from './everyday-phases.ts'
import { FAULT_PHASES } from './fault-phases.ts'
import { killAt, traceOf } from './kill-at.ts'
import { type KillPoint, nameOf, type Reach, type Reached } from './kill-point.ts'
import { type Lane, openLane } from './lane.ts'
import { type Phase, type Tools, toolsOf } from './phase.ts'
import { RARE_PHASES } from './rare-phases.ts'
import type { Step } from './stepped-program.ts'

/** Lanes at once: a machine of few cores is busy with that. */
const LANES = 9
const MAX_FAILURES = 10
const MAX_MISSES = 3

/** The cheapest first, since a line is looked at in the first that comes by. */
const PHASES: readonly Phase[] = [...EVERYDAY_PHASES, ...RARE_PHASES, ...FAULT_PHASES]
const TOOLS: readonly Tools[] = ['login', 'busybox', 'plain']

/** Runs every phase once, unhurt, some at once. @throws when something false is told */
export async function traceAll(node: NodeInNamespace): Promise<Reach> {
  const traces = new Map<Phase, ReadonlyMap<number, string>>()
  let steps: readonly Step[] = []
  for (const tools of TOOLS) {
    const queue = PHASES.filter((phase) => toolsOf(phase) === tools)
    await inLanes(node, { tools, count: queue.length, use: 'traced' }, async (lane) => {
      for (let phase = queue.shift(); phase !== undefined; phase = queue.shift()) {
        traces.set(phase, await traceOf(lane, phase))
      }
      ;({ steps } = lane.program.sent())
    })
  }
  const reached = new Map<number, readonly Reached[]>()
  for (const phase of PHASES) {
    for (const [line, where] of traces.get(phase) ?? []) {
      reached.set(line, [...(reached.get(line) ?? []), { phase, where }])
    }
  }
  return { steps, reached }
}

export interface Deaths {
  /** What went wrong. */
  readonly failures: readonly string[]
  /** The lines at which somebody died. */
  readonly lines: ReadonlySet<number>
}

/** Goes through all points, some lanes at once; gives up when too much went wrong. */
export async function killAll(node: NodeInNamespace, points: readonly KillPoint[]): Promise<Deaths> {
  const work: Work = { queue: [], misses: new Map(), settled: [], failures: [], lines: new Set() }
  for (const tools of TOOLS) {
    work.queue.push(...points.filter(({ phase }) => toolsOf(phase) === tools))
    await inLanes(node, { tools, count: work.queue.length, use: 'killed' }, (lane) => goThrough(lane, work))
  }
  for (const { lane, point, end } of work.settled) {
    for (const wrong of await lateWrongs(lane, end)) work.failures.push(`${nameOf(point)}: ${wrong}`)
  }
  return work
}

interface LaneUse {
  readonly tools: Tools
  /** How much there is to do. */
  readonly count: number
  readonly use: string
}

async function inLanes(
  node: NodeInNamespace,
  { tools, count, use }: LaneUse,
  work: (lane: Lane) => Promise<void>,
): Promise<void> {
  const path = await installTools(node, tools)
  await Promise.all(
    Array.from({ length: Math.min(LANES, count) }, async (_, index) => {
      await using lane = await openLane(node, { name: `${use}-${tools}${index}`, path })
      await work(lane)
    }),
  )
}

/** @returns the folder with them; undefined for what a login finds */
async function installTools(node: NodeInNamespace, tools: Tools): Promise<string | undefined> {
  if (tools === 'login') return undefined
  const folder = join(node.home, '..', tools)
  await mkdir(folder, { recursive: true })
  await runChild([findProgram('busybox') ?? 'busybox', '--install', '-s', folder])
  if (tools === 'plain') await rm(join(folder, 'start-stop-daemon'), { force: true })
  return folder
}

interface Work {
  readonly queue: KillPoint[]
  readonly misses: Map<KillPoint, number>
  readonly settled: { readonly lane: Lane; readonly point: KillPoint; readonly end: End }[]
  readonly failures: string[]
  readonly lines: Set<number>
}

/** Takes one point after the other from the queue. */
async function goThrough(lane: Lane, work: Work): Promise<void> {
  const { queue, failures } = work
  let point = queue.shift()
  while (point !== undefined && failures.length < MAX_FAILURES) {
    const next = queue.shift()
    // The connection after this death is the one for the next.
    await lane.expect(linesFor(lane, point), next === undefined ? null : linesFor(lane, next))
    await killOnce(lane, point, work)
    // What was missed meanwhile may be all that is left.
    point = next ?? queue.shift()
  }
}

async function killOnce(lane: Lane, point: KillPoint, work: Work): Promise<void> {
  try {
    const { cameBy, ends } = await killAt(lane, point)
    work.settled.push(...ends.map((end) => ({ lane, point, end })))
    if (cameBy) work.lines.add(point.step.line)
    else miss(work, point)
  } catch (error) {
    work.failures.push(`${nameOf(point)}: ${messageOf(error)}`)
  }
}

/** The steps that a program must have for that. */
function linesFor(lane: Lane, { step, phase }: KillPoint): ReadonlySet<number> {
  return new Set([step.line, ...(phase.needs ?? []).map((text) => lane.lineOf(text))])
}

/** Tries it again at the end, where it matters. */
function miss({ queue, misses, failures }: Work, point: KillPoint): void {
  if (point.mayMiss) return
  const count = (misses.get(point) ?? 0) + 1
  misses.set(point, count)
  if (count < MAX_MISSES) queue.push(point)
  else failures.push(`${nameOf(point)}: nobody comes by any more`)
}
