/** Query of `GET /api/jobs`. */
export interface JobsQuery {
  /** The five newest runs of each job. */
  readonly include_job_runs: boolean
  /** The action runs of those runs. */
  readonly include_action_runs: boolean
  readonly include_action_graph: boolean
  readonly include_node_pool: boolean
}

/** Query of `GET /api/jobs/<job>`. */
export interface JobQuery {
  readonly include_action_runs: boolean
  readonly include_action_graph: boolean
  /** How many runs, newest first; 0 means all that are kept. */
  readonly num_runs: number
}

/** Query of `GET /api/jobs/<job>/<run>`. */
export interface RunQuery {
  readonly include_action_runs: boolean
  readonly include_action_graph: boolean
}

/** Query of `GET /api/jobs/<job>/<run>/<action>`. */
export interface ActionQuery {
  readonly include_stdout: boolean
  readonly include_stderr: boolean
  readonly include_meta: boolean
  /** The last lines of each stream; 0 means the server's default. */
  readonly num_lines: number
}

/** Query of `GET /api/jobs/<job>/<action>`. */
export interface HistoryQuery {
  /** How many action runs, newest first; 0 means all that are kept. */
  readonly num_runs: number
}

/** Query of `GET /api/config`. */
export interface ConfigQuery {
  readonly name?: string | undefined
}

/** Body of a command. */
export interface CommandBody {
  readonly command?: string | undefined
  /** `YYYY-MM-DD HH:MM:SS` in the job's zone: the instant that a started run is for. */
  readonly run_time?: string | undefined
}

/** Body of `POST /api/recover`. */
export interface RecoverBody {
  /** The node that is waited for no longer. */
  readonly without: string
}

/** Body of `POST /api/config`. */
export interface ConfigBody {
  readonly name: string
  /** The whole text; empty deletes the namespace. */
  readonly config: string
  /** Of the text that this one replaces. */
  readonly hash: string
  /** Only say what an upload would give. */
  readonly check: boolean
}
