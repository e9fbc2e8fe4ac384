import { requireVitest } from '@tron/model/vitest-if-installed'
import { RuleSkipped, type StoreFixture, type StoreRule } from './rule.ts'
import { acquireRules } from './rules-acquire.ts'
import { commitRules } from './rules-commit.ts'
import { feedRules } from './rules-feed.ts'
import { historyRules } from './rules-history.ts'
import { loadRules } from './rules-load.ts'
import { pruneRules } from './rules-prune.ts'
import { queryRules } from './rules-query.ts'
import { restartRules } from './rules-restart.ts'
import { valueRules } from './rules-values.ts'

/** How the rules get a store to try, and how long and how large. */
export interface StoreSuiteOptions {
  /** A new, empty database for each rule. */
  create(): Promise<StoreFixture>
  /** How long one rule may take; 30 s unless told. */
  readonly timeoutMs?: number
  /** With how many rows of history the rules on history are tried; 20,000 unless told. */
  readonly historyRows?: number
}

const RULES: readonly StoreRule[] = [
  ...acquireRules,
  ...loadRules,
  ...commitRules,
  ...valueRules,
  ...queryRules,
  ...feedRules,
  ...pruneRules,
  ...restartRules,
]

/** Every rule of the store contract. */
export const storeRules: readonly StoreRule[] = [...RULES, ...historyRules()]

/** Declares a vitest suite with one test a rule. A rule that does not apply is skipped and says why. @throws where vitest is not installed */
export function storeSuite(name: string, options: StoreSuiteOptions): void {
  const { describe, expect, it } = requireVitest('storeSuite', 'runStoreRules')
  const timeout = options.timeoutMs ?? 30_000
  const rules = [...RULES, ...historyRules(options.historyRows)]
  describe(`${name} keeps the store contract`, () => {
    it.for(rules.map((rule) => [rule.name, rule] as const))('%s', { timeout }, async ([, rule], { skip }) => {
      const outcome = await checkRule(rule, () => options.create())
      if (outcome.result === 'skipped') skip(outcome.reason)
      if (outcome.result === 'failed') throw outcome.error
      expect(outcome.result).toBe('passed')
    })
  })
}

/** What one rule came to. */
export type RuleOutcome =
  | { readonly rule: string; readonly result: 'passed' }
  | { readonly rule: string; readonly result: 'skipped'; readonly reason: string }
  | { readonly rule: string; readonly result: 'failed'; readonly error: Error }

/** Checks rules (all unless told) outside of a test runner and returns what each came to, in their order. */
export async function runStoreRules(
  create: () => Promise<StoreFixture>,
  rules: readonly StoreRule[] = storeRules,
): Promise<readonly RuleOutcome[]> {
  const outcomes: RuleOutcome[] = []
  for (const rule of rules) outcomes.push(await checkRule(rule, create))
  return outcomes
}

async function checkRule(rule: StoreRule, create: () => Promise<StoreFixture>): Promise<RuleOutcome> {
  try {
    await using fixture = await create()
    const reason = await reasonToSkip(rule, fixture)
    if (reason !== undefined) return { rule: rule.name, result: 'skipped', reason }
    await rule.check(fixture)
    return { rule: rule.name, result: 'passed' }
  } catch (thrown) {
    if (thrown instanceof RuleSkipped) return { rule: rule.name, result: 'skipped', reason: thrown.message }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown))
    return { rule: rule.name, result: 'failed', error }
  }
}

async function reasonToSkip(rule: StoreRule, fixture: StoreFixture): Promise<string | undefined> {
  if (rule.inapplicable === undefined) return undefined
  await using store = await fixture.open()
  return await rule.inapplicable(store, fixture)
}
