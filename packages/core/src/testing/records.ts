import type { Commit, Rows, RunRow, TableName } from '@tron/store'

type Tables = { readonly [N in TableName]: Map<string, Rows[N]> }

/** What became of one row in one commit. */
export interface Moved<R> {
  readonly before: R | undefined
  after: R | undefined
}

type MovedRows = { readonly [N in TableName]: Map<string, Moved<Rows[N]>> }

/** One commit as an onlooker sees it who knows all commits before it. */
export interface SeenCommit {
  readonly commit: Commit
  readonly moved: MovedRows
  /** The commands that it answers: `job`, `job.run` or `job.run.action` of each. */
  readonly commanded: ReadonlySet<string>
  /** A configuration was applied, or what nodes hold imported. */
  readonly reordered: boolean
}

/** The records of all that was committed, kept apart from the store and the engine: what both are compared with. */
export interface Records {
  readonly tables: Tables
  /** The keys of the actions, and of the attempts, of a run. */
  of(table: 'actions' | 'attempts', run: string): ReadonlySet<string>
  /** The keys of the runs of a job that are not over. */
  openRuns(job: string): ReadonlySet<string>
  /** The keys of the runs that there are, or were, for the slot of a run. */
  runsOfSlot(run: Pick<RunRow, 'job' | 'slotMs'>): ReadonlySet<string>
  take(commit: Commit): SeenCommit
  /** The newest commit that was taken; null before the first. */
  readonly seq: number | null
  prune(runs: readonly string[]): void
}

const KEYS: { readonly [N in TableName]: (row: Rows[N]) => string } = {
  meta: (row) => row.key,
  cursors: (row) => row.source,
  specs: (row) => row.hash,
  jobs: (row) => row.id,
  runs: (row) => row.id,
  actions: (row) => row.id,
  attempts: (row) => row.id,
  slots: (row) => row.key,
  audit: (row) => row.request,
  trash: (row) => row.key,
}

/** @param load rows that are there already: of a database that was restored */
export function createRecords(load: { readonly [N in TableName]: readonly Rows[N][] } | null): Records {
  const tables: Tables = emptyMaps()
  const parts = { actions: createIndex(), attempts: createIndex() }
  const open = createIndex()
  const slots = createIndex()
  let seq: number | null = null
  const index = createIndexer({ parts, open, slots })
  if (load !== null) for (const name of TABLES) fill(tables, name, load[name])
  for (const row of tables.runs.values()) index.run(undefined, row)
  for (const row of tables.actions.values()) index.part('actions', undefined, row)
  for (const row of tables.attempts.values()) index.part('attempts', undefined, row)

  return {
    tables,
    get seq() {
      return seq
    },
    of: (table, run) => parts[table].get(run),
    openRuns: (job) => open.get(job),
    runsOfSlot: ({ job, slotMs }) => (slotMs === null ? NONE : slots.get(`${job} ${slotMs}`)),
    take(commit) {
      seq = commit.seq
      const moved: MovedRows = emptyMaps()
      for (const change of commit.changes) {
        if (change.put !== undefined) move(tables, moved, change.put)
        else if (change.append !== undefined) move(tables, moved, change.append)
        else drop(tables, moved, change.remove)
      }
      for (const [source, cursor] of Object.entries(commit.cursors))
        tables.cursors.set(source, { source, cursor })
      for (const { before, after } of moved.runs.values()) index.run(before, after)
      for (const { before, after } of moved.actions.values()) index.part('actions', before, after)
      for (const { before, after } of moved.attempts.values()) index.part('attempts', before, after)
      const commanded = new Set([...moved.audit.values()].flatMap(({ after }) => after?.subject ?? []))
      return { commit, moved, commanded, reordered: moved.meta.has('config') || moved.meta.has('takeOver') }
    },
    prune(runs) {
      for (const run of runs) {
        for (const key of parts.actions.get(run)) tables.actions.delete(key)
        for (const key of parts.attempts.get(run)) tables.attempts.delete(key)
        tables.runs.delete(run)
        parts.actions.forget(run)
        parts.attempts.forget(run)
      }
    },
  }
}

export const TABLES: readonly TableName[] = [
  'meta',
  'cursors',
  'specs',
  'jobs',
  'runs',
  'actions',
  'attempts',
  'slots',
  'audit',
  'trash',
]

/** The key of a row in its table. */
export function keyOf<N extends TableName>(table: N, row: Rows[N]): string {
  return KEYS[table](row)
}

function emptyMaps() {
  return {
    meta: new Map(),
    cursors: new Map(),
    specs: new Map(),
    jobs: new Map(),
    runs: new Map(),
    actions: new Map(),
    attempts: new Map(),
    slots: new Map(),
    audit: new Map(),
    trash: new Map(),
  }
}

function fill<N extends TableName>(tables: Tables, table: N, rows: readonly Rows[N][]): void {
  for (const row of rows) tables[table].set(keyOf(table, row), row)
}

function move<N extends TableName>(
  tables: Tables,
  moved: MovedRows,
  put: { readonly table: N; readonly row: Rows[N] },
): void {
  const key = keyOf(put.table, put.row)
  const known = moved[put.table].get(key)
  if (known === undefined) moved[put.table].set(key, { before: tables[put.table].get(key), after: put.row })
  else known.after = put.row
  tables[put.table].set(key, put.row)
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- it ties the row that was to the table
function drop<N extends TableName>(
  tables: Tables,
  moved: MovedRows,
  { table, key }: { readonly table: N; readonly key: string },
): void {
  const known = moved[table].get(key)
  if (known === undefined) moved[table].set(key, { before: tables[table].get(key), after: undefined })
  else known.after = undefined
  tables[table].delete(key)
}

interface Index {
  get(key: string): ReadonlySet<string>
  add(key: string, value: string): void
  remove(key: string, value: string): void
  forget(key: string): void
}

const NONE: ReadonlySet<string> = new Set()

function createIndex(): Index {
  const sets = new Map<string, Set<string>>()
  return {
    get: (key) => sets.get(key) ?? NONE,
    add(key, value) {
      const set = sets.get(key)
      if (set === undefined) sets.set(key, new Set([value]))
      else set.add(value)
    },
    remove: (key, value) => sets.get(key)?.delete(value),
    forget: (key) => sets.delete(key),
  }
}

function createIndexer({
  parts,
  open,
  slots,
}: {
  readonly parts: { readonly actions: Index; readonly attempts: Index }
  readonly open: Index
  readonly slots: Index
}) {
  return {
    run(before: Rows['runs'] | undefined, after: Rows['runs'] | undefined): void {
      const row = after ?? before
      if (row === undefined) return
      if (after === undefined || after.phase === 'ended') open.remove(row.job, row.id)
      else open.add(row.job, row.id)
      if (before?.slotMs != null) slots.remove(`${row.job} ${before.slotMs}`, row.id)
      if (after?.slotMs != null) slots.add(`${row.job} ${after.slotMs}`, row.id)
    },
    part(
      table: 'actions' | 'attempts',
      before: { readonly id: string; readonly run: string } | undefined,
      after: { readonly id: string; readonly run: string } | undefined,
    ): void {
      if (after !== undefined) parts[table].add(after.run, after.id)
      else if (before !== undefined) parts[table].remove(before.run, before.id)
    },
  }
}

/** The nodes that a take-over has yet to ask. */
export function nodesToTakeOver(records: Records): readonly string[] {
  return nodesOfTakeOver(records, 'nodes')
}

/** The nodes of which a take-over has not heard what they hold: those that it has yet to ask, and those that were given up. */
export function unheardNodes(records: Records): readonly string[] {
  return [...nodesOfTakeOver(records, 'nodes'), ...nodesOfTakeOver(records, 'without')]
}

function nodesOfTakeOver(records: Records, which: 'nodes' | 'without'): readonly string[] {
  const value = records.tables.meta.get('takeOver')?.value
  if (typeof value !== 'object' || value === null || !(which in value)) return []
  const nodes: unknown = Reflect.get(value, which)
  return Array.isArray(nodes) ? nodes.map(String) : []
}
