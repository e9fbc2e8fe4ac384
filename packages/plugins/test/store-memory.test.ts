import { storeRules } from '@tron/store/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createPluginWorkshop, type PluginWorkshop } from './plugin-workshop.ts'

const NAME = 'tron-store-memory'

let workshop: PluginWorkshop

beforeAll(async () => {
  workshop = await createPluginWorkshop({ example: 'store-memory', name: NAME, contract: 'store' })
}, 240_000)
afterAll(() => workshop[Symbol.asyncDispose]())

describe('a store of a third party, installed beside the daemon', () => {
  it('breaks no rule, as its own program finds without a test runner', async () => {
    const { code, stdout, stderr } = await workshop.run('check.js')
    const lines = stdout.trimEnd().split('\n')
    const checked = storeRules.filter(({ name }) => lines.some((line) => line.slice(8).startsWith(name)))
    expect(checked).toEqual(storeRules)
    expect({ code, stderr, last: lines.at(-1) }).toEqual({
      code: 0,
      stderr: '',
      last: `${storeRules.length} rules, 0 broken`,
    })
    expect(lines.filter((line) => line.startsWith('skipped'))).toMatchInlineSnapshot(`
      [
        "skipped acquire waits for its turn on a shared store: an embedded store refuses the second one",
        "skipped acquire stops waiting when its signal fires: an embedded store never waits",
        "skipped lastSeq settles a commit that is ambiguous: this fixture cannot make a commit ambiguous, not taken",
        "skipped a commit that is unavailable has changed nothing and can be sent again: this fixture cannot make a commit unavailable",
        "skipped after a crash the next lease settles a commit that is ambiguous: this fixture cannot make a commit ambiguous, not taken",
        "skipped open refuses the records of a newer version: records of this fixture outlive no version",
        "skipped backup is a consistent copy while writing goes on: the store makes no backups",
      ]
    `)
  }, 120_000)

  it('would be told by the packed suite which rule it breaks', async () => {
    const text = `
      import { randomBytes } from 'node:crypto'
      import { breakStores, brokenStores, runStoreRules, storeRules } from '@tron/store/testing'
      import { store } from '${NAME}'
      const open = () => store.open({}, { random: { next: Math.random, bytes: randomBytes } })
      const good = { open, crash: async () => {}, [Symbol.asyncDispose]: async () => {} }
      const name = 'commit takes every change of its list'
      const rules = storeRules.filter((rule) => rule.name === name)
      for (const fixture of [good, breakStores(good, brokenStores[name])]) {
        for (const { rule, result } of await runStoreRules(async () => fixture, rules)) console.log(result, rule)
      }`
    expect(await workshop.node(text)).toBe(
      'passed commit takes every change of its list\nfailed commit takes every change of its list\n',
    )
  })

  it('refuses options that it does not know', async () => {
    const text = `
      import { store } from '${NAME}'
      const { validate } = store.options['~standard']
      const given = [{}, { maxRows: 5 }, { maxRows: 0 }, { rows: 5 }]
      console.log(JSON.stringify(given.map((options) => validate(options))))`
    expect(JSON.parse(await workshop.node(text))).toEqual([
      { value: { maxRows: 200_000 } },
      { value: { maxRows: 5 } },
      { issues: [{ message: 'expected a whole number above 0', path: ['maxRows'] }] },
      { issues: [{ message: 'no such option', path: ['rows'] }] },
    ])
  })

  it('was written against types that fit it', async () => {
    expect(await workshop.types()).toBe('')
  }, 60_000)
})
