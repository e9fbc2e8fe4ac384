import { STORY_LINES } from '@tron/core/testing'
import { describe, expect, it } from 'vitest'
import { createCrew } from '../../src/crew.ts'
import type { Defect } from '../../src/defects/defect.ts'
import { DEFECTS } from '../../src/defects/defects.ts'
import { huntDefect } from '../../src/hunt-defects.ts'

/** One of each kind that few seeds find; `npm run sim -- --defects` takes them all. */
const QUICK = [
  'a-second-exit-is-counted-again',
  'missed-slots-leave-no-row',
  'acts-before-the-commit',
  'an-ambiguous-commit-counts-as-failed',
  'inputs-are-dropped-when-the-store-fails',
  'a-changed-schedule-is-not-replanned',
  'a-failed-release-is-not-repeated',
  'releases-without-a-sync',
  'a-repeated-request-starts-again',
  'trash-is-forgotten-before-it-is-gone',
  'removed-rows-come-back',
  'a-restart-does-not-adopt',
  'a-restart-forgets-the-take-over',
  'an-orphan-counts-as-ended',
  'protocol-ignores-the-nonce',
  'only-the-first-quote-is-escaped',
]

function named(name: string): Defect {
  const defect = DEFECTS.find((candidate) => candidate.name === name)
  if (defect === undefined) throw new RangeError(`there is no defect "${name}"`)
  return defect
}

describe('a defect that is planted', () => {
  it.each(QUICK)('%s is found', async (name) => {
    const found = await huntDefect(named(name), { from: 1, days: 14, workers: 2 })
    expect(found.rule).not.toBeNull()
  })

  it('is told in a story of less than thirty sentences, made from a plan of few incidents', async () => {
    await using crew = createCrew({ size: 1, defect: 'lost-counts-as-failed' })
    const requests = [1, 2, 3].map((seed) => ({ seed, days: 14, how: 'engine', shrink: true }) as const)
    for await (const { violation } of crew.results(requests)) {
      if (violation === null) continue
      expect(violation.story.length).toBeLessThanOrEqual(STORY_LINES)
      expect(violation.shrunk?.incidents).toBeLessThan(10)
      return
    }
    expect.fail('none of the seeds found the defect')
  })
})
