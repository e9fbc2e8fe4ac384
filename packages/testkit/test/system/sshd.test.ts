import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { requireSshd, runChild, type Sshd, startChild, startSshd, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

function sshCommand(sshd: Sshd, host: string, command: string): readonly string[] {
  const trust = ['-o', 'BatchMode=yes', '-o', `UserKnownHostsFile=${sshd.knownHostsFile}`]
  const login = ['-i', sshd.identityFile, '-p', String(sshd.port), `${sshd.userName}@${host}`]
  return ['ssh', '-F', 'none', ...trust, ...login, command]
}

describe.skipIf(!requireSshd())('a private sshd', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({ hosts: ['127.0.0.1', '127.0.0.2'] })
  })
  afterAll(() => sshd.stop())

  it('lets its user in on each address, with keys that its known hosts file knows', async () => {
    const answers = await Promise.all(
      sshd.hosts.map((host) => runChild(sshCommand(sshd, host, 'echo hello; exit 3'))),
    )
    expect(answers).toEqual(sshd.hosts.map(() => ({ code: 3, signal: null, stdout: 'hello\n', stderr: '' })))
  })

  it('gives sessions an empty home at the real place, which is a folder on the outside', async () => {
    const done = await runChild(sshCommand(sshd, '127.0.0.1', 'pwd; echo "$HOME"; echo text >file'))
    expect(done.stdout).toBe(`${homedir()}\n${homedir()}\n`)
    expect(await readFile(join(sshd.home, 'file'), 'utf8')).toBe('text\n')
    expect(await readdir(sshd.home)).toContain('file')
  })

  it('breaks connections while what they run goes on, and says how many clients there are', async () => {
    const command = 'setsid -f sleep 1001 </dev/null >/dev/null 2>&1; echo ready; sleep 1000'
    const client = await startChild(sshCommand(sshd, '127.0.0.1', command))
    await until('the command runs', () => client.stdout().includes('ready'), { explain: client.stderr })
    expect(await sshd.clientCount()).toBe(1)
    await sshd.killConnections()
    expect((await client.exited).code).toBe(255)
    expect(await sshd.clientCount()).toBe(0)
    const left = await sshd.inside("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")
    expect(left.stdout).toContain('sleep 1001')
    expect(left.stdout).toContain('sleep 1000')
  })

  it('stops listening and listens again on the same port, with connections that live on', async () => {
    const client = await startChild(sshCommand(sshd, '127.0.0.1', 'echo ready; cat; exit 4'))
    await until('the command runs', () => client.stdout().includes('ready'), { explain: client.stderr })
    await sshd.stopListening()
    const refused = await runChild(sshCommand(sshd, '127.0.0.1', 'true'))
    expect(refused.stderr).toContain('Connection refused')
    await sshd.listenAgain()
    expect((await runChild(sshCommand(sshd, '127.0.0.1', 'exit 5'))).code).toBe(5)
    client.endInput()
    expect((await client.exited).code).toBe(4)
  })
})
