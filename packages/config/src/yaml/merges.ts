import { isScalar, type Pair } from 'yaml'
import type { ProblemList, ProblemPlace } from '../problems/problem-list.ts'
import { isNull, type Located, type LocatedEntry, type LocatedMap } from './located.ts'

/** What the merges of one mapping are read with. */
export interface MergeReading {
  /** The mapping. */
  readonly place: ProblemPlace
  readonly problems: ProblemList
  /** Reads what the `<<` at a place names. */
  readonly read: (value: unknown, at: number) => Located
  /** Says whether so many entries more may be copied; it is told once they may not. */
  readonly take: (entries: number, at: number) => boolean
}

/** What a mapping takes over by `<<`. */
export interface Merged {
  readonly entries: Map<string, LocatedEntry>
  /** Whether that is all that was named. */
  readonly isWhole: boolean
}

/** Whether a pair of a mapping is no entry of it, and names others to take entries from. */
export function isMerge(pair: Pair): boolean {
  return isScalar(pair.key) && pair.key.value === '<<' && pair.key.type === 'PLAIN'
}

/** Reads the merges of a mapping. Of what one names, the first that has a key wins; of several, the last wins, as of other keys that stand twice. */
export function readMerges(merges: readonly Pair[], reading: MergeReading): Merged {
  const all = merges.map((pair) => sourcesOf(pair, reading))
  if (merges.length > 1) remarkSeveral(merges, reading)
  const entries = new Map<string, LocatedEntry>()
  for (const { sources } of all.toReversed()) for (const source of sources) addMissing(entries, source)
  return { entries, isWhole: all.every(({ isWhole }) => isWhole) }
}

function remarkSeveral(merges: readonly Pair[], { place, problems }: MergeReading): void {
  const [first, last] = [merges[0], merges.at(-1)].map((pair) => placeOf(pair, place.at))
  problems.warning(
    { at: last ?? place.at, path: place.path },
    `"<<" stands twice: where both have a key, this one counts, and the one in line ${problems.lineOf(first ?? place.at)} does not; write <<: [*FIRST, *SECOND], of which the first counts`,
  )
}

function placeOf(pair: Pair | undefined, otherwise: number): number {
  return isScalar(pair?.key) ? (pair.key.range?.[0] ?? otherwise) : otherwise
}

function sourcesOf(
  pair: Pair,
  { place, problems, read, take }: MergeReading,
): { readonly sources: readonly LocatedMap[]; readonly isWhole: boolean } {
  const at = placeOf(pair, place.at)
  const named = read(pair.value, at)
  const sources: LocatedMap[] = []
  let isWhole = true
  for (const source of named.kind === 'list' ? named.items : [named]) {
    if (source.isFaulty) isWhole = false
    if (source.kind === 'map') {
      if (take(source.entries.size, at)) sources.push(source)
    } else if (!source.isFaulty && (!isNull(source) || named.kind === 'list')) {
      problems.error({ at, path: place.path }, '<< takes a mapping, or a list of mappings')
      isWhole = false
    }
  }
  return { sources, isWhole }
}

function addMissing(entries: Map<string, LocatedEntry>, source: LocatedMap): void {
  for (const [key, entry] of source.entries) if (!entries.has(key)) entries.set(key, entry)
}
