import { join } from 'node:path'
import type { AnyAuthMethod } from 'ssh2'
import type { SshAccess } from './access-settings.ts'
import { fingerprint } from './host-key-check.ts'
import type { KeyFile, KeyFiles } from './key-files.ts'
import { expandHome, type LocalLogin } from './local-login.ts'

/** How a login will be tried. */
export interface LoginKeys {
  /** In the order in which they are tried. */
  readonly methods: readonly AnyAuthMethod[]
  /** What each of them is, for people. */
  readonly names: readonly string[]
  /** Why others could not be tried. */
  readonly problems: readonly string[]
}

/** What OpenSSH tries of its own accord. */
const DEFAULT_IDENTITIES = ['id_ed25519', 'id_ecdsa', 'id_rsa']

export interface LoginKeysOptions {
  readonly access: SshAccess
  readonly user: string
  readonly local: LocalLogin
  readonly keyFiles: KeyFiles
}

/**
 * The configured identities in their order, then the agent: one with many keys would use up the tries that a server allows. Where
 * neither is configured, the keys that OpenSSH would take from the home of the daemon's user.
 */
export async function loginKeys(options: LoginKeysOptions): Promise<LoginKeys> {
  const { access } = options
  const byDefault = access.identities.length === 0 && !access.agent
  const parts = byDefault ? await defaultKeys(options) : await configuredKeys(options)
  if (access.agent) parts.push(agentKeys(options))
  return {
    methods: parts.flatMap((part) => ('method' in part ? part.method : [])),
    names: parts.flatMap((part) => ('name' in part ? part.name : [])),
    problems: parts.flatMap((part) => ('problem' in part ? part.problem : [])),
  }
}

type Part = { readonly method: AnyAuthMethod; readonly name: string } | { readonly problem: string }

async function configuredKeys({ access, user, local, keyFiles }: LoginKeysOptions): Promise<Part[]> {
  const files = access.identities.map((file) => expandHome(file, local))
  return (await Promise.all(files.map((file) => keyFiles.read(file)))).map((file) => partOf(file, user))
}

async function defaultKeys({ user, local, keyFiles }: LoginKeysOptions): Promise<Part[]> {
  const paths = DEFAULT_IDENTITIES.map((name) => join(local.home, '.ssh', name))
  const files = await Promise.all(paths.map((path) => keyFiles.read(path)))
  const there = files.filter((file) => file.ok || !file.missing).map((file) => partOf(file, user))
  if (there.length > 0) return there
  return [{ problem: `no identities and no agent are configured, and ${paths.join(', ')} do not exist` }]
}

function partOf(file: KeyFile, user: string): Part {
  if (!file.ok) return { problem: file.reason }
  const name = `${file.file} (${fingerprint(file.key.getPublicSSH())})`
  return { method: { type: 'publickey', username: user, key: file.key }, name }
}

function agentKeys({ user, local }: LoginKeysOptions): Part {
  const socket = local.agentSocket
  if (socket === undefined) {
    return { problem: 'ssh_options.agent is set, but the daemon has no SSH_AUTH_SOCK in its environment' }
  }
  return {
    method: { type: 'agent', username: user, agent: socket },
    name: `the keys of the agent at ${socket}`,
  }
}
