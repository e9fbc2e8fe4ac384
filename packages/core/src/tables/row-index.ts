/** Rows by what a function of them says. */
export interface RowIndex<Row> {
  under(value: string): Iterable<Row>
  /** @param old what the row was before, where it is there already */
  enter(key: string, row: Row, old: Row | undefined): void
  leave(key: string, row: Row): void
}

export function createRowIndex<Row>(valueOf: (row: Row) => string): RowIndex<Row> {
  const sets = new Map<string, Map<string, Row>>()
  const take = (key: string, value: string): void => {
    const set = sets.get(value)
    set?.delete(key)
    if (set?.size === 0) sets.delete(value)
  }
  return {
    under: (value) => sets.get(value)?.values() ?? [],
    enter(key, row, old) {
      const value = valueOf(row)
      if (old !== undefined && valueOf(old) !== value) take(key, valueOf(old))
      const set = sets.get(value)
      if (set === undefined) sets.set(value, new Map([[key, row]]))
      else set.set(key, row)
    },
    leave: (key, row) => {
      take(key, valueOf(row))
    },
  }
}
