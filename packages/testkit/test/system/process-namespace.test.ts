import { homedir, userInfo } from 'node:os'
import { openNamespace, requireNamespaces, temporaryFolder, until } from '@tron/testkit'
import { describe, expect, it } from 'vitest'

describe.skipIf(!requireNamespaces())('a process namespace', () => {
  it('shows and signals only what runs inside, and reaps orphans', async () => {
    await using namespace = await openNamespace()
    const marker = `tron-testkit-${process.pid}`
    await namespace.inside(`env MARK=${marker} setsid -f sleep 1000 </dev/null >/dev/null 2>&1`)
    const seen = await namespace.inside(`grep -ls MARK=${marker} /proc/[0-9]*/environ | wc -l`)
    expect(seen.stdout).toBe('1\n')
    await namespace.inside(`kill -s KILL -- $(grep -ls MARK=${marker} /proc/[0-9]*/environ | cut -d/ -f3)`)
    await until('the orphan has gone without a zombie', async () => {
      const left = await namespace.inside(
        "grep -l '^State:.Z' /proc/[0-9]*/status; grep -l sleep /proc/[0-9]*/comm",
      )
      return left.stdout === ''
    })
  })

  it('runs as the user of the test, in a home that can be replaced', async () => {
    await using folder = await temporaryFolder()
    await using namespace = await openNamespace({ home: folder.path })
    const done = await namespace.inside('id -u; cd && pwd && ls -A')
    expect(done.stdout).toBe(`${userInfo().uid}\n${homedir()}\n`)
  })

  it('ends all that runs inside when it is disposed of', async () => {
    const namespace = await openNamespace()
    const running = namespace.inside('sleep 1000')
    await until('it runs', async () => (await namespace.inside('grep -l sleep /proc/[0-9]*/comm')).stdout)
    await namespace[Symbol.asyncDispose]()
    expect((await running).code).not.toBe(0)
  })
})
