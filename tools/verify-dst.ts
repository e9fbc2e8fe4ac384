import { DST_POLICIES } from '../packages/model/src/index.ts'
import { compare } from '../packages/schedule/test/dst-comparison.ts'
import { type Change, changesOf, rulesFor, shapeOf, watch } from '../packages/schedule/test/dst-oracle.ts'

/**
 * Compares schedules round every change of the clocks of every zone from 2000 to 2037, under every policy, with a look at each minute. Takes some
 * minutes; ends with status 1 where anything differs.
 */
const HOURS_ROUND_EACH = 4

const zones = Intl.supportedValuesOf('timeZone')
const shapes = new Set<string>()
const counts = { changes: 0, comparisons: 0, instants: 0, differences: 0 }
for (const [index, zone] of zones.entries()) {
  for (const change of changesOf(zone)) verify(change)
  if (index % 50 === 49) write(`${index + 1} of ${zones.length} zones, ${counts.changes} changes`)
}
write(
  `${zones.length} zones, ${counts.changes} changes of ${shapes.size} shapes, ${counts.comparisons} comparisons of a schedule under a policy, ` +
    `${counts.instants} instants, ${counts.differences} differences`,
)
process.exitCode = counts.differences === 0 && counts.changes > 0 ? 0 : 1

function verify(change: Change): void {
  shapes.add(shapeOf(change))
  counts.changes += 1
  const watched = watch(change, HOURS_ROUND_EACH)
  for (const policy of DST_POLICIES) {
    const { instants, differences } = compare(watched, policy)
    counts.comparisons += rulesFor(change).length
    counts.instants += instants
    counts.differences += differences.length
    for (const line of differences) write(line)
  }
}

function write(line: string): void {
  process.stdout.write(`${line}\n`)
}
