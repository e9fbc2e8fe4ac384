import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { type Logger, messageOf, TronError } from '@tron/model'
import type { ServerHostKeyAlgorithm } from 'ssh2'
import type { SshAddress } from './address.ts'
import {
  type HostKeyVerdict,
  judgeHostKey,
  type KnownHost,
  knownKeyTypes,
  parseKnownHosts,
} from './known-hosts.ts'

/** How the key of one host is checked during one login and at every rekeying after it. */
export interface HostKeyCheck {
  /** What to ask the host for, best first: types that are known come first, else a known host would look changed. */
  readonly algorithms: readonly ServerHostKeyAlgorithm[]
  /** Exactly true or false, at once, and the same for the same key: ssh2 takes anything but `false` for yes, and asks again at each rekeying. */
  verify(key: Uint8Array): boolean
  /** Why `verify` said no; undefined while it did not. */
  refusal(): TronError | undefined
}

export interface HostKeyPolicy {
  /** @throws HOST_KEY when the known hosts file cannot be read */
  prepare(address: SshAddress, knownHostsFile: string | undefined): Promise<HostKeyCheck>
}

export interface HostKeyPolicyOptions {
  readonly log: Logger
  /** Also takes `ssh-rsa` signatures, which rest on SHA-1, where a host offers nothing else. */
  readonly allowSha1: boolean
}

/**
 * Checks host keys against a known hosts file where one is configured. Where none is, any key is taken, as Tron always did, and that is
 * logged once for each host.
 */
export function createHostKeyPolicy({ log, allowSha1 }: HostKeyPolicyOptions): HostKeyPolicy {
  const warned = new Set<string>()
  return {
    async prepare(address, file) {
      if (file === undefined) return acceptAny(address, { log, allowSha1, warned })
      return checkAgainst(await readKnownHosts(file), { address, file, allowSha1 })
    },
  }
}

/** A key's fingerprint as OpenSSH shows it. */
export function fingerprint(key: Uint8Array): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The type of a public key, such as `ssh-ed25519`: the first string of what SSH sends. */
function hostKeyType(key: Uint8Array): string {
  const bytes = Buffer.from(key)
  return bytes.length < 4 ? 'unknown' : bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0))
}

interface AnyKey extends HostKeyPolicyOptions {
  readonly warned: Set<string>
}

function acceptAny({ host, port }: SshAddress, { log, allowSha1, warned }: AnyKey): HostKeyCheck {
  return {
    algorithms: algorithmsFor([], allowSha1),
    verify(key) {
      const name = `${host}:${port}`
      if (!warned.has(name)) {
        const fields = { host, port, keyType: hostKeyType(key), fingerprint: fingerprint(key) }
        log.warn('host key accepted unchecked: no known_hosts_file is configured', fields)
      }
      warned.add(name)
      return true
    },
    refusal: () => undefined,
  }
}

interface Checked {
  readonly address: SshAddress
  readonly file: string
  readonly allowSha1: boolean
}

function checkAgainst(entries: readonly KnownHost[], { address, file, allowSha1 }: Checked): HostKeyCheck {
  let refused: TronError | undefined
  return {
    algorithms: algorithmsFor(knownKeyTypes(entries, address), allowSha1),
    verify(key) {
      const verdict = judgeHostKey(entries, address, key)
      if (verdict.verdict === 'known') return true
      refused = refusalOf(verdict, { address, file, key })
      return false
    },
    refusal: () => refused,
  }
}

interface Presented {
  readonly address: SshAddress
  readonly file: string
  readonly key: Uint8Array
}

function refusalOf(
  verdict: Exclude<HostKeyVerdict, { verdict: 'known' }>,
  { address, file, key }: Presented,
): TronError {
  const { host, port } = address
  const print = fingerprint(key)
  const shown = `the ${hostKeyType(key)} key ${print}`
  const details = { host, port, file, fingerprint: print, verdict: verdict.verdict }
  const fail = (message: string, hint: string) => new TronError('HOST_KEY', message, { hint, details })
  switch (verdict.verdict) {
    case 'unknown':
      return fail(
        `host ${host}, port ${port}, is not in ${file}; it shows ${shown}`,
        `If that fingerprint is right, add the line that "ssh-keyscan -p ${port} ${host}" prints to ${file}.`,
      )
    case 'changed':
      return fail(
        `host ${host}, port ${port}, shows ${shown}, but ${file} holds another (${verdict.keyTypes.join(', ')}, line ${verdict.lines.join(', ')})`,
        `Find out whether the host was set up anew or somebody stands between; if it is right, correct ${file}.`,
      )
    case 'revoked':
      return fail(
        `host ${host}, port ${port}, shows ${shown}, which line ${verdict.line} of ${file} revokes`,
        'Give the host another key; do not use this one.',
      )
  }
}

async function readKnownHosts(file: string): Promise<readonly KnownHost[]> {
  try {
    return parseKnownHosts(await readFile(file, 'utf8'))
  } catch (cause) {
    throw new TronError('HOST_KEY', `the known hosts file ${file} cannot be read: ${messageOf(cause)}`, {
      hint: 'Correct known_hosts_file in the configuration, or make the file readable for the daemon.',
      cause,
      details: { file },
    })
  }
}

const EVERY_ALGORITHM: readonly ServerHostKeyAlgorithm[] = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

function algorithmsFor(knownTypes: readonly string[], allowSha1: boolean): readonly ServerHostKeyAlgorithm[] {
  const offered: readonly ServerHostKeyAlgorithm[] = allowSha1
    ? [...EVERY_ALGORITHM, 'ssh-rsa']
    : EVERY_ALGORITHM
  const isKnown = (algorithm: ServerHostKeyAlgorithm) => knownTypes.includes(keyTypeOf(algorithm))
  return [...offered.filter(isKnown), ...offered.filter((algorithm) => !isKnown(algorithm))]
}

/** An RSA key is of type `ssh-rsa` whatever hash its signatures use. */
function keyTypeOf(algorithm: ServerHostKeyAlgorithm): string {
  return algorithm.startsWith('rsa-sha2-') ? 'ssh-rsa' : algorithm
}
