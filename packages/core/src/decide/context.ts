import type { ConfigSnapshot, JobSpec } from '@tron/model'
import type { CompiledSchedule } from '@tron/schedule'

/** What a decision may know besides the records: fixed while a batch is decided, and recorded with it for a replay. */
export interface DecideContext {
  readonly nowMs: number
  readonly installation: string
  readonly snapshot: ConfigSnapshot
  /** A job's configuration by its hash. The loop makes sure that those of live records are known. */
  spec(hash: string): JobSpec
  schedule(spec: JobSpec): CompiledSchedule
}
