import { isTronError, type Target } from '@tron/model'
import type { Capabilities } from '../../contract.ts'
import type { ExecutorFixture } from '../executor-fixture.ts'
import type { Stage } from '../stage.ts'

/** For rules about a target that cannot be reached. */
export function needsUnreachable(
  _capabilities: Capabilities,
  { unreachable }: ExecutorFixture,
): string | null {
  return unreachable === undefined ? 'no target of the fixture is unreachable' : null
}

/** The target of the fixture that cannot be reached. */
export function unreachableOf({ fixture: { unreachable } }: Stage): Target {
  if (unreachable === undefined) throw new Error('no target of the fixture is unreachable')
  return unreachable.target
}

export function isUnreachable(error: unknown): boolean {
  return isTronError(error, 'UNREACHABLE')
}
