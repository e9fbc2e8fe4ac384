// @ts-check
// Checks every rule of the store contract on this store, prints what came of each, and ends with 1 when one is broken. With a number, two rules more are
// tried with so many rows of history: `node check.js 1000000`.
import { randomBytes } from 'node:crypto'
import { historyRules, runStoreRules, storeRules, wrapStore } from '@tron/store/testing'
import { createRecords } from './src/records.js'
import { openStore } from './src/store.js'

/** @import { Store } from '@tron/store' */
/** @import { StoreFixture } from '@tron/store/testing' */

const random = { next: Math.random, bytes: randomBytes }
const historyRows = Number(process.argv[2] ?? 0)
const rules = historyRows > 0 ? [...storeRules, ...historyRules(historyRows)] : storeRules

/** Records of their own for each rule. @returns {Promise<StoreFixture>} */
async function createFixture() {
  const limits = { maxRows: 1e9 }
  const records = createRecords(limits)
  /** @type {Store[]} */
  const opened = []
  /** The stores whose next commit is to find no room. @type {Set<Store>} */
  const full = new Set()

  const open = async () => {
    const inner = openStore(records, { random })
    const store = wrapStore(inner, {
      async commit(lease, commit) {
        const { maxRows } = limits
        if (full.delete(store)) limits.maxRows = 0
        const result = await inner.commit(lease, commit)
        limits.maxRows = maxRows
        return result
      },
    })
    opened.push(store)
    return store
  }
  // It holds nothing back that closing would write, so a store that is closed leaves what a killed one leaves.
  const end = async () => {
    for (const store of opened.splice(0)) await store[Symbol.asyncDispose]()
  }
  return {
    open,
    crash: end,
    async failNext(store, fault) {
      if (fault !== 'full') return false
      full.add(store)
      return true
    },
    [Symbol.asyncDispose]: end,
  }
}

const outcomes = await runStoreRules(createFixture, rules)
for (const outcome of outcomes) {
  const why =
    outcome.result === 'passed'
      ? ''
      : `: ${outcome.result === 'failed' ? outcome.error.message : outcome.reason}`
  process.stdout.write(`${outcome.result.padEnd(8)}${outcome.rule}${why}\n`)
}
const failed = outcomes.filter(({ result }) => result === 'failed').length
process.stdout.write(`${outcomes.length} rules, ${failed} broken\n`)
process.exitCode = failed === 0 ? 0 : 1
