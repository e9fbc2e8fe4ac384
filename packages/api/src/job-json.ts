import type { JobStatus, JsonValue } from '@tron/model'
import type { ApiRun } from './run-json.ts'

/** A node as the API shows it; `username` is empty where the daemon's own is used. */
export interface ApiNode {
  readonly name: string
  readonly hostname: string
  readonly username: string
  readonly port: number
}

/** One action of a job's graph: own actions by their short name. `command` is the template. */
export interface ApiGraphNode {
  readonly name: string
  readonly command: string
  readonly dependencies: readonly string[]
}

/** One job. Dates are `YYYY-MM-DD HH:MM:SS`: `next_run` in the job's zone, `last_success` in the server's. */
export interface ApiJob {
  readonly name: string
  readonly status: JobStatus
  readonly all_nodes: boolean
  readonly allow_overlap: boolean
  readonly queueing: boolean
  /** The schedule as configured; `jitter` is empty or ` (+/- 0:10:00)`. */
  readonly scheduler: { readonly type: string; readonly value: string; readonly jitter: string }
  /** With `cleanup` where the job has one. */
  readonly action_names: readonly string[]
  readonly node_pool: { readonly name: string; readonly nodes: readonly ApiNode[] } | null
  /** When the newest run that succeeded ended. */
  readonly last_success: string | null
  readonly next_run: string | null
  /** Without the `/api` in front. */
  readonly url: string
  /** Newest first; null when they were not asked for. */
  readonly runs: readonly ApiRun[] | null
  /** `H:MM:SS`, or the word `None`. */
  readonly max_runtime: string
  /** Seconds. */
  readonly expected_runtime: number
  /** Seconds, by action. */
  readonly actions_expected_runtime: Readonly<Record<string, number>>
  readonly action_graph: readonly ApiGraphNode[] | null
  /** As configured. */
  readonly monitoring: JsonValue
  /** What it is for, as configured. Not in Tron 3. */
  readonly description: string | null
  /** Whom to ask about it, as configured. Not in Tron 3. */
  readonly owner: string | null
  /** Why the job starts nothing; empty when it does. Not in Tron 3. */
  readonly held: readonly string[]
}

/** All jobs of the present configuration, in no promised order. */
export interface ApiJobList {
  readonly jobs: readonly ApiJob[]
}

/** The index: what exists, by name. */
export interface ApiIndex {
  readonly jobs: Readonly<Record<string, readonly { readonly name: string; readonly command: string }[]>>
  /** In manifest order. */
  readonly namespaces: readonly string[]
}
