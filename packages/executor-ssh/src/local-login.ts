import { userInfo } from 'node:os'
import { join } from 'node:path'

/** Who the daemon is on its own machine. */
export interface LocalLogin {
  readonly user: string
  readonly home: string
  /** The socket of the daemon's SSH agent, if it has one. */
  readonly agentSocket?: string
}

/** Asks the system and the environment; nothing else in this package does. */
export function localLogin(): LocalLogin {
  const { username, homedir } = userInfo()
  // oxlint-disable-next-line node/no-process-env -- an agent makes itself known by this variable and no other way
  const agentSocket = process.env['SSH_AUTH_SOCK']
  const base = { user: username, home: homedir }
  return agentSocket === undefined || agentSocket === '' ? base : { ...base, agentSocket }
}

/** A path that starts with `~/` as one below the home of the daemon's user; every other one as it is. */
export function expandHome(file: string, { home }: LocalLogin): string {
  return file.startsWith('~/') ? join(home, file.slice(2)) : file
}
