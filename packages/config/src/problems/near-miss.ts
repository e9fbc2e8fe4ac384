/** Suggests words, within a bound: where very much is wrong, what comes late is only stated. */
export interface NearMisses {
  /** The word that was probably meant: the nearest of the candidates when it is near enough, else undefined. */
  nearest(word: string, candidates: Iterable<string>): string | undefined
  /** A question to add to a message: `; did you mean "x"?`, or nothing. */
  didYouMean(word: string, candidates: Iterable<string>): string
}

/** Half a second's worth. A thousand mistakes among a thousand names are within it. */
const MOST_COMPARED = 1_000_000

/** Suggestions for one reading of a configuration. */
export function createNearMisses(mostCompared = MOST_COMPARED): NearMisses {
  let left = mostCompared
  const nearest: NearMisses['nearest'] = (word, candidates) => {
    if (left <= 0) return undefined
    const found = nearestOf(word, candidates)
    left -= found.compared
    return found.word
  }
  return {
    nearest,
    didYouMean: (word, candidates) => {
      const near = nearest(word, candidates)
      return near === undefined ? '' : `; did you mean "${near}"?`
    },
  }
}

function nearestOf(
  word: string,
  candidates: Iterable<string>,
): { readonly word: string | undefined; readonly compared: number } {
  const small = word.toLowerCase()
  // Two letters of a short word are most of it.
  let most = word.length < 6 ? 1 : 2
  let best: string | undefined
  let compared = 0
  for (const candidate of candidates) {
    compared += 1
    if (Math.abs(candidate.length - word.length) > most) continue
    const distance = editDistance(small, candidate.toLowerCase(), most)
    if (distance > most) continue
    best = candidate
    // Of equally near ones the first counts.
    most = distance - 1
    if (most < 0) break
  }
  return { word: best, compared }
}

/**
 * How many letters to insert, drop, replace or swap with their neighbour to make one word the other; more than `most` when it takes more. Only pairs
 * of places that are at most that far apart are looked at: an entry of a row is for the column `row + index - most`.
 */
function editDistance(a: string, b: string, most: number): number {
  const start = commonStart(a, b)
  const [rest, other] = [a.slice(start), b.slice(start)]
  let older: Row = []
  let previous: Row = Array.from({ length: 2 * most + 1 }, (_, index) => (index < most ? FAR : index - most))
  for (let row = 1; row <= rest.length; row += 1) {
    const current: number[] = []
    for (let index = 0; index <= 2 * most; index += 1) {
      const column = row + index - most
      const same = rest[row - 1] === other[column - 1]
      const swapped = rest[row - 1] === other[column - 2] && rest[row - 2] === other[column - 1]
      const dropped = (previous[index + 1] ?? FAR) + 1
      const inserted = (current[index - 1] ?? FAR) + 1
      const replaced = (previous[index] ?? FAR) + (same ? 0 : 1)
      current.push(Math.min(dropped, inserted, replaced, swapped ? (older[index] ?? FAR) + 1 : FAR))
    }
    if (Math.min(...current, ...previous) > most) return FAR
    older = previous
    previous = current
  }
  return previous[other.length - rest.length + most] ?? FAR
}

type Row = readonly number[]

const FAR = Number.POSITIVE_INFINITY

function commonStart(a: string, b: string): number {
  const end = Math.min(a.length, b.length)
  let at = 0
  while (at < end && a[at] === b[at]) at += 1
  return at
}
