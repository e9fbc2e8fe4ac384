import type { Capabilities } from '../contract.ts'
import type { ExecutorFixture } from './executor-fixture.ts'
import type { Stage } from './stage.ts'

/** One rule of the contract as data: what it says, whom it does not concern, and how it is tried. */
export interface ExecutorRule {
  /** `<method>: <what holds>` */
  readonly name: string
  /** Why the rule does not concern an executor; null when it does. */
  skip?(capabilities: Capabilities, fixture: ExecutorFixture): string | null
  /** Rejects when the rule is broken. */
  play(stage: Stage): Promise<void>
}

/** For rules about attempts that outlive their executor. */
export function needsAdopt({ adopt }: Capabilities): string | null {
  return adopt ? null : 'attempts do not outlive the executor (adopt is off)'
}

/** For rules about ids that start once. */
export function needsOnce({ startOnce }: Capabilities): string | null {
  return startOnce === 'none' ? 'nobody makes sure that an id starts once (startOnce is none)' : null
}

/** For rules about starts that race. */
export function needsEnforcedOnce({ startOnce }: Capabilities): string | null {
  return startOnce === 'enforced'
    ? null
    : `the target does not enforce that an id starts once (startOnce is ${startOnce})`
}

export function needsFence({ fence }: Capabilities): string | null {
  return fence === 'enforced' ? null : 'the target refuses nobody (fence is none)'
}

export function needsStop({ stop }: Capabilities): string | null {
  return stop === 'none' ? 'nothing can be stopped (stop is none)' : null
}

export function needsOutput({ output }: Capabilities): string | null {
  return output === 'none' ? 'output cannot be read (output is none)' : null
}

export function needsOffsets({ output }: Capabilities): string | null {
  return output === 'offsets' ? null : `output cannot be read from any byte (output is ${output})`
}

/** The first reason of several checks. */
export function needsAll(
  ...checks: readonly ((capabilities: Capabilities) => string | null)[]
): (capabilities: Capabilities) => string | null {
  return (capabilities) =>
    checks.map((check) => check(capabilities)).find((reason) => reason !== null) ?? null
}
