import { fileURLToPath } from 'node:url'
import {
  httpJson,
  openNamespace,
  requireNamespaces,
  runDaemon,
  startDaemon,
  temporaryFolder,
} from '@tron/testkit'
import { describe, expect, it } from 'vitest'

const main = fileURLToPath(new URL('stand-in-daemon.ts', import.meta.url))
const options = { main, workingDir: '/nonexistent' }

describe('a daemon of a test', () => {
  it('is there when it answers, and ends orderly when it is stopped', async () => {
    const daemon = await startDaemon(options)
    expect((await httpJson(`${daemon.url}/api/status`)).body).toEqual({ status: "I'm alive" })
    expect(daemon.stdout()).toBe(`listening as ${daemon.pid}\n`)
    expect(await daemon.stop()).toEqual({ code: 0, signal: null })
  })

  it('can be killed', async () => {
    const daemon = await startDaemon(options)
    daemon.kill('SIGKILL')
    expect(await daemon.exited).toEqual({ code: null, signal: 'SIGKILL' })
  })

  it('fails to start with what it said when it ends at once', async () => {
    await expect(startDaemon({ ...options, args: ['--refuse'] })).rejects.toThrow('refused')
  })

  it('may end by itself where that is expected', async () => {
    const ended = await runDaemon({ ...options, args: ['--refuse'] })
    expect(ended).toEqual({ code: 1, signal: null, stdout: '', stderr: 'refused\n' })
  })

  it.skipIf(!requireNamespaces())('runs in a namespace, where it alone is killed', async () => {
    await using namespace = await openNamespace()
    await using daemon = await startDaemon({ ...options, inNamespaceOf: namespace })
    const inside = await namespace.inside("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    expect(inside.stdout).toContain('stand-in-daemon.ts')
    daemon.kill('SIGKILL')
    expect((await daemon.exited).signal).toBe('SIGKILL')
    expect((await namespace.inside('true')).code).toBe(0)
  })

  it.skipIf(!requireNamespaces())('is the real one where no other is named', async () => {
    await using folder = await temporaryFolder()
    await using namespace = await openNamespace()
    await using daemon = await startDaemon({ workingDir: folder.path, inNamespaceOf: namespace })
    expect((await httpJson(`${daemon.url}/api/status`)).body).toMatchObject({ status: "I'm alive." })
    expect(await daemon.stop()).toEqual({ code: 0, signal: null })
  })
})
