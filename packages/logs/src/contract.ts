import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Clock, Logger } from '@tron/model'

/** The version of this contract; the host refuses another major and names both. */
export const LOGS_API = 1

/** What a module that keeps output exports as `logs`. */
export interface LogStoreModule {
  readonly apiVersion: typeof LOGS_API
  readonly name: string
  readonly options: StandardSchemaV1
  open(options: unknown, host: { readonly log: Logger; readonly clock: Clock }): Promise<LogStore>
}

/** One stream of one attempt. Its length is the offset to go on from. */
export interface LogKey {
  readonly namespace: string
  readonly job: string
  readonly run: number
  readonly action: string
  /** Which start of the action. */
  readonly ordinal: number
  readonly stream: 'stdout' | 'stderr'
}

/** A job run's whole output: what retention removes at once. */
export type LogRun = Pick<LogKey, 'namespace' | 'job' | 'run'>

/**
 * Where output is kept. Any bytes, unchanged; a log only grows until its run is removed, or a `sync` of it fails. Any call rejects with LOGS_FAILED while
 * the place refuses it, as a full disk does: the output stays on its node, and who called tries again.
 */
export interface LogStore extends AsyncDisposable {
  /** The length in bytes; 0 for a log that was never written. */
  length(key: LogKey): Promise<number>
  /**
   * Writes bytes that belong at `offset`. What is there already is left as it is, so a repeated write changes nothing; resolves with the new length.
   * @throws OUTPUT_UNAVAILABLE when `offset` is beyond the end (nothing is written)
   */
  append(key: LogKey, offset: number, bytes: Uint8Array): Promise<number>
  /**
   * Resolves when all that these logs hold would survive a loss of power. What could not be made durable is not called so the next time either: it is taken
   * away, so that a shorter log says what to append anew, or `sync` goes on rejecting.
   */
  sync(keys: readonly LogKey[]): Promise<void>
  /** Bytes [from, to) as far as they exist; fewer at the end. At most 1 MiB a call. */
  read(key: LogKey, from: number, to: number): Promise<Uint8Array>
  /** Removes all output of a run; nothing to remove is success. */
  remove(run: LogRun): Promise<void>
}
