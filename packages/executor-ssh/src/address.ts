import { TronError } from '@tron/model'

/** Where to log in, and as whom. */
export interface SshAddress {
  readonly user: string
  readonly host: string
  readonly port: number
}

const ADDRESS = /^(?:(?<user>.*)@)?(?<host>[^@]+):(?<port>\d{1,5})$/

/**
 * Reads `user@host:port`. An empty user is the daemon's own; an IPv6 address may stand in brackets or bare, since the port is always there.
 * @throws UNREACHABLE when it has another form: nothing can be at such an address
 */
export function parseAddress(text: string, ownUser: string): SshAddress {
  const groups = ADDRESS.exec(text)?.groups
  const host = groups?.['host']?.replace(/^\[(.*)\]$/, '$1') ?? ''
  const port = Number(groups?.['port'])
  if (host === '' || !(port > 0 && port < 65_536)) {
    throw new TronError('UNREACHABLE', `"${text}" is no address of a node`, {
      hint: 'An address has the form user@host:port; correct the node in the configuration.',
    })
  }
  const user = groups?.['user'] ?? ''
  return { user: user === '' ? ownUser : user, host, port }
}

/** An address as people read it. */
export function showAddress({ user, host, port }: SshAddress): string {
  return `${user}@${host.includes(':') ? `[${host}]` : host}:${port}`
}
