import { brokenStores, runStoreRules, storeRules } from '@tron/store/testing'
import { describe, expect, it } from 'vitest'
import { brokenFixture } from './broken-fixture.ts'

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
