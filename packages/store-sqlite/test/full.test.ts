import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { follow } from './child.ts'
import { scratchDirectory } from './sqlite-fixture.ts'

it('answers "full" on a full disk, keeps nothing of that commit, and goes on when there is room', {
  timeout: 120_000,
}, async () => {
  using scratch = scratchDirectory()
  // A small file system of its own, seen by the child alone.
  const script = 'mount -t tmpfs -o size=3m tmpfs "$1" && shift && exec "$@"'
  const program = new URL('./full-child.ts', import.meta.url).pathname
  const command = [process.execPath, '--conditions=@tron/source', program, scratch.path]
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']
  await using child = follow(
    spawn('unshare', [...user, '--mount', 'sh', '-c', script, 'sh', scratch.path, ...command], {
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  )
  expect(await child.ended()).toBe(0)
  expect(JSON.parse(child.lines[0] ?? '')).toEqual({
    answer: 'full: STORE_DEGRADED',
    kept: true,
    halves: 0,
    again: 'full: STORE_DEGRADED',
    afterRoom: 'ok',
  })
})
