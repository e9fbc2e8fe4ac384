import type { ReadTable, TableShape, WriteTable } from './live-table.ts'

/** A table as a decision sees it: what lies below, with the changes of this decision on top. What lies below is never touched. */
export function createDraftTable<Row>(below: ReadTable<Row>, shape: TableShape<Row>): WriteTable<Row> {
  return new DraftTable(below, shape)
}

/** A class, since each decision makes one for each table: methods are shared, closures would be made anew. */
class DraftTable<Row> implements WriteTable<Row> {
  readonly #below: ReadTable<Row>
  readonly #shape: TableShape<Row>
  /** Null where the row was removed. */
  #changed: Map<string, Row | null> | undefined

  constructor(below: ReadTable<Row>, shape: TableShape<Row>) {
    this.#below = below
    this.#shape = shape
  }

  get(key: string): Row | undefined {
    const own = this.#changed?.get(key)
    return own === undefined ? this.#below.get(key) : (own ?? undefined)
  }

  by(index: string, key: string): readonly Row[] {
    const found = this.#below.by(index, key)
    const own = this.#changed
    if (own === undefined) return found
    const keyOf = this.#shape.indexes[index]
    const rows = found.filter((row) => !own.has(this.#shape.keyOf(row)))
    for (const row of own.values()) if (row !== null && keyOf?.(row) === key) rows.push(row)
    return rows
  }

  all(): readonly Row[] {
    const own = this.#changed
    if (own === undefined) return this.#below.all()
    const kept = this.#below.all().filter((row) => !own.has(this.#shape.keyOf(row)))
    return [...kept, ...[...own.values()].filter((row) => row !== null)]
  }

  put(row: Row): void {
    this.#write(this.#shape.keyOf(row), row)
  }

  remove(key: string): void {
    this.#write(key, null)
  }

  #write(key: string, row: Row | null): void {
    this.#changed ??= new Map()
    this.#changed.set(key, row)
  }
}
