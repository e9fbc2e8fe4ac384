import { configJsonSchema } from '@tron/config'
import { describe, expect, it } from 'vitest'
import { tronSchema } from '../src/tron-schema.ts'
import { setUp } from './cli-under-test.ts'
import { createFakeTerminal } from './fake-terminal.ts'

describe('tron schema', () => {
  it.each([
    [[], 'MASTER' as const],
    [['MASTER'], 'MASTER' as const],
    [['namespace'], 'namespace' as const],
  ])('%j prints the JSON Schema of %s', async (args, document) => {
    const { terminal, said } = createFakeTerminal()
    expect(await tronSchema(args, terminal, 'tron schema')).toBe(0)
    expect(JSON.parse(said.out)).toEqual(configJsonSchema(document))
  })

  it('is used wrong with another document', async () => {
    const { terminal, said } = createFakeTerminal()
    expect([await tronSchema(['reports'], terminal, 'tron schema'), said.out]).toEqual([2, ''])
  })

  it('is a command of tron', async () => {
    const { run } = await setUp()
    const { code, stdout } = await run('tron', ['schema'])
    expect([code, JSON.parse(stdout)]).toEqual([0, configJsonSchema()])
  })
})
