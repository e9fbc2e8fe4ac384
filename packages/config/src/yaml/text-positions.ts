/** A place in a text, both from 1. */
export interface TextPosition {
  readonly line: number
  readonly column: number
}

/** Finds the line and column of an offset in a text. */
export function createPositions(text: string): (offset: number) => TextPosition {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    const inside = Math.max(0, Math.min(offset, text.length))
    const line = lastAtOrBefore(starts, inside)
    return { line: line + 1, column: inside - (starts[line] ?? 0) + 1 }
  }
}

function lastAtOrBefore(starts: readonly number[], offset: number): number {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

/**
 * Where a character of a value stands in what is written for it, quoted or not, on one line or on many: a word that the value has a second time is
 * the second one there, too. 0 when it is not written as it reads.
 */
export function placeWithin(written: string, value: string, index: number): number {
  const [word] = /^[^\s'"\\]+/.exec(value.slice(index)) ?? []
  if (word === undefined) return 0
  // The line that opens a block has a text of its own.
  let at = /^[|>]/.test(written) ? written.indexOf('\n') : 0
  for (let seen = value.indexOf(word); seen < index; seen = value.indexOf(word, seen + 1)) {
    at = written.indexOf(word, at) + 1
    if (at === 0) return 0
  }
  return Math.max(0, written.indexOf(word, at))
}
