import type { IssuedPair, Owner, TableName } from '@tron/store'
import type { EncodedChange } from './encode.ts'
import type { SqlValue } from './sqlite.ts'

/** What a worker is started with. */
export interface WorkerSettings {
  readonly file: string
  readonly busyMs: number
}

/** A row on its way between threads: arrays are cheaper to copy than records. */
export interface RawRows {
  readonly table: TableName
  readonly rows: readonly (readonly unknown[])[]
}

export interface CommitArgs extends IssuedPair {
  readonly seq: number
  readonly atMs: number
  readonly changes: readonly EncodedChange[]
  readonly cursors: readonly (readonly [source: string, cursor: string])[]
}

export type CommitReply =
  | { readonly ok: true }
  | { readonly ok: false; readonly why: 'fenced' }
  | { readonly ok: false; readonly why: 'conflict'; readonly newest: number }
  | { readonly ok: false; readonly why: 'duplicate'; readonly table: TableName; readonly key: string }
  | { readonly ok: false; readonly why: 'full' | 'unavailable' | 'ambiguous'; readonly error: WireError }

/** What the writer's thread does: its name, what it takes and what it gives. */
export interface WriterCalls {
  /** Whether the schema must be made or migrated first, and the newest seq where not. */
  inspect: { readonly args: null; readonly result: { readonly ready: boolean; readonly seq: number } }
  migrate: { readonly args: null; readonly result: null }
  acquire: {
    readonly args: {
      readonly who: Owner
      readonly nonce: string
      readonly atLeastEpoch: number
      readonly atMs: number
    }
    readonly result: { readonly epoch: number; readonly seq: number; readonly issued: readonly IssuedPair[] }
  }
  commit: { readonly args: CommitArgs; readonly result: CommitReply }
  /** Null where the pair is not the newest. */
  lastSeq: { readonly args: IssuedPair; readonly result: number | null }
  /** Null where the pair is not the newest. */
  prune: {
    readonly args: IssuedPair & { readonly runs: readonly string[]; readonly maxRows: number }
    readonly result: { readonly rows: number; readonly more: boolean } | null
  }
  /** Opens a snapshot under a number that the caller chooses; false where the pair is not the newest. */
  loadStart: { readonly args: IssuedPair & { readonly id: number }; readonly result: boolean }
  /** The next page of the snapshot, null after the last one. Fails where the thread that had the snapshot ended. */
  loadNext: { readonly args: { readonly id: number }; readonly result: RawRows | null }
  loadEnd: { readonly args: { readonly id: number }; readonly result: null }
}

/** What the reader's thread does. */
export interface ReaderCalls {
  query: {
    readonly args: { readonly plan: RawQuery }
    readonly result: { readonly rows: readonly (readonly unknown[])[]; readonly more: boolean }
  }
  backup: { readonly args: { readonly to: string; readonly id: number }; readonly result: null }
  abortBackup: { readonly args: { readonly id: number }; readonly result: null }
}

/** A `QueryPlan` with its texts encoded. */
export interface RawQuery {
  readonly table: TableName
  readonly parts: readonly {
    readonly column: string
    readonly op: '=' | '<' | 'in'
    readonly values: readonly SqlValue[]
  }[]
  readonly orderBy: string
  readonly descending: boolean
  readonly limit: number
  readonly keepsTies: boolean
}

/** A `TronError` as plain data: a structured clone would lose its class and code. */
export interface WireError {
  readonly code: string
  readonly message: string
  readonly details: Readonly<Record<string, string | number>>
}

export interface Call {
  readonly id: number
  readonly kind: string
  readonly args: unknown
}

export type Reply =
  | { readonly id: number; readonly ok: true; readonly result: unknown }
  | { readonly id: number; readonly ok: false; readonly error: WireError }
