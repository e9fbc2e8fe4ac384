import {
  PROTOCOL_COVERAGE,
  PROTOCOL_RULES,
  type ProtocolRun,
  simulateProtocol,
} from '@tron/node-protocol/testing'
import { describe, expect, it } from 'vitest'

/** Enough that everything that can happen does happen in one of them. */
const SEEDS = Array.from({ length: 60 }, (_, index) => index + 1)

describe('the simulation of the node protocol', () => {
  it('holds every rule on every seed, and covers everything that can happen', {
    timeout: 60_000,
  }, async () => {
    const covered = new Set<string>()
    for (const seed of SEEDS) {
      const run = await simulateProtocol({ seed })
      expect(explain(run)).toBeNull()
      for (const what of run.coverage) covered.add(what)
    }
    expect(PROTOCOL_COVERAGE.filter((what) => !covered.has(what))).toEqual([])
  })

  it('does the same again for the same seed, and something else for another', async () => {
    const first = await simulateProtocol({ seed: 1_001, steps: 600 })
    expect(await simulateProtocol({ seed: 1_001, steps: 600 })).toEqual(first)
    expect((await simulateProtocol({ seed: 1_002, steps: 600 })).digest).not.toBe(first.digest)
  })

  it('names every rule once', () => {
    expect(new Set(PROTOCOL_RULES).size).toBe(PROTOCOL_RULES.length)
  })
})

function explain({ seed, violation }: ProtocolRun): string | null {
  return violation && `seed ${seed}: ${violation.rule}\n${violation.story.slice(-60).join('\n')}`
}
