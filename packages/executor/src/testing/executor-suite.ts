import { messageOf } from '@tron/model'
import { requireVitest } from '@tron/model/vitest-if-installed'
import type { ExecutorFixture } from './executor-fixture.ts'
import type { ExecutorRule } from './executor-rule.ts'
import { ADOPT_RULES } from './rules/adopt.ts'
import { EVENT_RULES } from './rules/events.ts'
import { FENCE_RULES } from './rules/fence.ts'
import { INVENTORY_RULES } from './rules/inventory.ts'
import { READ_RULES } from './rules/read.ts'
import { RELEASE_RULES } from './rules/release.ts'
import { REVOKE_RULES } from './rules/revoke.ts'
import { START_RULES } from './rules/start.ts'
import { STOP_RULES } from './rules/stop.ts'
import { createStage } from './stage.ts'

/** Every rule of the contract that can be tried from outside. */
export const executorRules: readonly ExecutorRule[] = [
  ...START_RULES,
  ...ADOPT_RULES,
  ...REVOKE_RULES,
  ...STOP_RULES,
  ...EVENT_RULES,
  ...READ_RULES,
  ...RELEASE_RULES,
  ...FENCE_RULES,
  ...INVENTORY_RULES,
]

/** A rule waits several times at most as long as its fixture allows. */
const RULE_TIMEOUT_MS = 180_000

export interface SuiteOptions {
  /** A fixture of its own for each rule; the suite disposes it. */
  readonly create: () => Promise<ExecutorFixture>
}

/**
 * Declares one vitest test for each rule. A rule that does not concern the executor is skipped, with the reason that its capabilities give.
 * @throws where vitest is not installed
 */
export function executorSuite(name: string, options: SuiteOptions): void {
  const { describe, it } = requireVitest('executorSuite', 'runExecutorRules')
  describe(`${name} obeys the executor contract`, () => {
    for (const rule of executorRules) {
      it(rule.name, { timeout: RULE_TIMEOUT_MS }, async (context) => {
        const skipped = await playRule(rule, options)
        if (skipped !== null) context.skip(skipped)
      })
    }
  })
}

export interface RuleResult {
  readonly name: string
  readonly result: 'kept' | 'broken' | 'skipped'
  /** Why it was skipped, or how it was broken. */
  readonly reason: string
}

/** Tries rules without a test runner, one after the other: all, or those that `only` names. */
export async function runExecutorRules(
  options: SuiteOptions & { readonly only?: readonly string[] },
): Promise<readonly RuleResult[]> {
  const results: RuleResult[] = []
  for (const rule of executorRules) {
    if (options.only?.includes(rule.name) ?? true) results.push(await resultOf(rule, options))
  }
  return results
}

async function resultOf(rule: ExecutorRule, options: SuiteOptions): Promise<RuleResult> {
  const { name } = rule
  try {
    const skipped = await playRule(rule, options)
    return skipped === null
      ? { name, result: 'kept', reason: '' }
      : { name, result: 'skipped', reason: skipped }
  } catch (error) {
    return { name, result: 'broken', reason: messageOf(error) }
  }
}

/** Answers why the rule was skipped; null when it was played and kept. */
async function playRule(rule: ExecutorRule, options: SuiteOptions): Promise<string | null> {
  await using fixture = await options.create()
  const skipped = await reasonToSkip(rule, fixture)
  if (skipped !== null) return skipped
  await using stage = createStage(fixture)
  await rule.play(stage)
  return null
}

async function reasonToSkip(rule: ExecutorRule, fixture: ExecutorFixture): Promise<string | null> {
  if (rule.skip === undefined) return null
  await using executor = await fixture.open()
  return rule.skip(executor.capabilities, fixture)
}
