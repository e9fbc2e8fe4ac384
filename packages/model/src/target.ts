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
export function targetKey({ address, executor, node }: Target): string {
  // Canonical JSON, its keys in order, without the cost of sorting them: this is asked for each target at each look at the status.
  return JSON.stringify({ address, executor, node })
}
