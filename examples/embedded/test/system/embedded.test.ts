import { fileURLToPath } from 'node:url'
import { runChild, temporaryFolder } from '@tron/testkit'
import { expect, it } from 'vitest'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

it('runs a job with the engine imported, and again over the state of the first time', async () => {
  await using dir = await temporaryFolder()
  const run = () => runChild([process.execPath, '--conditions=@tron/source', main, dir.path])
  for (const number of [1, 2]) {
    const id = `MASTER.hello.${number}`
    expect(await run()).toEqual({
      code: 0,
      signal: null,
      stderr: '',
      stdout: `Created JobRun:${id}\n${id} succeeded: héllo 日本語 🚀\n`,
    })
  }
})
