import type {
  ActionRunId,
  ActionState,
  AttemptId,
  JobId,
  JobSpec,
  JsonValue,
  RunId,
  RunState,
  SlotOutcome,
  Target,
} from '@tron/model'

/** A fact about the whole installation: its name, the last tick, the configuration that was applied. */
export interface MetaRow {
  readonly key: string
  readonly value: JsonValue
}

/** How far the events of one executor source have been taken in. Written by `Commit.cursors` only. */
export interface CursorRow {
  readonly source: string
  readonly cursor: string
}

/** A job's configuration by content: written once, named by the job and by every run that was created under it. */
export interface SpecRow {
  readonly hash: string
  readonly body: JobSpec
}

/** A job: what outlives its runs and its configuration. */
export interface JobRow {
  readonly id: JobId
  readonly specHash: string
  /** The operator's flag, or the configuration's where that changed last. */
  readonly enabled: boolean
  /** What the configuration said when it was last applied: only its change overrules the operator. */
  readonly configEnabled: boolean
  /** The job is no longer in the configuration; its history stays. */
  readonly removed: boolean
  /** Run numbers never repeat. */
  readonly nextNumber: number
  /** Slots up to this instant are accounted for; the next one is strictly later. What is planned stands in its run. */
  readonly lastSlotMs: number | null
  /** The row of the slot ledger that equal, adjacent outcomes still extend. */
  readonly openSlot: { readonly key: string; readonly count: number } | null
  /** The newest run that succeeded and is kept: its number, its end, and the instant it was for. */
  readonly lastSuccessNumber: number | null
  readonly lastSuccessMs: number | null
  readonly lastSuccessRunMs: number | null
  /** Nodes that a take-over could not ask and that something of this job may have run on, with blanks between: nothing of it starts meanwhile. */
  readonly blocked: string | null
}

/** `pending` waits for its instant, `queued` for another run of the job, `open` has started, `ended` is over. */
export type RunPhase = 'pending' | 'queued' | 'open' | 'ended'

/** One run of a job. */
export interface RunRow {
  readonly id: RunId
  readonly job: JobId
  readonly number: number
  readonly phase: RunPhase
  /** Derived from the actions, kept for queries. */
  readonly state: RunState
  /** The nominal instant, before jitter; null for a run that somebody asked for. */
  readonly slotMs: number | null
  /** The instant the run is for: what dates in commands are computed from. */
  readonly runMs: number
  readonly zone: string
  readonly nodeSlot: number
  /** The request that asked for it; null for a slot's. */
  readonly request: string | null
  /** Who asked: `schedule`, or an operator. */
  readonly actor: string
  readonly manual: boolean
  /** The node drawn for the run. */
  readonly node: string
  readonly specHash: string
  /** Why nothing new starts in this run: it was stopped or cancelled, by whom. */
  readonly held: string | null
  /** A cancel was asked for and nodes have yet to answer. */
  readonly cancelling: boolean
  /** When the scheduler must look at it again. */
  readonly dueMs: number | null
  readonly createdMs: number
  readonly startedMs: number | null
  readonly endedMs: number | null
  readonly note: string | null
  /** In memory: not ended, or with an attempt that is not released. */
  readonly live: boolean
}

/** One request to stop an action, and whose. */
export interface StopAsked {
  readonly verb: 'stop' | 'kill'
  readonly actor: string
}

/** One action of a run. */
export interface ActionRow {
  readonly id: ActionRunId
  readonly run: RunId
  readonly job: JobId
  readonly number: number
  readonly name: string
  /** Its place in the configuration; the cleanup action stands last. */
  readonly position: number
  readonly state: ActionState
  readonly node: string
  /** How many attempts there have been; the next one's ordinal. */
  readonly starts: number
  /** The current attempt: the only one that moves this action run. */
  readonly attempt: AttemptId | null
  /** An operator's final word on it, and whose; exits after it are notes. */
  readonly verdict: string | null
  /** Who asked for it to be stopped, oldest first: what a stop brings about shows as a failure, or as nothing. */
  readonly stopsAsked: readonly StopAsked[]
  readonly cancelling: boolean
  readonly startedMs: number | null
  readonly endedMs: number | null
  readonly exitStatus: number | null
  /** Of finished attempts, oldest first. */
  readonly exitStatuses: readonly (number | null)[]
  /** Why it is in this state, where that is not plain: why it is unknown, failed to render, waits. */
  readonly reason: string | null
  /** What happened beside that: a late exit, a stop that came too late. */
  readonly note: string | null
  /** The template when the run was created. */
  readonly originalCommand: string
  /** As rendered for the newest attempt. */
  readonly command: string | null
  readonly live: boolean
}

/** `starting` until the target says that it runs or ended. */
export type AttemptPhase = 'starting' | 'running' | 'ended'

/** `open` still grows, `closed` has its final size, `complete` is all here, `gone` cannot be had any more (the reason is the note). */
export type OutputState = 'open' | 'closed' | 'complete' | 'gone'

/** One start of an action: all that is needed to ask for it again, and what became of it. */
export interface AttemptRow {
  readonly id: AttemptId
  readonly action: ActionRunId
  readonly run: RunId
  readonly job: JobId
  readonly ordinal: number
  readonly startKey: string
  readonly runNumber: number
  readonly configHash: string
  /** Where it runs, pinned. */
  readonly target: Target
  /** `targetKey(target)`: which attempts a target holds is asked often. */
  readonly targetKey: string
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly spec: JsonValue
  readonly phase: AttemptPhase
  readonly createdMs: number
  readonly startedMs: number | null
  readonly endedMs: number | null
  /** An `Outcome` of the executor contract, or what replaced it: `revoked`, `refused`. */
  readonly outcome: JsonValue
  readonly handle: string | null
  /** It shall never start. */
  readonly revokeWanted: boolean
  /** It shall end: by which signal, asked when. */
  readonly stopWanted: 'TERM' | 'KILL' | null
  readonly stopAtMs: number | null
  /** What the target said of the newest stop: signals sent and processes that survived, null where its executor cannot tell. */
  readonly stopped: {
    readonly atMs: number
    readonly signalled: readonly string[]
    readonly survivors: readonly string[] | null
  } | null
  readonly stdout: number
  readonly stderr: number
  readonly output: OutputState
  /** Processes that kept the output open after the command ended. */
  readonly leftRunning: number
  /** Above 0 where the node could not write all of the output: the least of bytes that it can have been. */
  readonly lost: number
  readonly released: boolean
  readonly note: string | null
  /** In memory: not released. */
  readonly live: boolean
}

/** One slot of a job, or equal, adjacent ones: what became of every instant that the schedule named. */
export interface SlotRow {
  /** `<job>/<node slot>/<fromMs>` */
  readonly key: string
  readonly job: JobId
  readonly nodeSlot: number
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
  readonly outcome: SlotOutcome
  /** How late its run started. */
  readonly lateMs: number | null
  readonly run: RunId | null
  readonly reason: string | null
  /** The job's configuration whose schedule names its instants: another one would count others. Null in rows of the first version. */
  readonly specHash: string | null
}

/** One command of an operator and its answer, in the commit of what it did: a repeated request is answered from here. */
export interface AuditRow {
  readonly request: string
  readonly atMs: number
  readonly actor: string
  readonly source: string
  readonly verb: string
  readonly subject: string
  readonly ok: boolean
  /** The answer as the engine gave it, and to what, in the words of the request: only a repetition of those is answered from here. */
  readonly reply: {
    readonly outcome: string
    readonly text: string
    readonly runs: readonly RunId[]
    readonly asked?: string
  }
}

/** Output that a committed prune left to be removed; gone once that is done. */
export interface TrashRow {
  readonly key: RunId
  readonly job: JobId
  readonly number: number
}

/** Table name to the type of its rows. */
export interface Rows {
  readonly meta: MetaRow
  readonly cursors: CursorRow
  readonly specs: SpecRow
  readonly jobs: JobRow
  readonly runs: RunRow
  readonly actions: ActionRow
  readonly attempts: AttemptRow
  readonly slots: SlotRow
  readonly audit: AuditRow
  readonly trash: TrashRow
}

/** The names of the tables. */
export type TableName = keyof Rows
