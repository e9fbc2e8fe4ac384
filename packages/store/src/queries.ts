import type { Rows, TableName } from './rows.ts'

interface Condition<N extends TableName> {
  readonly column: keyof Rows[N] & string
  /** `in` takes a list of values. */
  readonly op: '=' | '<' | 'in'
  /** Left out when its parameter is. */
  readonly optional?: true
}

/** A query as data: stores build their own form of it from this. */
export interface QuerySpec<N extends TableName> {
  readonly table: N
  /** Parameter name to the condition it fills. */
  readonly where: Readonly<Record<string, Condition<N>>>
  readonly orderBy: keyof Rows[N] & string
  readonly descending: boolean
}

type Scalar = string | number

/** The parameters of each query. `before` pages backwards: the last row's value of the ordering column. */
export interface QueryParams {
  /** One run. */
  readonly run: { readonly id: string }
  /** A job's runs, newest first; `state` narrows them. */
  readonly runsOfJob: { readonly job: string; readonly before?: number; readonly state?: string }
  /** A run's actions in the order of the configuration. */
  readonly actionsOfRun: { readonly run: string }
  /** One action over a job's runs, newest first. */
  readonly actionHistory: { readonly job: string; readonly name: string; readonly before?: number }
  /** A run's attempts, oldest first. */
  readonly attemptsOfRun: { readonly run: string }
  readonly attempt: { readonly id: string }
  readonly specs: { readonly hashes: readonly string[] }
  /** What became of a job's slots, newest first. */
  readonly slotsOfJob: { readonly job: string; readonly before?: number }
  /** The answer that a request got. */
  readonly request: { readonly request: string }
  /** Commands, newest first. */
  readonly audit: { readonly before?: number }
}

/** The queries that every store answers. */
export type QueryName = keyof QueryParams

/** The table that the rows of each query come from. */
export interface QueryTables {
  readonly run: 'runs'
  readonly runsOfJob: 'runs'
  readonly actionsOfRun: 'actions'
  readonly actionHistory: 'actions'
  readonly attemptsOfRun: 'attempts'
  readonly attempt: 'attempts'
  readonly specs: 'specs'
  readonly slotsOfJob: 'slots'
  readonly request: 'audit'
  readonly audit: 'audit'
}

/** The closed list of queries, as data: a store turns each into whatever it speaks. */
export const QUERIES: { readonly [Q in QueryName]: QuerySpec<QueryTables[Q]> } = {
  run: { table: 'runs', where: { id: { column: 'id', op: '=' } }, orderBy: 'id', descending: false },
  runsOfJob: {
    table: 'runs',
    where: {
      job: { column: 'job', op: '=' },
      before: { column: 'number', op: '<', optional: true },
      state: { column: 'state', op: '=', optional: true },
    },
    orderBy: 'number',
    descending: true,
  },
  actionsOfRun: {
    table: 'actions',
    where: { run: { column: 'run', op: '=' } },
    orderBy: 'position',
    descending: false,
  },
  actionHistory: {
    table: 'actions',
    where: {
      job: { column: 'job', op: '=' },
      name: { column: 'name', op: '=' },
      before: { column: 'number', op: '<', optional: true },
    },
    orderBy: 'number',
    descending: true,
  },
  attemptsOfRun: {
    table: 'attempts',
    where: { run: { column: 'run', op: '=' } },
    orderBy: 'createdMs',
    descending: false,
  },
  attempt: { table: 'attempts', where: { id: { column: 'id', op: '=' } }, orderBy: 'id', descending: false },
  specs: {
    table: 'specs',
    where: { hashes: { column: 'hash', op: 'in' } },
    orderBy: 'hash',
    descending: false,
  },
  slotsOfJob: {
    table: 'slots',
    where: { job: { column: 'job', op: '=' }, before: { column: 'fromMs', op: '<', optional: true } },
    orderBy: 'fromMs',
    descending: true,
  },
  request: {
    table: 'audit',
    where: { request: { column: 'request', op: '=' } },
    orderBy: 'request',
    descending: false,
  },
  audit: {
    table: 'audit',
    where: { before: { column: 'atMs', op: '<', optional: true } },
    orderBy: 'atMs',
    descending: true,
  },
}

/** More rows than this no query is answered with. */
export const MOST_ROWS = 10_000

/**
 * One query, ready to be asked: at most `limit` rows (1 to `MOST_ROWS`). A query that takes `before` also gives the rows beyond it that are equal to the last
 * one in the ordering column, so that paging by `before` loses none and repeats none.
 */
export type Query<Q extends QueryName = QueryName> = Q extends QueryName
  ? { readonly name: Q; readonly params: QueryParams[Q]; readonly limit: number }
  : never

/** The rows, in the query's order (ties by key, in the same direction, by code points), and whether there are more. */
export interface Page<Q extends QueryName> {
  readonly rows: readonly Rows[QueryTables[Q]][]
  readonly more: boolean
}

/** The value of a parameter; undefined where it was left out. */
export type QueryValue = Scalar | readonly Scalar[] | undefined
