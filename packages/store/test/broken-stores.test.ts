import { brokenStores, runStoreRules, type StoreFixture, storeRules } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import { memoryFixture } from './memory-fixture.ts'

/** Rules that say something only of stores whose lease moves. */
const SHARED_ONLY = new Set([
  'acquire waits for its turn on a shared store',
  'acquire stops waiting when its signal fires',
])

async function brokenFixture(rule: string): Promise<StoreFixture> {
  const fixture = await memoryFixture({ shared: SHARED_ONLY.has(rule) })
  return { ...fixture, open: async () => brokenStores[rule]?.(await fixture.open()) ?? fixture.open() }
}

describe('the store suite', () => {
  it('has a deliberately broken store for every rule', () => {
    expect(Object.keys(brokenStores).toSorted()).toEqual(storeRules.map(({ name }) => name).toSorted())
  })

  it('names each rule once', () => {
    expect(new Set(storeRules.map(({ name }) => name)).size).toBe(storeRules.length)
  })

  it.each(storeRules.map((rule) => [rule.name, rule] as const))(
    'fails a store that breaks: %s',
    async (name, rule) => {
      const outcomes = await runStoreRules(() => brokenFixture(name), [rule])
      expect(outcomes.map(({ rule: failed, result }) => [failed, result])).toEqual([[name, 'failed']])
    },
  )
})
