import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireNoLogin, WITHOUT_LOGIN } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { finish, nodeArguments, type Result, temporaryFolder } from '../cli-under-test.ts'

async function validate(...paths: readonly string[]): Promise<Result> {
  const [program, ...words] = [
    ...WITHOUT_LOGIN,
    process.execPath,
    ...nodeArguments('tron', ['validate', ...paths]),
  ]
  return finish(spawn(program, words, { env: { TRON_CONFIG: '/dev/null' } }), '')
}

describe.skipIf(!requireNoLogin())('a user id without an entry, as in a container', () => {
  it('can validate', async () => {
    const file = join(temporaryFolder(), 'MASTER.yaml')
    writeFileSync(file, 'jobs: {}\n')
    expect(await validate(file)).toEqual({ code: 0, stdout: '1 file, no errors\n', stderr: '' })
  })

  it('is told of a directory that it may not enter, and of what is wrong beside it', async () => {
    const folder = temporaryFolder()
    const closed = join(folder, 'closed')
    mkdirSync(closed, { mode: 0 })
    writeFileSync(join(folder, 'MASTER.yaml'), 'nodes: 5\n')
    const { code, stderr } = await validate(join(closed, 'one.yaml'), folder)
    chmodSync(closed, 0o700)
    expect(code).toBe(1)
    expect(stderr).toContain('one.yaml:1:1: the file cannot be read: permission denied; ')
    expect(stderr).toContain('MASTER.yaml:1:8: found 5')
  })
})
