// @ts-check
import { TronError } from '@tron/model'
import { fieldsOf, planOf } from '@tron/store/adapter'
import { rowOrder } from './row-order.js'
import { createSortedRows, pageOf } from './sorted-rows.js'

/** @import { QueryPlan } from '@tron/store/adapter' */
/** @import { TableName } from '@tron/store' */

/**
 * One table, made of what `TABLES` says of it: rows by key, those that are live once more, and one list of sorted rows for each index.
 * @typedef {object} Table
 * @property {(key: string) => boolean} has
 * @property {(row: object) => void} put
 * @property {(key: string) => void} remove
 * @property {() => readonly object[]} live
 * @property {() => number} size
 * @property {(run: string) => readonly string[]} keysOfRun the keys of a run's rows, where the table has an index for that
 * @property {(plan: QueryPlan) => { readonly rows: readonly object[], readonly more: boolean }} query
 */

/**
 * @param {TableName} name
 * @returns {Table}
 */
export function createTable(name) {
  const { key: keyColumn, live: liveColumn, indexes } = planOf(name)
  /** @type {Map<string, object>} */
  const rows = new Map()
  /** @type {Map<string, object>} */
  const live = new Map()
  const sorted = indexes.map((columns) => createSortedRows(columns, keyColumn))
  /** @param {object} row */
  const keyOf = (row) => String(fieldsOf(row)[keyColumn])
  /** @param {object} row */
  const isLive = (row) => (typeof liveColumn === 'boolean' ? liveColumn : fieldsOf(row)[liveColumn] === true)

  /** @param {string} key */
  const remove = (key) => {
    const row = rows.get(key)
    if (row === undefined) return
    rows.delete(key)
    live.delete(key)
    for (const index of sorted) index.remove(row)
  }

  /**
   * The rows among which the answer is, in the order of the query.
   * @param {QueryPlan} plan
   */
  const candidates = ({ parts, orderBy }) => {
    const byKey = parts.find(({ column, op }) => column === keyColumn && op !== '<')
    if (byKey !== undefined) {
      const found = [...new Set(byKey.values)].flatMap((key) => rows.get(String(key)) ?? [])
      return found.toSorted(rowOrder(orderBy, keyColumn))
    }
    const wanted = new Map(
      parts.filter(({ op }) => op === '=').map(({ column, values }) => [column, values[0]]),
    )
    const index = sorted.find(
      ({ leading, order }) =>
        order === orderBy && leading.length === wanted.size && leading.every((column) => wanted.has(column)),
    )
    if (index === undefined)
      throw new TronError('INTERNAL', `no index of ${name} serves a query by ${orderBy}`)
    return index.list(index.leading.map((column) => wanted.get(column)))
  }

  return {
    has: (key) => rows.has(key),
    put(row) {
      const key = keyOf(row)
      remove(key)
      rows.set(key, row)
      if (isLive(row)) live.set(key, row)
      for (const index of sorted) index.add(row)
    },
    remove,
    live: () => [...live.values()],
    size: () => rows.size,
    keysOfRun(run) {
      const index = sorted.find(({ leading }) => leading.length === 1 && leading[0] === 'run')
      return index === undefined ? [] : index.list([run]).map(keyOf)
    },
    query: (plan) => pageOf(candidates(plan), plan),
  }
}
