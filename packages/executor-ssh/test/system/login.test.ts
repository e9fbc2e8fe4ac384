import { generateKeyPairSync } from 'node:crypto'
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeKeyPair, requireSshd, runChild, type Sshd, startChild, startSshd, until } from '@tron/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessTo, addressOf, createFixture, refusal, run } from '../fixture.ts'

describe.skipIf(!requireSshd())('a login on a real sshd', () => {
  let sshd: Sshd
  beforeAll(async () => {
    sshd = await startSshd({ hostKeyTypes: ['ed25519', 'rsa'] })
  })
  afterAll(() => sshd.stop())

  /** A known hosts file with this text, its name. */
  const knownHosts = async (name: string, text: string) => {
    const file = join(sshd.folder, name)
    await writeFile(file, text)
    return file
  }
  const login = async (settings: Parameters<typeof accessTo>[1] = {}, fixture = createFixture()) => {
    await using link = await fixture.connect(addressOf(sshd), accessTo(sshd, settings))
    return (await run(link, 'echo in')).stdout
  }

  it('accepts a host that is known in clear', async () => {
    expect(await login()).toBe('in\n')
  })

  it('accepts a host that is known by its hash', async () => {
    const knownHostsFile = await knownHosts('hashed', await readFile(sshd.knownHostsFile, 'utf8'))
    await runChild(['ssh-keygen', '-H', '-f', knownHostsFile])
    expect(await readFile(knownHostsFile, 'utf8')).toContain('|1|')
    expect(await login({ knownHostsFile })).toBe('in\n')
  })

  it('asks a host for the type of key that is known, so that it does not look changed', async () => {
    const rsa = sshd.hostKeys.find((key) => key.startsWith('ssh-rsa'))
    const knownHostsFile = await knownHosts('only-rsa', `[127.0.0.1]:${sshd.port} ${rsa}\n`)
    expect(await login({ knownHostsFile })).toBe('in\n')
  })

  it('refuses an unknown host, naming host, fingerprint and file', async () => {
    const knownHostsFile = await knownHosts('empty', '')
    const print = (await runChild(['ssh-keygen', '-lf', join(sshd.folder, 'host_ed25519')])).stdout.split(
      ' ',
    )[1]
    const refused = await refusal(login({ knownHostsFile }))
    expect(refused.code).toBe('HOST_KEY')
    expect(refused.message).toBe(
      `host 127.0.0.1, port ${sshd.port}, is not in ${knownHostsFile}; it shows the ssh-ed25519 key ${print}`,
    )
    expect(refused.hint).toContain(`ssh-keyscan -p ${sshd.port} 127.0.0.1`)
  })

  it('refuses a host whose key is another than the one known', async () => {
    await makeKeyPair(join(sshd.folder, 'other'), 'ed25519')
    const other = await readFile(join(sshd.folder, 'other.pub'), 'utf8')
    const knownHostsFile = await knownHosts('wrong', `[127.0.0.1]:${sshd.port} ${other}`)
    const refused = await refusal(login({ knownHostsFile }))
    expect(refused.code).toBe('HOST_KEY')
    expect(refused.message).toContain(`but ${knownHostsFile} holds another (ssh-ed25519, line 1)`)
  })

  it('refuses when the known hosts file cannot be read', async () => {
    const refused = await refusal(login({ knownHostsFile: '/nonexistent/known_hosts' }))
    expect(refused.code).toBe('HOST_KEY')
    expect(refused.message).toContain('/nonexistent/known_hosts cannot be read')
  })

  it('accepts any key where no known hosts file is configured, and warns once for each host', async () => {
    const fixture = createFixture()
    const settings = { identities: [sshd.identityFile] }
    for (const time of [1, 2]) {
      await using link = await fixture.connect(addressOf(sshd), settings)
      expect([time, (await run(link, 'echo in')).stdout]).toEqual([time, 'in\n'])
    }
    expect(fixture.log.lines.map(({ level, message }) => ({ level, message }))).toEqual([
      { level: 'warn', message: 'host key accepted unchecked: no known_hosts_file is configured' },
    ])
  })

  it('names the keys that were tried when the node refuses them', async () => {
    const identities = [join(sshd.folder, 'host_ed25519')]
    const refused = await refusal(login({ identities }))
    expect(refused.code).toBe('UNREACHABLE')
    expect(refused.message).toMatch(/refused the login: tried .*host_ed25519 \(SHA256:.{43}\)$/)
    expect(refused.hint).toContain('authorized_keys')
  })

  it('goes on to the next key, and logs the ones that cannot be used', async () => {
    const fixture = createFixture()
    const identities = ['/nonexistent/key', join(sshd.folder, 'host_ed25519'), sshd.identityFile]
    expect(await login({ identities }, fixture)).toBe('in\n')
    expect(fixture.log.lines.map((line) => line.message)).toEqual(['a key cannot be used'])
  })

  it.each([
    {
      what: 'that is encrypted',
      file: 'encrypted',
      problem: /encrypted is encrypted, and the daemon has no passphrase/,
    },
    { what: 'in PKCS#8', file: 'pkcs8', problem: /pkcs8 is in the PKCS#8 format.*ssh-keygen -p/ },
    { what: 'that is public', file: 'identity.pub', problem: /identity\.pub holds a public key/ },
    { what: 'that does not exist', file: 'missing', problem: /missing cannot be read: ENOENT/ },
  ])('says what to do about a key file $what', async ({ file, problem }) => {
    await makeKeyPair(join(sshd.folder, 'encrypted'), 'ed25519', 'a passphrase').catch(() => undefined)
    const { privateKey } = generateKeyPairSync('ed25519')
    await writeFile(join(sshd.folder, 'pkcs8'), privateKey.export({ type: 'pkcs8', format: 'pem' }))
    const refused = await refusal(login({ identities: [join(sshd.folder, file)] }))
    expect(refused.code).toBe('UNREACHABLE')
    expect(refused.message).toMatch(problem)
  })

  it('takes the keys that OpenSSH would when neither identities nor an agent are configured', async () => {
    const home = join(sshd.folder, 'home-of-the-daemon')
    const nobody = createFixture({ local: { home } })
    await expect(login({ identities: [] }, nobody)).rejects.toThrow('.ssh/id_rsa do not exist')
    await mkdir(join(home, '.ssh'), { recursive: true })
    await symlink(sshd.identityFile, join(home, '.ssh', 'id_ed25519'))
    expect(await login({ identities: [] }, nobody)).toBe('in\n')
  })

  it('logs in as the daemon’s own user where the address names none', async () => {
    const fixture = createFixture({ local: { user: sshd.userName } })
    await using link = await fixture.connect(`@127.0.0.1:${sshd.port}`, accessTo(sshd))
    expect((await run(link, 'id -un')).stdout).toBe(`${sshd.userName}\n`)
  })

  it('logs in by an agent, and says so when there is none', async () => {
    const agentSocket = join(sshd.folder, 'agent')
    const agent = await startChild(['ssh-agent', '-D', '-a', agentSocket])
    const env = { SSH_AUTH_SOCK: agentSocket, PATH: '/usr/bin:/bin' }
    await until('the key is in the agent', async () => {
      const added = await runChild(['ssh-add', '-q', sshd.identityFile], { env })
      return added.code === 0
    })
    const settings = { identities: [], agent: true }
    expect(await login(settings, createFixture({ local: { agentSocket } }))).toBe('in\n')
    agent.kill()
    await agent.exited
    const dead = login(settings, createFixture({ local: { agentSocket } }))
    await expect(dead).rejects.toThrow(`tried the keys of the agent at ${agentSocket}`)
    await expect(login(settings)).rejects.toThrow('no SSH_AUTH_SOCK')
  })
})
