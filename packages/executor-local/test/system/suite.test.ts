import { fileURLToPath } from 'node:url'
import { executorRules } from '@tron/executor/testing'
import { openNamespace, requireNamespaces, startChild, until } from '@tron/testkit'
import { beforeAll, describe, expect, it } from 'vitest'

const program = fileURLToPath(new URL('../rules-program.ts', import.meta.url))

// The executor starts and stops processes beside itself, so it is tried in a process namespace together with whoever plays the rules.
describe.skipIf(!requireNamespaces())('executor-local obeys the executor contract', () => {
  const results = new Map<string, { readonly result: string; readonly reason: string }>()
  beforeAll(async () => {
    await using namespace = await openNamespace()
    const child = await startChild(namespace.enter([process.execPath, '--conditions=@tron/source', program]))
    child.endInput()
    await until('all rules are played', () => !child.running(), {
      withinMs: 160_000,
      explain: () => `it said:\n${child.stdout()}${child.stderr()}`,
    })
    for (const line of child.stdout().trim().split('\n')) {
      const value: unknown = JSON.parse(line)
      if (isResult(value)) results.set(value.name, value)
    }
    if (results.size === 0) throw new Error(`no rule was played: ${child.stderr()}`)
  }, 170_000)

  it.for(executorRules)('$name', ({ name }, context) => {
    const played = results.get(name)
    if (played?.result === 'skipped') context.skip(played.reason)
    expect(played).toMatchObject({ result: 'kept', reason: '' })
  })
})

interface Result {
  readonly name: string
  readonly result: string
  readonly reason: string
}

function isResult(value: unknown): value is Result {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'result' in value && 'reason' in value
  )
}
