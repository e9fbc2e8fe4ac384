import { expect, it } from 'vitest'
import { emptySeeds } from '../src/content.ts'
import type { SeedResult } from '../src/seed-work.ts'

it('names the seeds that hold too little, and what of; one that broke a promise ended early', () => {
  const violation = { rule: 'never-stuck', text: '', story: [], shrunk: null }
  expect(
    emptySeeds([
      seedWith(1, {}),
      seedWith(2, { actionRuns: 299, kills: 0 }),
      { ...seedWith(3, { kills: 0 }), violation },
    ]),
  ).toEqual([
    'seed 2 has 299 actionRuns, wanted are at least 300',
    'seed 2 has 0 kills, wanted are at least 20',
  ])
})

function seedWith(seed: number, few: Partial<NonNullable<SeedResult['counts']>>): SeedResult {
  const counts = {
    actionRuns: 300,
    launches: 300,
    kills: 20,
    commands: 50,
    configurations: 3,
    steps: 2000,
    ...few,
  }
  return { seed, counts, coverage: new Map(), digest: '', changesClocks: false, violation: null }
}
