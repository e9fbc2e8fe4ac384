import { fileURLToPath } from 'node:url'
import { startChild, until } from '@tron/testkit'
import { expect, it } from 'vitest'

const program = fileURLToPath(new URL('../without-descriptors.ts', import.meta.url))

it('is not reached while the daemon can open no files, and is again when it can', async () => {
  const few = ['sh', '-c', 'ulimit -n 64 && exec "$@"', 'sh']
  const child = await startChild([...few, process.execPath, '--conditions=@tron/source', program])
  child.endInput()
  await until('both channels are tried', () => !child.running(), {
    withinMs: 60_000,
    explain: () => `it said:\n${child.stdout()}${child.stderr()}`,
  })
  expect(child.stderr()).toBe('')
  expect(JSON.parse(child.stdout())).toEqual({ full: 'UNREACHABLE', again: 'ended with 7' })
})
