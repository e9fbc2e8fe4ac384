import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { finish, nodeArguments, temporaryFolder } from '../cli-under-test.ts'

/** Starts what follows as a user that has no entry. */
const NO_LOGIN = ['--user', '--map-user=4242']
const canHaveNone = spawnSync('unshare', [...NO_LOGIN, 'true']).status === 0

it.skipIf(!canHaveNone)('a user id without an entry, as in a container, can validate', async () => {
  const file = join(temporaryFolder(), 'MASTER.yaml')
  writeFileSync(file, 'jobs: {}\n')
  const words = nodeArguments('tron', ['validate', file])
  const child = spawn('unshare', [...NO_LOGIN, process.execPath, ...words], {
    env: { TRON_CONFIG: '/dev/null' },
  })
  expect(await finish(child, '')).toEqual({ code: 0, stdout: '1 file, no errors\n', stderr: '' })
})
