import type { Page, Query, QueryName } from '../queries.ts'
import { type Fields, fieldsOf } from '../unsafe-row.ts'

/** The same page with every row edited: for stores that are broken on purpose. */
export function editRows<Q extends QueryName>(page: Page<Q>, edit: (row: Fields) => object): Page<Q> {
  const rows = page.rows.map((row) => edit(fieldsOf(row)))
  return { ...page, rows: rows as unknown as Page<Q>['rows'] }
}

/** The same page with some of its rows: for stores that are broken on purpose. */
export function keepRows<Q extends QueryName>(page: Page<Q>, keep: (row: Fields) => boolean): Page<Q> {
  return { ...page, rows: page.rows.filter((row) => keep(fieldsOf(row))) }
}

/** The same query with other parameters: for stores that are broken on purpose. */
export function editParams<Q extends QueryName>(query: Query<Q>, params: object): Query<Q> {
  return { ...(query as object), params } as Query<Q>
}

/** The same query with another limit: for stores that are broken on purpose. */
export function editLimit<Q extends QueryName>(query: Query<Q>, limit: number): Query<Q> {
  return { ...(query as object), limit } as Query<Q>
}
