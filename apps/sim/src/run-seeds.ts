import { performance } from 'node:perf_hooks'
import { ENGINE_COVERAGE } from '@tron/core/testing'
import { emptySeeds } from './content.ts'
import { createCrew } from './crew.ts'
import type { SeedRequest, SeedResult } from './seed-work.ts'
import { print, showProgress, type Wanted } from './wanted.ts'

const COUNTED = ['actionRuns', 'launches', 'kills', 'commands', 'configurations', 'steps'] as const

/** Enough seeds for what happens rarely: with fewer, coverage is told and not demanded. */
const SEEDS_FOR_COVERAGE = 2_000
/** In less time than this a seed may be emptier. */
const DAYS_FOR_CONTENT = 14

/** Simulates seeds and tells what happened. Answers whether all promises held, and all was covered where that can be asked. */
export async function runSeeds(wanted: Wanted): Promise<boolean> {
  const { from, seeds, days, workers, defect } = wanted
  print(`${seeds} seeds from ${from}, ${days} days each, ${workers} threads`)
  await using crew = createCrew({ size: workers, defect })
  const begun = performance.now()
  const results: SeedResult[] = []
  const requests = Array.from({ length: seeds }, (_, index) => requestOf(from + index, days))
  for await (const result of crew.results(requests)) {
    results.push(result)
    showProgress(`${results.length} of ${seeds} seeds, ${failures(results).length} broke a promise`)
    if (result.violation !== null) tellViolation(result)
  }
  const seconds = (performance.now() - begun) / 1000
  showProgress('')
  tellCounts(results, seconds)
  const empty = days < DAYS_FOR_CONTENT ? [] : emptySeeds(results)
  for (const line of empty) print(line)
  const covered = tellCoverage(results, seeds >= SEEDS_FOR_COVERAGE)
  const equal = await compareWithSqlite(wanted, results)
  const failed = failures(results).length
  print(failed === 0 ? `all promises held in ${seeds} seeds` : `${failed} of ${seeds} seeds broke a promise`)
  return failed === 0 && empty.length === 0 && covered && equal
}

function requestOf(seed: number, days: number): SeedRequest {
  return { seed, days, how: 'engine', shrink: false }
}

function failures(results: readonly SeedResult[]): readonly SeedResult[] {
  return results.filter(({ violation }) => violation !== null)
}

function tellViolation({ seed, violation }: SeedResult): void {
  if (violation === null) return
  print(`seed ${seed} broke ${violation.rule}: ${violation.text}`)
  print(`  npm run sim -- --seed ${seed} tells its story`)
}

function tellCounts(results: readonly SeedResult[], seconds: number): void {
  const all = results.flatMap(({ counts }) => counts ?? [])
  for (const name of COUNTED) {
    const values = all.map((counts) => counts[name])
    const total = values.reduce((sum, value) => sum + value, 0)
    const perSecond = name === 'steps' ? `, ${Math.round(total / seconds)} a second` : ''
    print(
      `${name.padEnd(15)} ${String(total).padStart(10)} (least in a seed ${Math.min(...values)}${perSecond})`,
    )
  }
  const changes = results.filter(({ changesClocks }) => changesClocks).length
  print(`clocks change in ${changes} of ${results.length} seeds; ${seconds.toFixed(1)} s`)
}

function tellCoverage(results: readonly SeedResult[], demanded: boolean): boolean {
  const covered = new Set(results.flatMap(({ coverage }) => [...coverage.keys()]))
  let complete = true
  for (const [group, names] of Object.entries(ENGINE_COVERAGE)) {
    const missing = names.filter((name) => !covered.has(name))
    print(`coverage of ${group}: ${names.length - missing.length} of ${names.length}`)
    if (missing.length > 0) print(`  not met: ${missing.join('; ')}`)
    complete &&= missing.length === 0
  }
  return complete || !demanded
}

/** Runs some of the seeds again on SQLite on disk: the same must have become of everything. */
async function compareWithSqlite(wanted: Wanted, results: readonly SeedResult[]): Promise<boolean> {
  const single = results.filter(({ coverage }) => !coverage.has('schedulers: pair'))
  const some = single.toSorted((a, b) => a.seed - b.seed).slice(0, wanted.sqlite)
  if (some.length === 0) return true
  const digests = new Map(some.map(({ seed, digest }) => [seed, digest]))
  const begun = performance.now()
  await using crew = createCrew({ size: wanted.workers, defect: wanted.defect })
  const requests = some.map(
    ({ seed }) => ({ seed, days: wanted.days, how: 'engine on SQLite', shrink: false }) as const,
  )
  const unequal: number[] = []
  let done = 0
  for await (const { seed, digest, violation } of crew.results(requests)) {
    done += 1
    showProgress(`${done} of ${some.length} seeds on SQLite`)
    if (digest !== digests.get(seed)) unequal.push(seed)
    if (violation !== null) print(`seed ${seed} on SQLite broke ${violation.rule}: ${violation.text}`)
  }
  showProgress('')
  const seconds = ((performance.now() - begun) / 1000).toFixed(1)
  print(`${some.length - unequal.length} of ${some.length} seeds ended equally on SQLite; ${seconds} s`)
  if (unequal.length > 0) print(`  otherwise: seeds ${unequal.join(', ')}`)
  return unequal.length === 0
}
