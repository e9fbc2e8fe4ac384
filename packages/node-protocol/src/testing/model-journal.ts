/** A journal on a model's disk: followers hold the file itself, so one that was replaced is silent for them. */
export interface ModelJournal {
  readonly generation: string
  size(): number
  append(bytes: Buffer): void
  /** Passes on what stands there from an offset, then whatever is added. @returns what ends that */
  follow(from: number, take: (bytes: Buffer) => void): () => void
  /** Another file with the same content, which nobody follows. */
  copy(): ModelJournal
}

export function createModelJournal(generation: string): ModelJournal {
  return journalOf(generation, [Buffer.from(`J ${generation} .\n`)])
}

function journalOf(generation: string, pieces: Buffer[]): ModelJournal {
  const followers = new Set<(bytes: Buffer) => void>()
  const size = (): number => pieces.reduce((total, { length }) => total + length, 0)
  return {
    generation,
    size,
    append(bytes) {
      pieces.push(bytes)
      for (const take of followers) take(bytes)
    },
    follow(from, take) {
      let at = 0
      for (const piece of pieces) {
        if (at + piece.length > from) take(piece.subarray(Math.max(0, from - at)))
        at += piece.length
      }
      followers.add(take)
      return () => {
        followers.delete(take)
      }
    },
    copy: () => journalOf(generation, [...pieces]),
  }
}
