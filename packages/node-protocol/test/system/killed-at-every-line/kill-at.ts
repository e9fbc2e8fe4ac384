import { until } from '@tron/testkit'
import { DEADLINE_MS } from '../node-in-namespace.ts'
import { type End, insistOnTruth, settle } from './end.ts'
import type { KillPoint } from './kill-point.ts'
import type { Lane } from './lane.ts'
import type { Phase } from './phase.ts'

/** How long after all else the last line of something in the background may come. */
const LATE_MS = 2_000

const POLL = { withinMs: DEADLINE_MS, everyMs: 3 }

export interface Death {
  /** Whether anybody died: not every phase comes by at all of its lines each time. */
  readonly cameBy: boolean
  readonly ends: readonly End[]
}

/**
 * Runs a phase with somebody killed in the middle of it, and compares all that is told with what happened.
 * @throws when something false is told
 */
export async function killAt(lane: Lane, point: KillPoint): Promise<Death> {
  const { step, who, phase } = point
  const from = lane.events.length
  const isDead = lane.orders.isDone
  let isOver = false
  let watching: Promise<void> = Promise.resolve()
  const armed = async (): Promise<void> => {
    await lane.orders.give(`${step.line} ${who}`)
    watching = cutAfterDeath(lane, {
      isOver: () => isOver,
      mayBreakByItself: who === 'group' && !step.isSupervisor,
    })
  }
  try {
    const attempts = await phase.act(lane, armed)
    await until('somebody is dead', isDead, { ...POLL, withinMs: LATE_MS }).catch(() => false)
    if (isDead()) await watching
    const ends = await Promise.all(attempts.map((attempt) => settle(lane, attempt)))
    insistOnTruth(lane, { ends, fault: point, from })
    return { cameBy: isDead() && !lane.orders.isSpared(), ends }
  } finally {
    isOver = true
    await lane.orders.give('- -')
    await watching
  }
}

interface Watch {
  readonly isOver: () => boolean
  readonly mayBreakByItself: boolean
}

/** Whoever reaches a line dies at once; its connection breaks then, as one does where it ran. */
async function cutAfterDeath(lane: Lane, { isOver, mayBreakByItself }: Watch): Promise<void> {
  const isDead = lane.orders.isDone
  await until('somebody is dead', () => isOver() || isDead(), { ...POLL, withinMs: 10 * DEADLINE_MS })
  if (isDead() && !mayBreakByItself) lane.transport.cutAll()
}

/**
 * Runs a phase with every line of it written down, and nobody killed.
 * @returns the lines, with whether a subshell ran them
 * @throws when something false is told
 */
export async function traceOf(lane: Lane, phase: Phase): Promise<ReadonlyMap<number, string>> {
  const from = lane.events.length
  const attempts = await phase.act(lane, () => lane.orders.give('trace -'))
  const traced = await lane.orders.traced()
  await lane.orders.give('- -')
  const ends = await Promise.all(attempts.map((attempt) => settle(lane, attempt)))
  insistOnTruth(lane, { ends, fault: { phase }, from })
  return traced
}
