import { TronError } from '@tron/model'
import { MOST_ROWS, QUERIES, type Query, type QueryName } from './queries.ts'
import type { TableName } from './rows.ts'
import { fieldsOf } from './unsafe-row.ts'

/** One condition of a query with the value it got. */
export interface QueryPart {
  /** The parameter that fills it. */
  readonly name: string
  readonly column: string
  readonly op: '=' | '<' | 'in'
  /** One value, but for `in` as many as there are. */
  readonly values: readonly (string | number)[]
}

/** A query of `QUERIES`, its parameters put in. */
export interface QueryPlan {
  readonly table: TableName
  readonly parts: readonly QueryPart[]
  readonly orderBy: string
  readonly descending: boolean
  readonly limit: number
  /** It takes `before`: rows equal to the last one in the ordering column belong to the same page. */
  readonly keepsTies: boolean
}

/** A `QuerySpec` of any table. */
interface AnySpec {
  readonly table: TableName
  readonly where: Readonly<
    Record<string, { readonly column: string; readonly op: QueryPart['op']; readonly optional?: true }>
  >
  readonly orderBy: string
  readonly descending: boolean
}

/** Makes of a query what a store has to do. @throws INTERNAL for a limit out of range, a parameter that is missing or of a wrong type */
export function planQuery<Q extends QueryName>(query: Query<Q>): QueryPlan {
  const { name, limit } = query
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_ROWS) {
    throw new TronError('INTERNAL', `query ${name}: a limit of ${limit} is not within 1 to ${MOST_ROWS}`)
  }
  const { table, where, orderBy, descending }: AnySpec = QUERIES[name]
  const conditions = Object.entries(where)
  const params = fieldsOf(query.params)
  const parts = conditions.flatMap(([param, { column, op, optional }]): readonly QueryPart[] => {
    const value = params[param]
    if (value === undefined && optional === true) return []
    return [{ name: param, column, op, values: checkValues(op, value, { name, param }) }]
  })
  return { table, parts, orderBy, descending, limit, keepsTies: conditions.some(([, { op }]) => op === '<') }
}

function checkValues(
  op: QueryPart['op'],
  value: unknown,
  at: { readonly name: string; readonly param: string },
): QueryPart['values'] {
  const values: readonly unknown[] = op === 'in' && Array.isArray(value) ? value : [value]
  return values.map((each) => {
    if (typeof each === 'string' || Number.isSafeInteger(each)) return scalar(each)
    throw new TronError('INTERNAL', `query ${at.name}: "${at.param}" is ${typeof each}, not text or a number`)
  })
}

function scalar(value: unknown): string | number {
  return typeof value === 'string' ? value : Number(value)
}
