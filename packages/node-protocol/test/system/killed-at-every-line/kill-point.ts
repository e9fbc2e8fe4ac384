import type { Phase } from './phase.ts'
import type { Step } from './stepped-program.ts'

/** Who dies at a line; the hook says who that is. */
export type Victim = 'self' | 'waiter' | 'leader' | 'group'

/** One death: where, of whom, during what. */
export interface KillPoint {
  readonly step: Step
  readonly who: Victim
  readonly phase: Phase
  /** Whether a subshell of the program runs the line: `sub`, else `same`. */
  readonly where: string
  /** Whether it does not matter when the phase does not come by there. */
  readonly mayMiss: boolean
}

/** Which phases come by at each line. */
export interface Reach {
  readonly steps: readonly Step[]
  readonly reached: ReadonlyMap<number, readonly Reached[]>
}

export interface Reached {
  readonly phase: Phase
  readonly where: string
}

/** The turns of the shells: each has another victim at a line, and they share what is done once for all of them. */
const TURNS = 3

export function nameOf({ step, who, phase }: KillPoint): string {
  return `line ${step.line} (${step.text}), ${who} killed, while: ${phase.name}`
}

/** The deaths to die: at each line that is reached one, with another victim from line to line and from `turn` to turn, and some in all other phases. */
export function killPoints({ steps, reached }: Reach, turn: number): readonly KillPoint[] {
  const all = steps.map((step) =>
    (reached.get(step.line) ?? []).flatMap(({ phase, where }) =>
      victimsOf(step, phase, where).map((who) => ({ step, who, phase, where, mayMiss: true })),
    ),
  )
  const each = all.flatMap((points, index) => {
    const first = points.filter(({ phase }) => phase === points[0]?.phase)
    const chosen = first[(index + turn) % first.length]
    return chosen === undefined ? [] : [{ ...chosen, mayMiss: false }]
  })
  return [...each, ...oneOfEachPhase(all.flat(), { chosen: each, turn })]
}

/** One point of each phase that has none yet, in some turn. */
function oneOfEachPhase(
  points: readonly KillPoint[],
  { chosen, turn }: { readonly chosen: readonly KillPoint[]; readonly turn: number },
): readonly KillPoint[] {
  const covered = new Set(chosen.map(({ phase }) => phase))
  const phases = Map.groupBy(points, ({ phase }) => phase)
  return Array.from(phases).flatMap(([phase, own], index) => {
    if (covered.has(phase) || (index + turn) % TURNS !== 0) return []
    const middle = Math.floor(own.length / 2)
    return own.slice(middle, middle + 1)
  })
}

/** Where no subshell runs the line, those that are not told here are the leader. */
function victimsOf({ isSupervisor }: Step, phase: Phase, where: string): readonly Victim[] {
  if (!isSupervisor || where === 'same') return ['leader', 'group']
  return phase.isPair === true ? ['self', 'waiter', 'leader', 'group'] : ['self', 'leader', 'group']
}
