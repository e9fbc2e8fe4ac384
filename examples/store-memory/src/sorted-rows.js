// @ts-check
import { fieldsOf } from '@tron/store/adapter'
import { compareValues, rowOrder } from './row-order.js'

/** @import { QueryPlan } from '@tron/store/adapter' */

/**
 * One index of a table. Rows that agree in all of its columns but the last stand in one list, by the last column and then by key: history grows at the
 * end of such a list, and a page is a piece of it, however long it is.
 * @typedef {object} SortedRows
 * @property {readonly string[]} leading the columns in which the rows of a list agree
 * @property {string} order the column that orders a list
 * @property {(row: object) => void} add
 * @property {(row: object) => void} remove
 * @property {(values: readonly unknown[]) => readonly object[]} list the rows that have these values in the leading columns
 */

/**
 * @param {readonly string[]} columns
 * @param {string} key the table's key
 * @returns {SortedRows}
 */
export function createSortedRows(columns, key) {
  const leading = columns.slice(0, -1)
  const order = columns.at(-1) ?? key
  const compare = rowOrder(order, key)
  /** @type {Map<string, object[]>} */
  const lists = new Map()
  /** @param {object} row */
  const nameOf = (row) => JSON.stringify(leading.map((column) => fieldsOf(row)[column]))

  return {
    leading,
    order,
    add(row) {
      const name = nameOf(row)
      const list = lists.get(name)
      if (list === undefined) lists.set(name, [row])
      else
        list.splice(
          firstNotBefore(list, (other) => compare(other, row)),
          0,
          row,
        )
    },
    remove(row) {
      const name = nameOf(row)
      const list = lists.get(name) ?? []
      list.splice(
        firstNotBefore(list, (other) => compare(other, row)),
        1,
      )
      if (list.length === 0) lists.delete(name)
    },
    list: (values) => lists.get(JSON.stringify(values)) ?? [],
  }
}

/**
 * The page that a query asks of rows that are in its order, ascending.
 * @param {readonly object[]} list
 * @param {QueryPlan} plan
 * @returns {{ readonly rows: readonly object[], readonly more: boolean }}
 */
export function pageOf(list, { parts, orderBy, descending, limit, keepsTies }) {
  const bound = parts.find(({ op }) => op === '<')?.values[0]
  const end =
    bound === undefined
      ? list.length
      : firstNotBefore(list, (row) => compareValues(fieldsOf(row)[orderBy], bound))
  /** @param {number} index */
  const at = (index) => list[descending ? end - 1 - index : index] ?? {}
  /** Whether a page may not end before this row: it is equal to the one before. @param {number} index */
  const belongs = (index) =>
    keepsTies && index < end && fieldsOf(at(index - 1))[orderBy] === fieldsOf(at(index))[orderBy]
  let count = Math.min(limit, end)
  while (belongs(count)) count += 1
  return { rows: Array.from({ length: count }, (_, index) => at(index)), more: count < end }
}

/**
 * Where the first row is that does not come before something.
 * @param {readonly object[]} list
 * @param {(row: object) => number} compare negative for rows that come before it
 */
function firstNotBefore(list, compare) {
  let [low, high] = [0, list.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(list[middle] ?? {}) < 0) low = middle + 1
    else high = middle
  }
  return low
}
