import type { LogStore } from '@tron/logs'
import type { AttemptId, Clock, Logger } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import type { Input } from '../decide/input.ts'
import type { GuardedExecutor } from './guard-executor.ts'

/** What every part of the engine has that acts on what the records say. */
export interface Acting {
  readonly executors: ReadonlyMap<string, GuardedExecutor>
  readonly logs: LogStore
  readonly clock: Clock
  readonly log: Logger
  /** Whether this scheduler may ask anything of targets now. */
  mayAct(): boolean
  read(id: AttemptId): AttemptRow | undefined
  /** Gives what was found out to the loop; resolves when that is committed. */
  submit(input: Input): Promise<unknown>
}
