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

/** The modules that a program loads, one a line. */
async function loaded(program: string, args: readonly string[]): Promise<string> {
  const { run, server } = await setUp()
  const hook = join(temporaryFolder(), 'hook.mjs')
  writeFileSync(hook, HOOK)
  const words = args.map((word) => (word === 'SERVER' ? server : word))
  return (await run(program, words, { nodeOptions: ['--import', hook], input: 'jobs: {}\n' })).stderr
}

it.each([
  ['tronview', ['--server', 'SERVER']],
  ['tronctl', ['start', 'none', '--server', 'SERVER']],
  ['tronfig', ['-p', '--server', 'SERVER']],
  ['tronfig', ['-', '--server', 'SERVER']],
  ['tron', ['view', '--server', 'SERVER']],
])('%s %j loads no library that it does not need', async (program, args) => {
  const modules = await loaded(program, args)
  expect(modules).toContain('/api-client/src/create-client.ts')
  expect(modules).not.toMatch(/zod|hono|\/yaml\/|packages\/config|croner|temporal|\/diff\/|child_process/)
})

it('tron explain-schedule loads what schedules need, and no more', async () => {
  const modules = await loaded('tron', ['explain-schedule', 'daily 04:00'])
  expect(modules).toContain('/schedule/src/index.ts')
  expect(modules).not.toMatch(/zod|hono|\/yaml\/|packages\/config|\/diff\/|api-client/)
})
