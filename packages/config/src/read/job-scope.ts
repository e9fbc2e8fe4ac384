import type { ProblemList } from '../problems/problem-list.ts'
import type { MasterConfig } from './master-config.ts'

/** What the jobs of one namespace may refer to, and where their faults go. */
export interface JobScope {
  readonly namespace: string
  readonly nodeNames: ReadonlySet<string>
  readonly commandContext: MasterConfig['commandContext']
  readonly zone: string
  /** What MASTER asks of all jobs and is not done yet. */
  readonly heldByMaster: readonly string[]
  readonly problems: ProblemList
}

/** An action of some job that another waits for: `<namespace>.<job>.<action>`, and where it is named. */
export interface WantedTrigger {
  readonly upstream: string
  readonly at: number
  readonly path: string
}
