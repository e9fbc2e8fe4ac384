import {
  breakFixture,
  brokenExecutors,
  createFakeFixture,
  executorRules,
  runExecutorRules,
} from '@tron/executor/testing'
import { expect, it } from 'vitest'
import { realClock } from './real-clock.ts'

it.each(brokenExecutors)('an executor that $defect fails by "$rule"', async (broken) => {
  const create = async () => breakFixture(createFakeFixture({ clock: realClock, deadlineMs: 250 }), broken)
  const [result] = await runExecutorRules({ create, only: [broken.rule] })
  expect({ name: result?.name, result: result?.result }).toEqual({ name: broken.rule, result: 'broken' })
})

it('has a broken executor for each rule, and no rule twice', () => {
  const names = executorRules.map(({ name }) => name)
  expect(new Set(brokenExecutors.map(({ rule }) => rule))).toEqual(new Set(names))
  expect(names).toEqual([...new Set(names)])
})
