import { STORY_LINES } from '@tron/core/testing'
import { describe, expect, it } from 'vitest'
import { createCrew } from '../../src/crew.ts'
import { DEFECTS } from '../../src/defects/defects.ts'
import { huntDefect } from '../../src/hunt-defects.ts'

/** A few of each kind; `npm run sim -- --defects` takes them all. */
const EVERY = 8
const some = DEFECTS.filter((_, index) => index % EVERY === 0)

describe('a defect that is planted', () => {
  it.each(some.map((defect) => [defect.name, defect] as const))('%s is found', async (_name, defect) => {
    const found = await huntDefect(defect, { from: 1, days: 14, workers: 2 })
    expect(found.rule).not.toBeNull()
  })

  it('is told in a story of less than thirty sentences, made from a plan of few incidents', async () => {
    await using crew = createCrew({ size: 1, defect: 'an-ambiguous-commit-counts-as-failed' })
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
