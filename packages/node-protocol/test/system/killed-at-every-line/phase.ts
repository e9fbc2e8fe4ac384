import type { Attempt } from './attempt.ts'
import type { Lane } from './lane.ts'

/**
 * Programs of the node other than those that a login finds: those of busybox, or those without any that starts something in the background. Each
 * has the program take other ways.
 */
export type Tools = 'login' | 'busybox' | 'plain'

/** Something that is done with a lane, and all of it again as often as somebody is to be killed in it. */
export interface Phase {
  readonly name: string
  /** What fits the steps that it needs beside the one that is looked at. */
  readonly needs?: readonly RegExp[]
  /** Whether one supervisor runs two attempts, each with a subshell that waits for it. */
  readonly isPair?: boolean
  readonly tools?: Exclude<Tools, 'login'>
  /** Calls `armed` when all is ready for somebody to be killed, and insists on what holds whoever is. @returns the attempts to look at */
  act(lane: Lane, armed: () => Promise<void>): Promise<readonly Attempt[]>
}

export function toolsOf(phase: Phase): Tools {
  return phase.tools ?? 'login'
}
