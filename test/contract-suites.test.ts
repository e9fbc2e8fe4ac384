import { markdownTable } from 'markdown-table'
import { expect, it } from 'vitest'
import {
  breakFixture,
  brokenExecutors,
  createFakeFixture,
  executorRules,
  runExecutorRules,
} from '../packages/executor/src/testing/index.ts'
import { realClock } from '../packages/executor/test/real-clock.ts'
import { brokenStores, runStoreRules, storeRules } from '../packages/store/src/testing/index.ts'
import { brokenFixture } from '../packages/store/test/broken-fixture.ts'

/** A rule, what is wrong with an example that breaks it, and whether the suite noticed. */
type Line = readonly [rule: string, defect: string, result: string]

/** Each rule on the store that was made to break it. */
async function storeLines(): Promise<readonly Line[]> {
  const lines: Line[] = []
  for (const rule of storeRules) {
    const outcomes = await runStoreRules(() => brokenFixture(rule.name), [rule])
    lines.push([rule.name, brokenStores[rule.name]?.defect ?? '', resultOf(outcomes[0]?.result === 'failed')])
  }
  return lines
}

/** Each rule on the executors that were made to break it. */
async function executorLines(): Promise<readonly Line[]> {
  const lines: Line[] = []
  for (const { name } of executorRules) {
    for (const broken of brokenExecutors.filter(({ rule }) => rule === name)) {
      const create = async () =>
        breakFixture(createFakeFixture({ clock: realClock, deadlineMs: 250 }), broken)
      const results = await runExecutorRules({ create, only: [name] })
      lines.push([name, broken.defect, resultOf(results[0]?.result === 'broken')])
    }
  }
  return lines
}

function resultOf(isCaught: boolean): string {
  return isCaught ? 'caught' : 'MISSED'
}

function page(stores: readonly Line[], executors: readonly Line[]): string {
  return `# The suites of the two contracts

Whoever writes a store or an executor for Tron has a suite to try it with: \`@tron/store/testing\` and \`@tron/executor/testing\`. A suite is a list of rules, and each rule is a short program that uses an implementation as the scheduler would, also one that was killed, that is full, or that lost its connection. An implementation is finished when it breaks none. Rules that have nothing to say about it, for example about output that it cannot read, are skipped and say why.

A rule is worth something only if it notices. For each there is therefore an example with one defect, and here is what became of every one: the suite was run on it, and it is caught when the rule of that name fails.

\`\`\`sh
pnpm unit test/contract-suites.test.ts   # runs all of this and compares it with this page; with -u at the end it writes the page
node DIR/plugins/node_modules/tron-store-memory/check.js   # every rule of the store contract on that example, without a test runner
\`\`\`

Good implementations pass the same rules: the stores in memory and in SQLite, the fake executor, the protocol of the nodes, the executors for SSH and for this machine, each in the \`suite.test.ts\` of its package; and two that a third party could have written, \`examples/store-memory\` and \`examples/executor-demo\`, installed from packed packages. SQLite is also tried with a million rows of history.

## Stores: ${stores.length} rules

${markdownTable([['rule', 'a store that …', 'result'], ...stores])}

## Executors: ${new Set(executors.map(([rule]) => rule)).size} rules

${markdownTable([['rule', 'an executor that …', 'result'], ...executors])}
`
}

it('each rule of a contract catches what breaks it, as docs/contract-suites.md says', {
  timeout: 120_000,
}, async () => {
  const text = page(await storeLines(), await executorLines())
  expect(text).not.toContain('MISSED')
  await expect(text).toMatchFileSnapshot('../docs/contract-suites.md')
})
