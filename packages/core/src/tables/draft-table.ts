import type { ReadTable, TableShape, WriteTable } from './live-table.ts'

/** A table as a decision sees it: what lies below, with the changes of this decision on top. What lies below is never touched. */
export function createDraftTable<Row>(below: ReadTable<Row>, shape: TableShape<Row>): WriteTable<Row> {
  /** Null where the row was removed. */
  let changed: Map<string, Row | null> | undefined

  const write = (key: string, row: Row | null) => {
    changed ??= new Map()
    changed.set(key, row)
  }

  const all = (): readonly Row[] => {
    const own = changed
    if (own === undefined) return below.all()
    const kept = below.all().filter((row) => !own.has(shape.keyOf(row)))
    return [...kept, ...[...own.values()].filter((row) => row !== null)]
  }

  return {
    get(key) {
      const own = changed?.get(key)
      return own === undefined ? below.get(key) : (own ?? undefined)
    },
    by(index, key) {
      const found = below.by(index, key)
      const own = changed
      if (own === undefined) return found
      const keyOf = shape.indexes[index]
      const rows = found.filter((row) => !own.has(shape.keyOf(row)))
      for (const row of own.values()) if (row !== null && keyOf?.(row) === key) rows.push(row)
      return rows
    },
    all,
    put: (row) => {
      write(shape.keyOf(row), row)
    },
    remove: (key) => {
      write(key, null)
    },
  }
}
