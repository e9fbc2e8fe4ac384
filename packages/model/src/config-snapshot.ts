import type { JobId } from './ids.ts'
import type { JsonValue } from './json.ts'

/**
 * What becomes of times that a change of the clocks leaves out or shows twice; `@tron/schedule` says what each policy does. `auto` is what is
 * meant where none is given.
 */
export const DST_POLICIES = ['auto', 'first', 'last', 'both', 'skip', 'shift'] as const

/** One of the policies for changes of the clocks. */
export type DstPolicy = (typeof DST_POLICIES)[number]

/** A schedule as configured; `@tron/schedule` compiles it. `value` is the text without the kind. */
export interface ScheduleSpec {
  readonly kind: 'cron' | 'daily' | 'groc' | 'interval'
  readonly value: string
  readonly jitterMs: number
  /** The IANA zone it is read in: the job's, else MASTER's, else the system's, resolved. */
  readonly zone: string
  /** Absent for `auto`, so that a snapshot without the key means what it always meant, under the same hash. */
  readonly dst?: DstPolicy
}

/** One action of a job, normalised: defaults filled in, references checked. */
export interface ActionSpec {
  readonly name: string
  /** The template, unrendered. */
  readonly command: string
  readonly requires: readonly string[]
  /** A node or pool of its own; without one it runs on the node of its run. */
  readonly node?: string
  readonly expectedRuntimeMs: number
  readonly env: Readonly<Record<string, string>>
  /** Which of the daemon's executors runs it; without one it is that of its node. */
  readonly executor?: string
  /** The container that it runs in, by the keys of the configuration, for an executor of containers. */
  readonly container?: JsonValue
}

/** One job, normalised. Its hash covers all that runs depend on, so that equal hashes mean nothing changed. */
export interface JobSpec {
  readonly id: JobId
  readonly namespace: string
  readonly name: string
  /** A node or a pool. */
  readonly node: string
  readonly schedule: ScheduleSpec
  readonly enabled: boolean
  readonly queueing: boolean
  readonly allowOverlap: boolean
  readonly runLimit: number
  readonly allNodes: boolean
  readonly expectedRuntimeMs: number
  readonly maxRuntimeMs?: number
  readonly monitoring: JsonValue
  /** In the order of the configuration, without the cleanup action. */
  readonly actions: readonly ActionSpec[]
  /** Its name is always `cleanup`. */
  readonly cleanup?: ActionSpec
  /** What it is for and whom to ask, for people. Not part of `hash`: nothing depends on them. */
  readonly description?: string
  readonly owner?: string
  /** What the job asks for and this build does not do: while there is any, its slots are recorded as `held` and nothing starts. */
  readonly held: readonly string[]
  /** Where each of `held` is asked for, as `FILE:LINE`. Not part of `hash`. */
  readonly heldAt?: readonly string[]
  readonly hash: string
}

/** A node: where it is and which executor of the daemon's settings reaches it. */
export interface NodeSpec {
  readonly name: string
  readonly hostname: string
  readonly username: string
  readonly port: number
  readonly executor: string
}

/** How executors reach their nodes: what the uploaded configuration may say about it. Handed to every executor with its targets. */
export interface AccessSpec {
  readonly agent: boolean
  readonly identities: readonly string[]
  readonly knownHostsFile?: string
  readonly connectTimeoutMs: number
  /** The spool's root on the nodes; `$HOME/.tron-spool` when absent. */
  readonly spoolRoot?: string
  /** `sh` runs commands by `/bin/sh -c` (runner_type subprocess), `login` by the login's own shell. */
  readonly shell: 'login' | 'sh'
}

/** What the daemon runs by: plain data, normalised, zones resolved. */
export interface ConfigSnapshot {
  readonly hash: string
  /** MASTER's zone, else the system's, resolved. */
  readonly zone: string
  readonly commandContext: Readonly<Record<string, JsonValue>>
  readonly nodes: Readonly<Record<string, NodeSpec>>
  /** Pool name to node names, in order; a node that stands twice weighs twice. */
  readonly pools: Readonly<Record<string, readonly string[]>>
  readonly access: AccessSpec
  readonly jobs: Readonly<Record<JobId, JobSpec>>
  /** In manifest order; a namespace that could not be read is left out and stated in `problems`. */
  readonly namespaces: readonly string[]
  /** Those that could not be read: what their jobs are nobody knows. */
  readonly leftOut: readonly string[]
  /** What was accepted with a remark, and namespaces that were left out. */
  readonly problems: readonly ConfigProblem[]
}

/** Something wrong, or worth saying, at a place of a configuration file. */
export interface ConfigProblem {
  readonly severity: 'error' | 'warning'
  /** As shown to people: the file's path, or the namespace for an upload. */
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 1, in UTF-16 units as in JavaScript; not in the cells of a terminal, of which wide characters take up two. */
  readonly column: number
  /** The key's path, such as `jobs.nightly.actions.load.command`. */
  readonly path: string
  /** What was found, and what would be accepted. */
  readonly message: string
}

/** An error in what is stored, beside which something else runs. */
export interface ConfigFault extends ConfigProblem {
  /** When its file was found wrong first, and has been ever since; milliseconds since the epoch. */
  readonly sinceMs: number
}

/** One namespace's text and its hash. Clients treat the hash as opaque: read it, send it back. */
export interface ConfigText {
  readonly text: string
  readonly hash: string
}

/** What reading a configuration gave: a snapshot with remarks, or the errors for which there is none. */
export type ConfigCheck =
  | { readonly ok: true; readonly snapshot: ConfigSnapshot; readonly problems: readonly ConfigProblem[] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] }

/** The one door to the configuration: uploads, SIGHUP, start-up and tronfig all go through it, so that check and update cannot disagree. */
export interface ConfigRepository {
  /** All namespaces in manifest order. */
  texts(): Promise<ReadonlyMap<string, ConfigText>>
  /** The snapshot of what is stored now. Bad namespaces are left out and stated in `problems`; @throws CONFIG_INVALID when MASTER is bad. */
  read(): Promise<ConfigSnapshot>
  /** What an update with this text would give; changes nothing. An empty text means deletion. */
  check(namespace: string, text: string, hash: string): Promise<ConfigCheck>
  /** Checks, then stores durably, then tells the listeners. @throws CONFIG_STALE when `hash` is not that of the stored text */
  update(namespace: string, text: string, hash: string): Promise<ConfigCheck>
  /** The errors in what is stored, as it was read for use last: an operator is told of them until they are mended. */
  faults(): readonly ConfigFault[]
  /** Calls with each new snapshot; returns the function that stops it. */
  onChange(listener: (snapshot: ConfigSnapshot) => void): () => void
}
