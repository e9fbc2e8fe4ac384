import { canonicalJson } from './json.ts'

/** Where an attempt runs, pinned when it is decided: a node that is re-addressed later is followed at its old address to the end. */
export interface Target {
  /** The name of an executor in the daemon's settings. */
  readonly executor: string
  /** The node's name in the configuration. */
  readonly node: string
  /** What the executor connects to; for ssh `user@host:port`, user empty for the daemon's own. */
  readonly address: string
}

/** A target as text: equal targets have equal text, so it serves as a key. */
export function targetKey(target: Target): string {
  return canonicalJson({ executor: target.executor, node: target.node, address: target.address })
}
