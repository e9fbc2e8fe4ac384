import type { Change } from '../contract.ts'

/** A change that the types forbid: what a plugin in plain JavaScript, or a defect, may send. */
export function asChange(change: object): Change {
  return change as Change
}
