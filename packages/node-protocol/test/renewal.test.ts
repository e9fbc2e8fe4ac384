import type { Random } from '@tron/model'
import { createManualClock, createSeededRandom } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'
import { createRenewal } from '../src/renewal.ts'
import { createSessionDouble } from './session-double.ts'

const AGE_MS = 1_000

/** @returns after how long a connection ends that was looked at every few milliseconds */
async function renewedAfter(random: Random, isBusyUntilMs = 0): Promise<number> {
  const clock = createManualClock()
  const session = createSessionDouble(() => '')
  const renewal = createRenewal({
    clock,
    random,
    maxAgeMs: AGE_MS,
    connector: {
      current: () => session,
      ready: () => Promise.resolve(session),
      want: () => undefined,
      isWanted: () => true,
      end: () => undefined,
      dispose: () => Promise.resolve(),
    },
    parts: [{ isIdle: () => clock.monotonicMs() >= isBusyUntilMs }],
    isUnfinished: () => true,
  })
  renewal.begin()
  while (!renewal.endIfDue()) await clock.advance(5)
  return clock.monotonicMs()
}

describe('connections that were made together', () => {
  it('are renewed apart, each before it is too old', async () => {
    const random = createSeededRandom(1)
    const ages = await Promise.all(Array.from({ length: 20 }, () => renewedAfter(random)))
    expect(ages.filter((age) => age < 0.75 * AGE_MS || age > AGE_MS)).toEqual([])
    expect(new Set(ages).size).toBeGreaterThan(10)
  })

  it('wait until nothing goes on there that would notice', async () => {
    expect(await renewedAfter(createSeededRandom(1), 3 * AGE_MS)).toBe(3 * AGE_MS)
  })
})
