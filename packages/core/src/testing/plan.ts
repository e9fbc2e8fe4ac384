import type { ActionVerb, JobVerb, RunVerb } from '../command.ts'
import type { JobPlan } from './job-plan.ts'
import type { KillPlace } from './life.ts'
import type { Rhythm } from './naive-schedule.ts'

/** Something that the world does to a scheduler, at a true time. */
export interface Incident {
  readonly atMs: number
  readonly what: What
}

export type What =
  /** Killed at that many calls out of its process from then on, or at a call of one kind; up again after a while. */
  | {
      readonly kind: 'kill'
      readonly calls: number
      readonly at?: KillPlace
      readonly downMs: number
      readonly losesPower: boolean
      /** It is killed while something starts, and from then on no node can be reached for so long. */
      readonly cutOffMs?: number
    }
  /** Stopped in good order, and started again. */
  | { readonly kind: 'restart'; readonly downMs: number }
  | { readonly kind: 'cut'; readonly node: string; readonly forMs: number }
  | {
      readonly kind: 'lose'
      readonly node: string
      readonly what: 'replies' | 'requests'
      readonly count: number
      /** Right after the next start, the node cannot be reached for so long. */
      readonly thenCutMs?: number
    }
  | { readonly kind: 'hold'; readonly node: string; readonly forMs: number }
  | { readonly kind: 'reboot'; readonly node: string }
  | { readonly kind: 'rotate'; readonly node: string }
  | { readonly kind: 'fill'; readonly node: string; readonly forMs: number }
  /** The node's disk goes back to what it was some time before; all of it, where it is another machine. */
  | { readonly kind: 'roll back'; readonly node: string; readonly byMs: number | null }
  | { readonly kind: 'store'; readonly faults: readonly StoreFaultPlan[] }
  /** The records are put back to an older copy, perhaps while a node is away that an operator gives up after a while. */
  | { readonly kind: 'restore'; readonly byMs: number; readonly away?: Away }
  | { readonly kind: 'clone'; readonly forMs: number }
  /** The holder of a shared store cannot renew its lease. */
  | { readonly kind: 'lease'; readonly forMs: number }
  | { readonly kind: 'clock'; readonly byMs: number }
  | {
      readonly kind: 'command'
      readonly wish: Wish
      readonly again: 'no' | 'at once' | 'later'
      /** From then on no node can be reached for so long. */
      readonly cutOffMs?: number
    }
  /** `onceThere` is made as soon as a command runs on the guest. */
  | { readonly kind: 'configure'; readonly edit: Edit; readonly onceThere?: Edit }

export interface Away {
  readonly node: string
  readonly forMs: number
  /** Counted from the restore. */
  readonly givenUpMs: number
}

export type StoreFaultPlan = 'late' | 'full' | 'unavailable' | 'ambiguous, applied' | 'ambiguous, not applied'

/**
 * A command; which run it means is found when it is given. `pick` in [0, 1). Aimed at what is `active`, `queued` or `ended`, or has
 * `left` something `running`, at one of a job's newest runs (`any`), or given at the next instant at which some action is `starting`.
 */
export type Wish =
  | { readonly on: 'job'; readonly job: string; readonly verb: JobVerb }
  | ({ readonly on: 'run'; readonly verb: RunVerb } & Aimed)
  | ({ readonly on: 'action'; readonly verb: ActionVerb } & Aimed)

interface Aimed {
  readonly job: string
  readonly pick: number
  readonly aim: Aim
  /** Another of the run's actions than the one that is picked. */
  readonly next?: true
}

export type Aim = 'any' | 'active' | 'starting' | 'queued' | 'ended' | 'left running'

/** A change of the configuration: of one job, of a node, or of the pool. */
export type Edit = JobEdit | NodesEdit

export type NodesEdit =
  | { readonly change: 'user'; readonly on: string; readonly user: string }
  | { readonly change: 'pool'; readonly nodes: readonly string[] }

export type JobEdit =
  | { readonly job: string; readonly change: 'rhythm'; readonly rhythm: Rhythm }
  | { readonly job: string; readonly change: 'node'; readonly node: string }
  | {
      readonly job: string
      readonly change: 'enabled' | 'queueing' | 'overlap' | 'remove' | 'held' | 'action'
    }
  | { readonly job: string; readonly change: 'limit'; readonly limit: number }
  | { readonly job: string; readonly change: 'add'; readonly plan: JobPlan }

/** All that distinguishes one simulation from another. The same plan gives the same run. */
export interface Plan {
  readonly seed: number
  /** True time. */
  readonly startMs: number
  readonly endMs: number
  readonly zone: string
  /** The clocks of the zone change in the time of the plan. */
  readonly changesClocks: boolean
  /** `pair`: two schedulers on one shared store. */
  readonly schedulers: 'one' | 'pair'
  /** Messages take time and events come in disorder. */
  readonly unruly: boolean
  readonly jobs: readonly JobPlan[]
  readonly incidents: readonly Incident[]
}
