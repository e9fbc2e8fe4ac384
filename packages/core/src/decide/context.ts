import type { ConfigSnapshot, JobSpec } from '@tron/model'
import type { CompiledSchedule } from '@tron/schedule'
import type { RunRow } from '@tron/store'

/** What a decision may know besides the records: fixed while a batch is decided, and recorded with it for a replay. */
export interface DecideContext {
  readonly nowMs: number
  readonly installation: string
  readonly snapshot: ConfigSnapshot
  /** A job's configuration by its hash. The loop makes sure that those of live records are known. */
  spec(hash: string): JobSpec
  schedule(spec: JobSpec): CompiledSchedule
  /** The newest run in the store that succeeded before the one that is decided on, where what is decided may need it. */
  readonly succeededBefore?: RunRow
}
