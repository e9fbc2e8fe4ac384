import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { setUp, temporaryFolder } from './cli-under-test.ts'

const HOOK = `
import { registerHooks } from 'node:module'
registerHooks({
  resolve(name, context, next) {
    const found = next(name, context)
    process.stderr.write(found.url + '\\n')
    return found
  },
})
`

it.each([
  ['tronview', []],
  ['tronctl', ['start', 'none']],
  ['tronfig', ['-p']],
  ['tron', ['view']],
])('%s %j loads no library that it does not need', async (program, args) => {
  const { at } = await setUp()
  const hook = join(temporaryFolder(), 'hook.mjs')
  writeFileSync(hook, HOOK)
  const { stderr } = await at(program, args, { nodeOptions: ['--import', hook] })
  expect(stderr).toContain('/api-client/src/create-client.ts')
  expect(stderr).not.toMatch(/zod|hono|\/yaml\/|packages\/config|croner|temporal/)
})
