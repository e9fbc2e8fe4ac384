import { planOf } from '@tron/store/adapter'
import type { RawQuery } from './messages.ts'
import { quoted } from './schema.ts'
import type { Database, SqlValue, Statement } from './sqlite.ts'
import { valuesOf } from './unsafe-rows.ts'

/** The most values that one statement binds for `in`: SQLite allows some more. */
const MAX_LIST = 16_384

/** Answers queries on a connection that only reads. */
export interface Reader {
  query(plan: RawQuery): { readonly rows: readonly (readonly unknown[])[]; readonly more: boolean }
}

/** Prepares statements as they are asked for and keeps them: there are only as many as queries with and without their optional parameters. */
export function createReader(database: Database): Reader {
  const statements = new Map<string, Statement>()
  const prepared = (sql: string): Statement => {
    const known = statements.get(sql)
    if (known !== undefined) return known
    const statement = database.prepare(sql)
    statement.setReturnArrays(true)
    statements.set(sql, statement)
    return statement
  }
  return {
    query(plan) {
      const params = plan.parts.flatMap(({ op, values }) => (op === 'in' ? padded(values) : values))
      if (params.length === 0 && plan.parts.length > 0) return { rows: [], more: false }
      return cutPage(plan, prepared(selectSql(plan)).iterate(...params))
    },
  }
}

/** The SQL of a query. It has no LIMIT: rows are taken one by one, in the order of an index, until the page is full. */
export function selectSql({ table, parts, orderBy, descending }: RawQuery): string {
  const { key, columns } = planOf(table)
  const conditions = parts.map(({ column, op, values }) =>
    op === 'in'
      ? `${quoted(column)} IN (${padded(values)
          .map(() => '?')
          .join()})`
      : `${quoted(column)} ${op} ?`,
  )
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`
  const direction = descending ? 'DESC' : 'ASC'
  const ties = orderBy === key ? '' : `, ${quoted(key)} ${direction}`
  const names = columns.map(({ name }) => quoted(name)).join(', ')
  return `SELECT ${names} FROM ${quoted(table)}${where} ORDER BY ${quoted(orderBy)} ${direction}${ties}`
}

function cutPage(
  { table, orderBy, limit, keepsTies }: RawQuery,
  found: Iterable<object>,
): { readonly rows: readonly (readonly unknown[])[]; readonly more: boolean } {
  const at = planOf(table).columns.findIndex(({ name }) => name === orderBy)
  const rows: (readonly unknown[])[] = []
  for (const row of found) {
    const values = valuesOf(row)
    if (rows.length >= limit && !(keepsTies && values[at] === rows.at(-1)?.[at])) return { rows, more: true }
    rows.push(values)
  }
  return { rows, more: false }
}

/** A list whose length is a power of two, filled up with its last value, so that few statements serve all lengths. */
function padded(values: readonly SqlValue[]): readonly SqlValue[] {
  if (values.length > MAX_LIST) throw new Error(`a query with a list of ${values.length} values`)
  const last = values.at(-1)
  if (last === undefined) return values
  const length = 2 ** Math.ceil(Math.log2(values.length))
  return [...values, ...Array.from({ length: length - values.length }, () => last)]
}
