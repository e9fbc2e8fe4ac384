import type { ExecutorEvent, InventoryEntry, RevokeReply, StartReply } from '@tron/executor'
import type { AttemptId, ConfigSnapshot, RunId, Target } from '@tron/model'
import type { Row, RunRow, SlotRow, TrashRow } from '@tron/store'
import type { Command } from '../command.ts'

/** What an executor's event means, with what the engine found out before deciding. */
export interface ObservedEvent {
  readonly event: Exclude<ExecutorEvent, { kind: 'target' } | { kind: 'progress' }>
  /** For `closed`: all of the output is in the log store already. */
  readonly complete: boolean
}

/** Everything that can make the engine decide. Plain data: recorded inputs replay to the same changes. */
export type Input =
  /** Time passed; `due` names the runs whose instant has come. */
  | { readonly kind: 'tick'; readonly due: readonly RunId[] }
  /** Nobody looked at the clock since `sinceMs`: slots in between are accounted for as missed. */
  | { readonly kind: 'resume'; readonly sinceMs: number }
  | {
      readonly kind: 'configure'
      readonly snapshot: ConfigSnapshot
      readonly actor: string
    }
  | {
      readonly kind: 'command'
      readonly command: Command
      /** The rows of a run that is history, so that it can be decided upon, and for a stop the attempts that left processes behind. */
      readonly history: readonly Row[]
      /** For a verdict that may take a job's last success away: the one before it, as the store has it. */
      readonly succeededBefore?: RunRow
    }
  | {
      readonly kind: 'events'
      readonly source: string
      readonly cursor: string
      readonly events: readonly ObservedEvent[]
    }
  | {
      readonly kind: 'start-replies'
      readonly replies: readonly StartReply[]
      /** Attempts of which an earlier request may have reached the target. */
      readonly maybeSent: readonly AttemptId[]
    }
  /** An executor that cannot tell what comes of a stop has taken it. */
  | { readonly kind: 'stop-taken'; readonly id: AttemptId }
  | { readonly kind: 'revoke-replies'; readonly replies: readonly RevokeReply[] }
  | {
      readonly kind: 'output'
      readonly id: AttemptId
      /** `closed`: what was complete is not here any more. */
      readonly output: 'complete' | 'gone' | 'closed'
      readonly note: string | null
    }
  | { readonly kind: 'released'; readonly ids: readonly AttemptId[] }
  /** What nodes hold that this store may not know, after a restore. */
  | {
      readonly kind: 'import'
      /** Rows of runs that are history here and that nodes know more of. */
      readonly history: readonly Row[]
      /** The rows of the ledger that cover slots of what was found among others. */
      readonly covering: readonly SlotRow[]
      /** Attempts that this store does not know. */
      readonly found: readonly { readonly target: Target; readonly entry: InventoryEntry }[]
      /** Nodes whose holdings are all here and that are ours now. Jobs that could have run on the others that wait are held back. */
      readonly done: readonly string[]
      /** The first import of a take-over withdraws what was planned. */
      readonly first: boolean
    }
  | {
      readonly kind: 'recover-without'
      readonly node: string
      readonly actor: string
      readonly source: string
      readonly requestId: string
    }
  /** Ended runs beyond a job's limit: their output is to be removed, then their rows. */
  | { readonly kind: 'trash'; readonly runs: readonly TrashRow[] }
  | { readonly kind: 'trashed'; readonly runs: readonly RunId[] }
