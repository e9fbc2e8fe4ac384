import type { Rows, TableName } from './rows.ts'

/** How a column is kept. `int` is a whole number within 2^53; `json` any JSON value, kept as text; `?` allows null. */
type BaseType<T> = [T] extends [string]
  ? 'text'
  : [T] extends [number]
    ? 'int'
    : [T] extends [boolean]
      ? 'bool'
      : 'json'

type ColumnTypeOf<T> = [null] extends [T]
  ? BaseType<NonNullable<T>> extends 'json'
    ? 'json'
    : `${BaseType<NonNullable<T>>}?`
  : BaseType<T>

/** What a column holds; with `?` also null. */
export type ColumnType = 'text' | 'int' | 'bool' | 'json' | 'text?' | 'int?' | 'bool?'

type ColumnName<N extends TableName> = keyof Rows[N] & string

/** One table, as data. */
export interface TableSpec<N extends TableName> {
  /** The primary key: one text column. */
  readonly key: ColumnName<N>
  readonly columns: { readonly [C in ColumnName<N>]: ColumnTypeOf<Rows[N][C]> }
  /** Each a list of columns, in order. */
  readonly indexes: readonly (readonly ColumnName<N>[])[]
  /** Which rows `load` yields: all, none, or those whose bool column of this name is true. */
  readonly live: 'all' | 'none' | { readonly column: ColumnName<N> }
}

/** All tables, each with exactly the columns of its rows. */
export type Tables = { readonly [N in TableName]: TableSpec<N> }

/** The version of what follows. A store migrates what an older version left, forward only. */
export const SCHEMA_VERSION = 3

/** Every table, as data: stores build their schema from it, and refuse rows that do not fit. */
export const TABLES: Tables = {
  meta: { key: 'key', columns: { key: 'text', value: 'json' }, indexes: [], live: 'all' },
  cursors: { key: 'source', columns: { source: 'text', cursor: 'text' }, indexes: [], live: 'all' },
  specs: { key: 'hash', columns: { hash: 'text', body: 'json' }, indexes: [], live: 'none' },
  jobs: {
    key: 'id',
    columns: {
      id: 'text',
      specHash: 'text',
      enabled: 'bool',
      configEnabled: 'bool',
      removed: 'bool',
      nextNumber: 'int',
      lastSlotMs: 'int?',
      openSlot: 'json',
      lastSuccessMs: 'int?',
      lastSuccessRunMs: 'int?',
      blocked: 'text?',
      lastSuccessNumber: 'int?',
    },
    indexes: [],
    live: 'all',
  },
  runs: {
    key: 'id',
    columns: {
      id: 'text',
      job: 'text',
      number: 'int',
      phase: 'text',
      state: 'text',
      slotMs: 'int?',
      runMs: 'int',
      zone: 'text',
      nodeSlot: 'int',
      request: 'text?',
      actor: 'text',
      manual: 'bool',
      node: 'text',
      specHash: 'text',
      held: 'text?',
      cancelling: 'bool',
      dueMs: 'int?',
      createdMs: 'int',
      startedMs: 'int?',
      endedMs: 'int?',
      note: 'text?',
      live: 'bool',
    },
    indexes: [
      ['job', 'number'],
      ['job', 'state', 'number'],
    ],
    live: { column: 'live' },
  },
  actions: {
    key: 'id',
    columns: {
      id: 'text',
      run: 'text',
      job: 'text',
      number: 'int',
      name: 'text',
      position: 'int',
      state: 'text',
      node: 'text',
      starts: 'int',
      attempt: 'text?',
      verdict: 'text?',
      stopsAsked: 'json',
      cancelling: 'bool',
      startedMs: 'int?',
      endedMs: 'int?',
      exitStatus: 'int?',
      exitStatuses: 'json',
      reason: 'text?',
      note: 'text?',
      originalCommand: 'text',
      command: 'text?',
      live: 'bool',
    },
    indexes: [
      ['run', 'position'],
      ['job', 'name', 'number'],
    ],
    live: { column: 'live' },
  },
  attempts: {
    key: 'id',
    columns: {
      id: 'text',
      action: 'text',
      run: 'text',
      job: 'text',
      ordinal: 'int',
      startKey: 'text',
      runNumber: 'int',
      configHash: 'text',
      target: 'json',
      targetKey: 'text',
      command: 'text',
      env: 'json',
      spec: 'json',
      phase: 'text',
      createdMs: 'int',
      startedMs: 'int?',
      endedMs: 'int?',
      outcome: 'json',
      handle: 'text?',
      revokeWanted: 'bool',
      stopWanted: 'text?',
      stopAtMs: 'int?',
      stopped: 'json',
      stdout: 'int',
      stderr: 'int',
      output: 'text',
      leftRunning: 'int',
      lost: 'int',
      released: 'bool',
      note: 'text?',
      live: 'bool',
    },
    indexes: [['run', 'createdMs']],
    live: { column: 'live' },
  },
  slots: {
    key: 'key',
    columns: {
      key: 'text',
      job: 'text',
      nodeSlot: 'int',
      fromMs: 'int',
      toMs: 'int',
      count: 'int',
      outcome: 'text',
      lateMs: 'int?',
      run: 'text?',
      reason: 'text?',
      specHash: 'text?',
    },
    indexes: [['job', 'fromMs']],
    live: 'none',
  },
  audit: {
    key: 'request',
    columns: {
      request: 'text',
      atMs: 'int',
      actor: 'text',
      source: 'text',
      verb: 'text',
      subject: 'text',
      ok: 'bool',
      reply: 'json',
    },
    indexes: [['atMs']],
    live: 'none',
  },
  trash: {
    key: 'key',
    columns: { key: 'text', job: 'text', number: 'int' },
    indexes: [],
    live: 'all',
  },
}
