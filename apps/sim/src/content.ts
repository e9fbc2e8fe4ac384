import type { SeedResult } from './seed-work.ts'

/** What each seed of fourteen days holds at least, so that none is an empty day. */
const LEAST = [
  ['actionRuns', 300],
  ['kills', 20],
  ['commands', 50],
  ['configurations', 3],
] as const

/** Where seeds that broke no promise hold less than that, in words; one that broke a promise ended early. */
export function emptySeeds(results: readonly SeedResult[]): readonly string[] {
  return results.flatMap(({ seed, counts, violation }) => {
    if (violation !== null || counts === null) return []
    return LEAST.flatMap(([name, least]) =>
      counts[name] < least ? [`seed ${seed} has ${counts[name]} ${name}, wanted are at least ${least}`] : [],
    )
  })
}
