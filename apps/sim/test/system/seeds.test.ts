import { randomInt } from 'node:crypto'
import { ENGINE_COVERAGE } from '@tron/core/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { emptySeeds } from '../../src/content.ts'
import { createCrew } from '../../src/crew.ts'
import type { SeedRequest, SeedResult } from '../../src/seed-work.ts'

const SEEDS = 100
const DAYS = 14

/** The same seeds each time, unless somebody asks for others. */
// oxlint-disable-next-line node/no-process-env -- a choice of who runs the tests
const FROM = process.env['TRON_SIM_FRESH'] === '1' ? randomInt(1, 2 ** 31) : 1

/** What a hundred seeds meet surely; the rest takes thousands. */
const SURE = ['ledger outcomes', 'events of executors', 'incidents', 'inputs'] as const

describe(`${SEEDS} seeds from ${FROM}, ${DAYS} days each`, () => {
  const results: SeedResult[] = []

  beforeAll(async () => {
    await using crew = createCrew({ size: 2, defect: null })
    const requests = Array.from(
      { length: SEEDS },
      (_, index): SeedRequest => ({ seed: FROM + index, days: DAYS, how: 'engine', shrink: false }),
    )
    for await (const result of crew.results(requests)) results.push(result)
  }, 600_000)

  it('break no promise', () => {
    const broken = results.flatMap(({ seed, violation }) =>
      violation === null ? [] : [`npm run sim -- --seed ${seed}: ${violation.rule}, ${violation.text}`],
    )
    expect(broken).toEqual([])
  })

  it('are no empty days', () => {
    expect(results).toHaveLength(SEEDS)
    expect(emptySeeds(results)).toEqual([])
    expect(results.filter(({ changesClocks }) => changesClocks).length).toBeGreaterThanOrEqual(SEEDS / 4)
  })

  it.each(SURE)('meet all %s', (group) => {
    const covered = new Set(results.flatMap(({ coverage }) => Array.from(coverage.keys())))
    expect(ENGINE_COVERAGE[group]?.filter((name) => !covered.has(name))).toEqual([])
  })
})

describe('a seed', () => {
  it('gives the same again, in another thread and on SQLite', async () => {
    const seeds = [1, 2, 3, 5]
    const digests = async (how: 'engine' | 'engine on SQLite') => {
      await using crew = createCrew({ size: 2, defect: null })
      const found = new Map<number, string>()
      const requests = seeds.map((seed): SeedRequest => ({ seed, days: 3, how, shrink: false }))
      for await (const { seed, digest, violation } of crew.results(requests)) {
        found.set(seed, violation?.text ?? digest)
      }
      return seeds.map((seed) => found.get(seed))
    }
    const first = await digests('engine')
    expect(new Set(first).size).toBe(seeds.length)
    expect(await digests('engine')).toEqual(first)
    expect(await digests('engine on SQLite')).toEqual(first)
  })
})
