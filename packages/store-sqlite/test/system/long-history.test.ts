import { historyRules, runStoreRules } from '@tron/store/testing'
import { expect, it } from 'vitest'
import { sqliteFixture } from '../sqlite-fixture.ts'

const ROWS = 1_000_000

it(`neither start-up nor a query notices ${ROWS.toLocaleString('en')} rows of history`, {
  timeout: 180_000,
}, async () => {
  await using database = await sqliteFixture()
  // One database for all the rules: the first of them fills it.
  const kept = { ...database, [Symbol.asyncDispose]: () => Promise.resolve() }
  const rules = historyRules(ROWS)
  const outcomes = await runStoreRules(() => Promise.resolve(kept), rules)
  expect(outcomes).toEqual(rules.map(({ name }) => ({ rule: name, result: 'passed' })))
})
