import type { JsonValue } from '@tron/model'
import type { ProblemList } from '../problems/problem-list.ts'
import type { ReadSchedules } from './schedule-config.ts'

/** What the jobs of one namespace may refer to, and where their faults go. */
export interface JobScope {
  readonly namespace: string
  /** Null when MASTER is too wrong to tell: then references to nodes are not checked. */
  readonly nodeNames: ReadonlySet<string> | null
  /** Null when MASTER is too wrong to tell: then commands are not checked. */
  readonly commandContext: Readonly<Record<string, JsonValue>> | null
  readonly zone: string
  /** The executors of the daemon by name; null when nobody knows them. */
  readonly executors: ReadonlySet<string> | null
  /** What MASTER asks of all jobs and is not done yet. */
  readonly heldByMaster: readonly string[]
  /** By node or pool, why what runs there is held. */
  readonly heldByNode: ReadonlyMap<string, readonly string[]>
  readonly schedules: ReadSchedules
  readonly problems: ProblemList
}

/** A text of `triggered_by`: the action of the job that has it, and where it is. */
export interface TriggerText {
  readonly by: string
  readonly text: string
  readonly at: number
  readonly path: string
}

/** The templates of the triggers that an action publishes, without the action in front. */
export interface PublishedBy {
  readonly action: string
  readonly triggers: readonly string[]
}

/** An action of some job that another waits for: `<namespace>.<job>.<action>`, who waits, for what of it, and where it is named. */
export interface WantedTrigger {
  readonly by: string
  readonly upstream: string
  /** The template of the trigger, without the action in front. */
  readonly trigger: string
  readonly at: number
  readonly path: string
}
