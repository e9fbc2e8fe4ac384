/** How the daemon is. The first three fields are Tron 3's. */
export interface ApiStatus {
  readonly status: string
  readonly version: string
  /** Seconds since the epoch. */
  readonly boot_time: number
  readonly installation: string
  readonly state: 'starting' | 'working' | 'fenced' | 'store-degraded' | 'taking-over' | 'stopped'
  /** Why it is not `working`; null when it is. */
  readonly reason: string | null
  readonly epoch: number
  /** Nodes that a take-over could not ask yet: jobs that could have run there are held until they answer, or an operator goes on without them. */
  readonly waiting_for: readonly string[]
  readonly targets: readonly ApiTarget[]
  /** What is wrong in the files of the configuration, of which what was read before runs on. Empty while all is right. */
  readonly config_errors: readonly ApiConfigError[]
}

/** An error in a file of the configuration. */
export interface ApiConfigError {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
  /** The key's path; empty when it is about the whole. */
  readonly path: string
  readonly message: string
  /** When the file was found wrong first, in seconds since the epoch. */
  readonly since: number
}

/** A place where attempts run. */
export interface ApiTarget {
  readonly node: string
  readonly executor: string
  readonly address: string
  readonly state: 'unknown' | 'reachable' | 'unreachable' | 'fenced' | 'replaced' | 'full'
  readonly reason: string
  /** No longer in the configuration, kept for what still runs there. */
  readonly draining: boolean
  /** Attempts that are not released. */
  readonly attempts: number
}

/** Answer to `/livez` and `/readyz`. */
export interface ApiHealth {
  readonly status: string
  readonly reason: string | null
}

/** Answer to a command that was done. */
export interface ApiResult {
  /** Tron's sentence, such as `Created JobRun:MASTER.nightly.7`. */
  readonly result: string
  /** Runs that the command created. Not in Tron 3. */
  readonly runs: readonly string[]
}

/** Any refusal or failure. */
export interface ApiError {
  readonly error: string
  /** Stable; one of the codes of `@tron/model`. */
  readonly code: string
  /** What to do next. */
  readonly hint: string
  /** The sentence again, on a command that was refused: Tron 3's clients read it there. */
  readonly result?: string
}

/** One namespace's text. The hash is opaque: read it, send it back. */
export interface ApiConfig {
  readonly config: string
  readonly hash: string
}

/** All namespaces, in manifest order. */
export type ApiConfigs = Readonly<Record<string, ApiConfig>>

/** Something wrong, or worth saying, at a place of a configuration. Lines and columns count from 1, columns in UTF-16 units. */
export interface ApiProblem {
  readonly severity: 'error' | 'warning'
  readonly file: string
  readonly line: number
  readonly column: number
  readonly path: string
  readonly message: string
}

/** Answer to an upload or a check that was accepted. */
export interface ApiConfigAccepted {
  readonly status: 'Active'
  /** Remarks; empty when there are none. Not in Tron 3. */
  readonly problems: readonly ApiProblem[]
}

/** Answer to an upload or a check that was refused; `error` has one line for each problem. */
export interface ApiConfigRefused extends ApiError {
  readonly status: 'Active'
  readonly problems: readonly ApiProblem[]
}
