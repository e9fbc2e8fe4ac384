import { createCrew } from './crew.ts'
import { print, type Wanted } from './wanted.ts'

/** Simulates one seed, twice, and tells it; where a promise is broken, as small as can be. Answers whether all held. */
export async function replaySeed({
  seed,
  days,
  defect,
}: Wanted & { readonly seed: number }): Promise<boolean> {
  await using crew = createCrew({ size: 1, defect })
  const once = { seed, days, how: 'engine', shrink: false } as const
  const digests: string[] = []
  for await (const { counts, digest, violation } of crew.results([once, once, { ...once, shrink: true }])) {
    digests.push(digest)
    if (digests.length === 2) print(`played twice: ${digests[0] === digests[1] ? 'equal' : 'NOT equal'}`)
    if (digests.length === 1 && counts !== null) print(`seed ${seed}: ${JSON.stringify(counts)}`)
    if (violation === null && digests.length === 3) {
      print('all promises held')
      return digests[0] === digests[1]
    }
    if (violation === null || digests.length < 3) continue
    print(`broken: ${violation.rule}`)
    if (violation.shrunk !== null) {
      print(
        `made small in ${violation.shrunk.tries} simulations; ${violation.shrunk.incidents} incidents are left`,
      )
    }
    print('')
    for (const line of violation.story) print(line)
    print(`${' '.repeat(25)}=> ${violation.text}`)
  }
  return false
}
