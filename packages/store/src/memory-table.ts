import { compareText } from './compare-text.ts'
import type { QueryPart, QueryPlan } from './plan-query.ts'
import type { TableName } from './rows.ts'
import { planOf, type TablePlan } from './table-plan.ts'
import { type Fields, fieldsOf } from './unsafe-row.ts'

/** Rows by key. They are frozen, so they are shared and never copied. */
type RowMap = Map<string, object>

/** One table in memory, with its live rows apart and, for the first column of each index, its rows by the value of that column. */
export class MemoryTable {
  readonly #plan: TablePlan
  readonly #rows: RowMap
  readonly #live: RowMap = new Map()
  readonly #byColumn: ReadonlyMap<string, Map<unknown, RowMap>>

  constructor(table: TableName, rows: ReadonlyMap<string, object> = new Map()) {
    this.#plan = planOf(table)
    this.#rows = new Map()
    this.#byColumn = new Map(this.#plan.indexes.map(([first = '']) => [first, new Map()]))
    for (const row of rows.values()) this.put(row)
  }

  clone(): MemoryTable {
    return new MemoryTable(this.#plan.table, this.#rows)
  }

  has(key: string): boolean {
    return this.#rows.has(key)
  }

  put(row: object): void {
    const fields = fieldsOf(row)
    const key = String(fields[this.#plan.key])
    const old = this.#rows.get(key)
    const before = old === undefined ? undefined : fieldsOf(old)
    this.#rows.set(key, row)
    if (this.#isLive(fields)) this.#live.set(key, row)
    else this.#live.delete(key)
    for (const [column, buckets] of this.#byColumn) {
      const value = fields[column]
      if (before !== undefined && before[column] !== value) leave(buckets, before[column], key)
      const bucket = buckets.get(value)
      if (bucket === undefined) buckets.set(value, new Map([[key, row]]))
      else bucket.set(key, row)
    }
  }

  /** Whether there was one to remove. */
  remove(key: string): boolean {
    this.#unlink(key)
    return this.#rows.delete(key)
  }

  rows(): readonly object[] {
    return [...this.#rows.values()]
  }

  live(): readonly object[] {
    return [...this.#live.values()]
  }

  /** The keys of the rows that have this value in an indexed column. */
  keysWith(column: string, value: unknown): readonly string[] {
    return [...(this.#byColumn.get(column)?.get(value)?.keys() ?? [])]
  }

  query(plan: QueryPlan): { readonly rows: readonly object[]; readonly more: boolean } {
    const found = this.#candidates(plan.parts).filter((row) => matches(fieldsOf(row), plan.parts))
    const sorted = found.toSorted((a, b) => this.#compare(plan, a, b))
    let end = Math.min(plan.limit, sorted.length)
    while (plan.keepsTies && end < sorted.length && isTie(plan.orderBy, sorted[end - 1], sorted[end]))
      end += 1
    return { rows: sorted.slice(0, end), more: end < sorted.length }
  }

  #unlink(key: string): void {
    const row = this.#rows.get(key)
    if (row === undefined) return
    this.#live.delete(key)
    const fields = fieldsOf(row)
    for (const [column, buckets] of this.#byColumn) leave(buckets, fields[column], key)
  }

  #isLive(fields: Fields): boolean {
    const { live } = this.#plan
    return typeof live === 'boolean' ? live : fields[live] === true
  }

  #candidates(parts: readonly QueryPart[]): readonly object[] {
    const byKey = parts.find(({ op, column }) => op !== '<' && column === this.#plan.key)
    if (byKey !== undefined) {
      return [...new Set(byKey.values)].flatMap((key) => this.#rows.get(String(key)) ?? [])
    }
    for (const { op, column, values } of parts) {
      const buckets = op === '=' ? this.#byColumn.get(column) : undefined
      if (buckets !== undefined) return [...(buckets.get(values[0])?.values() ?? [])]
    }
    return this.rows()
  }

  #compare(plan: QueryPlan, a: object, b: object): number {
    const left = fieldsOf(a)
    const right = fieldsOf(b)
    const order =
      compareValues(left[plan.orderBy], right[plan.orderBy]) ||
      compareValues(left[this.#plan.key], right[this.#plan.key])
    return plan.descending ? -order : order
  }
}

function leave(buckets: Map<unknown, RowMap>, value: unknown, key: string): void {
  const bucket = buckets.get(value)
  bucket?.delete(key)
  if (bucket?.size === 0) buckets.delete(value)
}

function matches(fields: Fields, parts: readonly QueryPart[]): boolean {
  return parts.every(({ column, op, values }) => {
    const value = fields[column]
    if (op !== '<') return values.some((each) => each === value)
    const [bound] = values
    return bound !== undefined && value !== null && compareValues(value, bound) < 0
  })
}

function isTie(column: string, a: object | undefined, b: object | undefined): boolean {
  return a !== undefined && b !== undefined && fieldsOf(a)[column] === fieldsOf(b)[column]
}

/** Columns that queries order by are all text or all whole numbers. */
function compareValues(a: unknown, b: unknown): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareText(String(a), String(b))
}
