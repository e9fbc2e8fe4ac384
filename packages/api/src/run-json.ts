import type { JsonValue, RunState } from '@tron/model'
import type { ApiNode } from './job-json.ts'

/** One job run. `run_time` is in the job's zone, the other dates in the server's. */
export interface ApiRun {
  readonly id: string
  readonly job_name: string
  /** A number here, a text on an action run, as in Tron 3. */
  readonly run_num: number
  readonly run_time: string | null
  readonly start_time: string | null
  readonly end_time: string | null
  readonly manual: boolean
  readonly state: RunState
  readonly node: ApiNode
  /** `H:MM:SS[.ffffff]`, with `N day(s), ` in front from one day on; empty before the start. */
  readonly duration: string
  readonly url: string
  /** In the order of the configuration, cleanup last; null when they were not asked for. */
  readonly runs: readonly ApiAction[] | null
  readonly action_graph: readonly ApiRunGraphNode[] | null
  /** A remark on what happened to it. Not in Tron 3. */
  readonly note: string | null
  /** A cancel was asked for and nodes have yet to answer; `state` is the old one until then. Not in Tron 3. */
  readonly cancelling: boolean
  /** Why nothing new starts in this run. Not in Tron 3. */
  readonly held: string | null
}

/** One action of a run's graph. `command` is rendered, null before the first start; `raw_command` is the present template. */
export interface ApiRunGraphNode {
  readonly id: string
  readonly name: string
  readonly command: string | null
  readonly raw_command: string | null
  readonly state: RunState
  readonly start_time: string | null
  readonly end_time: string | null
  readonly dependencies: readonly string[]
}

/** One action run. */
export interface ApiAction {
  readonly id: string
  readonly action_name: string
  readonly job_name: string
  readonly run_num: string
  readonly state: RunState
  readonly start_time: string | null
  readonly end_time: string | null
  readonly duration: string
  /** Null when nobody reported one, and for what an operator failed; 0 for what an operator called a success; negative ones are Tron's own. */
  readonly exit_status: number | null
  /** Of finished attempts, oldest first. */
  readonly exit_statuses: readonly (number | null)[]
  readonly retries_remaining: number | null
  readonly retries_delay: string | null
  /** Seconds left of a retry delay. */
  readonly in_delay: number | null
  /** The template when the run was created. */
  readonly original_command: string
  /** The template in the present configuration; null when the action is gone from it. */
  readonly raw_command: string | null
  /** As rendered last; null before the first start. */
  readonly command: string | null
  /** Null in histories. */
  readonly requirements: readonly string[] | null
  readonly node: ApiNode
  /** Lines without their newline; null unless asked for. */
  readonly stdout: readonly string[] | null
  readonly stderr: readonly string[] | null
  readonly meta: readonly string[] | null
  readonly triggered_by: string
  readonly trigger_downstreams: string
  /** Why it is in this state, where that is not plain. Not in Tron 3. */
  readonly reason: string | null
  /** What happened beside its state: a late exit, a stop that came too late. Not in Tron 3. */
  readonly note: string | null
  /** Oldest first. Not in Tron 3. */
  readonly attempts: readonly ApiAttempt[]
  /** How whole the lines in `stdout` and `stderr` are; null for a stream that was not asked for. Not in Tron 3. */
  readonly output: { readonly stdout: ApiOutput | null; readonly stderr: ApiOutput | null }
}

/** One start of an action run. */
export interface ApiAttempt {
  readonly id: string
  /** From 0. */
  readonly ordinal: number
  readonly node: string
  readonly executor: string
  readonly phase: 'starting' | 'running' | 'ended'
  readonly start_time: string | null
  readonly end_time: string | null
  /** How it ended, as its executor said. */
  readonly outcome: JsonValue
  readonly sizes: { readonly stdout: number; readonly stderr: number }
  /** `open` still grows, `closed` has its final size, `complete` is all here, `gone` cannot be had any more. */
  readonly output: 'open' | 'closed' | 'complete' | 'gone'
  /** Above 0 where the node could not write all of the output: the least of bytes that it can have been. */
  readonly lost: number
  /** Processes that kept the output open after the command ended. */
  readonly left_running: number
  /** What the node said of a stop; `survivors` is empty when no process is left, null where the executor cannot tell. */
  readonly stopped: {
    readonly signalled: readonly string[]
    readonly survivors: readonly string[] | null
  } | null
  /** The node keeps no more than the evidence that it ran. */
  readonly released: boolean
  readonly note: string | null
}

/** One stream of an action run. */
export interface ApiOutput {
  /** Of the whole stream, over all attempts. */
  readonly bytes: number
  /** False while more may come, or while some of it could not be fetched; `reason` says why. */
  readonly complete: boolean
  readonly reason: string | null
}
