import { createRowIndex } from './row-index.ts'

/** Reads of one table, of what is committed or of what a decision is about to change. */
export interface ReadTable<Row> {
  get(key: string): Row | undefined
  /** The rows that an index holds under a key, in no particular order. */
  by(index: string, key: string): readonly Row[]
  /** Every row, as they are now. Never used by decisions about one run: its cost grows with the table. */
  all(): readonly Row[]
}

export interface WriteTable<Row> extends ReadTable<Row> {
  put(row: Row): void
  remove(key: string): void
}

/** How a table is kept in memory: its key, its indexes by name, and which rows are worth memory. */
export interface TableShape<Row> {
  readonly keyOf: (row: Row) => string
  readonly indexes: Readonly<Record<string, (row: Row) => string>>
  /** A row that is put and not kept leaves memory. */
  readonly keep: (row: Row) => boolean
  /** The oldest rows beyond this many leave memory. */
  readonly limit?: number
}

/** One table of committed rows with its indexes. */
export function createLiveTable<Row>(shape: TableShape<Row>): WriteTable<Row> {
  const rows = new Map<string, Row>()
  const indexes = new Map(
    Object.entries(shape.indexes).map(([name, keyOf]) => [name, createRowIndex(keyOf)] as const),
  )

  const remove = (key: string) => {
    const old = rows.get(key)
    if (old === undefined) return
    rows.delete(key)
    for (const index of indexes.values()) index.leave(key, old)
  }

  return {
    get: (key) => rows.get(key),
    by: (index, key) => [...(indexes.get(index)?.under(key) ?? [])],
    all: () => [...rows.values()],
    remove,
    put(row) {
      const key = shape.keyOf(row)
      const old = rows.get(key)
      if (!shape.keep(row)) {
        remove(key)
        return
      }
      rows.set(key, row)
      for (const index of indexes.values()) index.enter(key, row, old)
      const oldest = rows.keys().next()
      if (shape.limit !== undefined && rows.size > shape.limit && oldest.done !== true) remove(oldest.value)
    },
  }
}
