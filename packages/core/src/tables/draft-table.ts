import type { ReadTable, TableShape, WriteTable } from './live-table.ts'
import { createRowIndex, type RowIndex } from './row-index.ts'

/** A table as a decision sees it: what lies below, with the changes of this decision on top. What lies below is never touched. */
export function createDraftTable<Row>(below: ReadTable<Row>, shape: TableShape<Row>): WriteTable<Row> {
  return new DraftTable(below, shape)
}

/** Most decisions put a few rows, which are looked through sooner than an index of them is made; a tick of thousands of runs asks for each of them. */
const MANY = 16

/** A class, since each decision makes one for each table: methods are shared, closures would be made anew. */
class DraftTable<Row> implements WriteTable<Row> {
  readonly #below: ReadTable<Row>
  readonly #shape: TableShape<Row>
  /** Null where the row was removed. */
  #changed: Map<string, Row | null> | undefined
  /** Of what was put, each made when it is first asked for. */
  #indexes: Map<string, RowIndex<Row>> | undefined

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
    const kept = found.filter((row) => !own.has(this.#shape.keyOf(row)))
    return kept.concat(this.#own(index, key, own))
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

  #own(index: string, key: string, own: ReadonlyMap<string, Row | null>): readonly Row[] {
    if (own.size > MANY) return [...(this.#index(index, own)?.under(key) ?? [])]
    const keyOf = this.#shape.indexes[index]
    const rows: Row[] = []
    for (const row of own.values()) if (row !== null && keyOf?.(row) === key) rows.push(row)
    return rows
  }

  #index(name: string, own: ReadonlyMap<string, Row | null>): RowIndex<Row> | undefined {
    const known = this.#indexes?.get(name)
    const valueOf = this.#shape.indexes[name]
    if (known !== undefined || valueOf === undefined) return known
    const made = createRowIndex(valueOf)
    for (const [key, row] of own) if (row !== null) made.enter(key, row, undefined)
    this.#indexes ??= new Map()
    this.#indexes.set(name, made)
    return made
  }

  #write(key: string, row: Row | null): void {
    this.#changed ??= new Map()
    const old = this.#changed.get(key) ?? undefined
    this.#changed.set(key, row)
    for (const index of this.#indexes?.values() ?? []) {
      if (row !== null) index.enter(key, row, old)
      else if (old !== undefined) index.leave(key, old)
    }
  }
}
