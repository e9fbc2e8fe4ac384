import type { TableName } from './rows.ts'
import { type ColumnType, TABLES } from './tables.ts'

/** One column, its type taken apart. */
export interface ColumnPlan {
  readonly name: string
  readonly base: 'text' | 'int' | 'bool' | 'json'
  readonly nullable: boolean
}

/** One table of `TABLES` in a form that is quick to walk. */
export interface TablePlan {
  readonly table: TableName
  readonly key: string
  /** In the order of `TABLES`. */
  readonly columns: readonly ColumnPlan[]
  readonly indexes: readonly (readonly string[])[]
  /** The bool column that says "live"; true or false where all or none of the rows are. */
  readonly live: string | boolean
}

const COLUMN_TYPES: Readonly<Record<ColumnType, Omit<ColumnPlan, 'name'>>> = {
  text: { base: 'text', nullable: false },
  int: { base: 'int', nullable: false },
  bool: { base: 'bool', nullable: false },
  json: { base: 'json', nullable: false },
  'text?': { base: 'text', nullable: true },
  'int?': { base: 'int', nullable: true },
  'bool?': { base: 'bool', nullable: true },
}

/** The names of all tables, in the order of `TABLES`. */
export const TABLE_NAMES: readonly TableName[] = Object.keys(TABLES).filter(isTableName)

const PLANS: ReadonlyMap<TableName, TablePlan> = new Map(TABLE_NAMES.map((name) => [name, makePlan(name)]))

/** The plan of a table. */
export function planOf(table: TableName): TablePlan {
  const plan = PLANS.get(table)
  if (plan === undefined) throw new TypeError(`there is no table "${table}"`)
  return plan
}

function isTableName(name: string): name is TableName {
  return name in TABLES
}

function columnPlan(name: string, type: ColumnType): ColumnPlan {
  const { base, nullable } = COLUMN_TYPES[type]
  return { name, base, nullable }
}

function makePlan(table: TableName): TablePlan {
  const { key, columns, indexes, live } = TABLES[table]
  return {
    table,
    key,
    columns: Object.entries(columns).map(([name, type]) => columnPlan(name, type)),
    indexes,
    live: typeof live === 'object' ? live.column : live === 'all',
  }
}
