// @ts-check
import { createChangeFeed, duplicateKey, fieldsOf, planOf, rowEntry, TABLE_NAMES } from '@tron/store/adapter'
import { createTable } from './table.js'

/** @import { Change, Commit, IssuedPair, Owner, PrunePlan, Row, TableName } from '@tron/store' */
/** @import { ChangeFeed, QueryPlan } from '@tron/store/adapter' */
/** @import { Table } from './table.js' */

/**
 * What the records may grow to; read at each commit.
 * @typedef {{ maxRows: number }} Limits
 */

/**
 * All that a store keeps. It belongs to no store: whoever opens one on the same records goes on where the one before has ended.
 * @typedef {object} Records
 * @property {ChangeFeed} feed
 * @property {readonly IssuedPair[]} issued
 * @property {Owner | null} holder who has the lease
 * @property {() => number} seq
 * @property {() => number} size rows, beside the cursors
 * @property {(nonce: string, atLeastEpoch: number) => IssuedPair} issue
 * @property {(commit: Commit) => boolean} hasRoomFor
 * @property {(commit: Commit) => void} take takes a checked commit that follows. Throws INTERNAL, with nothing changed, for an append of what is there
 * @property {() => readonly Row[]} live
 * @property {(plan: QueryPlan) => { readonly rows: readonly object[], readonly more: boolean }} query
 * @property {(plan: PrunePlan) => { readonly rows: number, readonly more: boolean }} prune
 */

/**
 * @param {Limits} limits
 * @returns {Records}
 */
export function createRecords(limits) {
  /** @type {Map<TableName, Table>} */
  const tables = new Map(TABLE_NAMES.map((name) => [name, createTable(name)]))
  /** @type {IssuedPair[]} */
  const issued = []
  const feed = createChangeFeed(0)
  let seq = 0

  /** @param {TableName} name */
  const table = (name) => {
    const found = tables.get(name)
    if (found === undefined) throw new TypeError(`there is no table "${name}"`)
    return found
  }
  const size = () => TABLE_NAMES.reduce((sum, name) => sum + (name === 'cursors' ? 0 : table(name).size()), 0)

  return {
    feed,
    issued,
    holder: null,
    seq: () => seq,
    size,
    issue(nonce, atLeastEpoch) {
      const pair = Object.freeze({ epoch: Math.max((issued.at(-1)?.epoch ?? 0) + 1, atLeastEpoch), nonce })
      issued.push(pair)
      return pair
    },
    hasRoomFor(commit) {
      const growth = growthOf(commit.changes, table)
      return growth <= 0 || size() + growth <= limits.maxRows
    },
    take(commit) {
      for (const { append } of commit.changes) {
        if (append === undefined || !table(append.table).has(append.row.request)) continue
        throw duplicateKey(append.table, append.row.request)
      }
      for (const { put, append, remove } of commit.changes) {
        const entry = put ?? append
        if (entry !== undefined) table(entry.table).put(entry.row)
        if (remove !== undefined) table(remove.table).remove(remove.key)
      }
      for (const [source, cursor] of Object.entries(commit.cursors)) {
        table('cursors').put(Object.freeze({ source, cursor }))
      }
      seq = commit.seq
      feed.push({ seq, changes: commit.changes })
    },
    live: () =>
      TABLE_NAMES.flatMap((name) =>
        table(name)
          .live()
          .map((row) => rowEntry(name, row)),
      ),
    query: (plan) => table(plan.table).query(plan),
    prune({ runs, maxRows }) {
      let rows = 0
      for (const run of runs) {
        const parts = partsOf(run, table)
        if (rows > 0 && rows + parts.length > maxRows) return { rows, more: true }
        for (const [name, key] of parts) table(name).remove(key)
        rows += parts.length
      }
      return { rows, more: false }
    },
  }
}

/**
 * How many rows more there are after these changes.
 * @param {readonly Change[]} changes
 * @param {(name: TableName) => Table} table
 */
function growthOf(changes, table) {
  /** @type {Map<string, readonly [before: number, after: number]>} */
  const touched = new Map()
  for (const { put, append, remove } of changes) {
    const entry = put ?? append
    const name = entry?.table ?? remove?.table ?? 'meta'
    const key = entry === undefined ? (remove?.key ?? '') : keyOf(entry)
    const id = `${name} ${key}`
    const before = touched.get(id)?.[0] ?? Number(table(name).has(key))
    touched.set(id, [before, remove === undefined ? 1 : 0])
  }
  return [...touched.values()].reduce((sum, [before, after]) => sum + after - before, 0)
}

/**
 * @param {Row} entry
 */
function keyOf({ table, row }) {
  return String(fieldsOf(row)[planOf(table).key])
}

/**
 * A run, its actions and its attempts, the run last.
 * @param {string} run
 * @param {(name: TableName) => Table} table
 * @returns {readonly (readonly [TableName, string])[]}
 */
function partsOf(run, table) {
  /** @type {(readonly [TableName, string])[]} */
  const parts = []
  for (const name of /** @type {const} */ (['attempts', 'actions'])) {
    for (const key of table(name).keysOfRun(run)) parts.push([name, key])
  }
  if (table('runs').has(run)) parts.push(['runs', run])
  return parts
}
