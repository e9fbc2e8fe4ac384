/** A place in a node's journal. The generation changes whenever the journal begins anew. */
export interface JournalPlace {
  readonly generation: string
  readonly offset: number
}

/** The place as a cursor of the contract. */
export function formatCursor({ generation, offset }: JournalPlace): string {
  return `${generation}:${offset}`
}

/** Reads a cursor; null when there is none, or it is not one of ours: then everything that lives is told. */
export function parseCursor(text: string | undefined): JournalPlace | null {
  const [, generation, offset] = /^([A-Za-z0-9]+):(\d+)$/.exec(text ?? '') ?? []
  return generation === undefined ? null : { generation, offset: Number(offset) }
}
