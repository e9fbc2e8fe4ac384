import { setImmediate } from 'node:timers/promises'

/** Pieces of work between two pauses: some milliseconds of it. */
const STRETCH = 256

/** Maps a long list without holding up the process: others have their turn now and then. */
export async function mapWithPauses<T, R>(items: readonly T[], map: (item: T) => R): Promise<readonly R[]> {
  const results: R[] = []
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % STRETCH === 0) await setImmediate()
    results.push(map(item))
  }
  return results
}

/** Maps with at most `limit` calls under way; the results are in the order of the items. The first failure is the failure of all. */
export async function mapBounded<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = []
  const entries = items.entries()
  const worker = async () => {
    for (const [index, item] of entries) results[index] = await map(item)
  }
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker))
  return results
}
