import { DST_POLICIES } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { compare } from './dst-comparison.ts'
import { type Change, changesOf, shapeOf, watch } from './dst-oracle.ts'

/** One change of each shape that some zone has from 2000 to 2037. `npm run verify:dst` goes through all changes. */
const shapes = new Map<string, Change>()
for (const zone of Intl.supportedValuesOf('timeZone')) {
  for (const change of changesOf(zone)) shapes.set(shapeOf(change), change)
}
const watched = [...shapes.values()].map((change) => watch(change, 25))

describe(`over ${shapes.size} shapes of changes of the clocks, daily, hourly and minutely schedules`, () => {
  it('are judged over more than a hundred shapes', () => {
    expect(shapes.size).toBeGreaterThan(100)
  })

  it.each(DST_POLICIES)('come when a look at every minute says, under the policy %s', (policy) => {
    const differences = watched.flatMap((change) => compare(change, policy).differences)
    expect(differences.slice(0, 10)).toEqual([])
  })
})
