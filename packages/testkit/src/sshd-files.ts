import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { runChild } from './child-process.ts'

export type HostKeyType = 'ed25519' | 'ecdsa' | 'rsa'

/** What a private sshd is made of, in one folder. */
export interface SshdFiles {
  readonly config: string
  readonly pidFile: string
  readonly identity: string
  readonly knownHosts: string
  /** The lines `type base64` of its host keys. */
  readonly hostKeys: readonly string[]
}

export interface SshdSetup {
  readonly hosts: readonly string[]
  readonly port: number
  readonly hostKeyTypes: readonly HostKeyType[]
  /** Lines of sshd_config, before ours: sshd takes the first value it finds. */
  readonly config: readonly string[]
}

/** Makes the keys of a private sshd: its own and the one by which the user logs in. They stay the same when its port changes. */
export async function makeKeys(folder: string, hostKeyTypes: readonly HostKeyType[]): Promise<void> {
  await Promise.all([
    makeKeyPair(join(folder, 'identity'), 'ed25519'),
    ...hostKeyTypes.map((type) => makeKeyPair(join(folder, `host_${type}`), type)),
  ])
  await writeFile(join(folder, 'authorized_keys'), await readFile(join(folder, 'identity.pub')))
  await mkdir(join(folder, 'home'))
}

/** One key pair made by ssh-keygen, `path` and `path`.pub. @param passphrase none when left out */
export async function makeKeyPair(path: string, type: HostKeyType, passphrase = ''): Promise<void> {
  const done = await runChild(['ssh-keygen', '-q', '-t', type, '-N', passphrase, '-C', 'test', '-f', path])
  if (done.code !== 0) throw new Error(`ssh-keygen failed: ${done.stderr}${done.stdout}`)
}

/** Writes sshd's configuration and the known hosts file that fits it. */
export async function writeSshdFiles(folder: string, setup: SshdSetup): Promise<SshdFiles> {
  const hostKeys = await Promise.all(
    setup.hostKeyTypes.map((type) => publicKey(join(folder, `host_${type}.pub`))),
  )
  const files: SshdFiles = {
    config: join(folder, 'sshd_config'),
    pidFile: join(folder, 'sshd.pid'),
    identity: join(folder, 'identity'),
    knownHosts: join(folder, 'known_hosts'),
    hostKeys,
  }
  const names = setup.hosts.map((host) => `[${host}]:${setup.port}`).join(',')
  await writeFile(files.config, `${(await configLines(folder, setup)).join('\n')}\n`)
  await writeFile(files.knownHosts, hostKeys.map((key) => `${names} ${key}\n`).join(''))
  return files
}

async function configLines(folder: string, setup: SshdSetup): Promise<readonly string[]> {
  return [
    ...setup.config,
    `Port ${setup.port}`,
    ...setup.hosts.map((host) => `ListenAddress ${host}`),
    ...setup.hostKeyTypes.map((type) => `HostKey ${join(folder, `host_${type}`)}`),
    `PidFile ${join(folder, 'sshd.pid')}`,
    `AuthorizedKeysFile ${join(folder, 'authorized_keys')}`,
    `AllowUsers ${userInfo().username}`,
    'PermitRootLogin yes',
    'StrictModes no',
    'UsePAM no',
    'PasswordAuthentication no',
    'KbdInteractiveAuthentication no',
    'UseDNS no',
    'LogLevel VERBOSE',
    ...(await penaltyLines()),
  ]
}

/** From 9.8 on sshd shuts out an address after some failed logins, and all of ours come from one. */
async function penaltyLines(): Promise<readonly string[]> {
  const version = /OpenSSH_(\d+)\.(\d+)/.exec((await runChild(['ssh', '-V'])).stderr)
  const number = Number(version?.[1] ?? 0) * 100 + Number(version?.[2] ?? 0)
  return number >= 908 ? ['PerSourcePenalties no'] : []
}

/** `type base64` without the comment. */
async function publicKey(path: string): Promise<string> {
  return (await readFile(path, 'utf8')).split(' ').slice(0, 2).join(' ').trim()
}
