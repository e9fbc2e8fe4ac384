import type { Simulation } from '@tron/core/testing'

/** What a worker is made for: the product as it is, or with one defect in it. */
export interface WorkerTask {
  /** Name of a defect; null for none. */
  readonly defect: string | null
}

/** What a worker is asked. */
export interface SeedRequest {
  readonly seed: number
  readonly days: number
  readonly how: 'engine' | 'engine on SQLite' | 'protocol'
  /** A violation is made as small as can be. */
  readonly shrink: boolean
}

/** What became of a seed, without what only the worker needs. */
export interface SeedResult {
  readonly seed: number
  readonly counts: Simulation['counts'] | null
  readonly coverage: ReadonlyMap<string, number>
  readonly digest: string
  /** The clocks changed in the time of the seed. */
  readonly changesClocks: boolean
  readonly violation: SeedViolation | null
}

export interface SeedViolation {
  readonly rule: string
  readonly text: string
  readonly story: readonly string[]
  /** How many incidents its plan has, and how many simulations it took to find it; null where it was not made small. */
  readonly shrunk: { readonly incidents: number; readonly tries: number } | null
}
