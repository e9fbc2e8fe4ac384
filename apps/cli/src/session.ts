import { CLIENT_NAME } from '@tron/api/light'
import { createClient, type Fetch, type TronClient } from '@tron/api-client'
import { TronError } from '@tron/model'
import { type ClientConfig, readClientConfig, saveClientConfig } from './client-config.ts'
import { clientVersion } from './client-version.ts'
import { loginName } from './login-name.ts'
import type { Terminal } from './terminal.ts'

/** What a command has at hand: a server to talk to, and how to show things. */
export interface Session {
  readonly terminal: Terminal
  readonly client: TronClient
  /** What the saved settings say about colour. */
  readonly displayColor: boolean | undefined
}

/** The options of the command line that say which server and how. */
export interface SessionOptions {
  readonly server?: string | undefined
  readonly cluster_name?: string | undefined
  readonly save?: boolean | undefined
  readonly verbose: number
  readonly color?: boolean | undefined
}

/** Joins command line and saved settings; the command line wins. @throws SETTINGS */
export async function openSession(terminal: Terminal, options: SessionOptions): Promise<Session> {
  const saved = await readClientConfig(terminal.env)
  const server = options.server ?? textOf(saved, 'server') ?? 'http://localhost:8089'
  const displayColor = options.color ?? flagOf(saved, 'display_color')
  if (options.save === true) {
    const cluster = options.cluster_name ?? textOf(saved, 'cluster_name') ?? 'Unnamed Cluster'
    await saveClientConfig(terminal.env, {
      server,
      display_color: displayColor ?? false,
      cluster_name: cluster,
    })
  }
  const actor = userOf(terminal.env)
  const client = createClient({
    baseUrl: addressOf(server),
    actor,
    userAgent: `${CLIENT_NAME}/${clientVersion()} (${actor.replaceAll(/[^ -'*-~]/g, '?')})`,
    fetch: tellingFetch(terminal, options.verbose),
    pause: async (ms) =>
      new Promise((resolve) => {
        setTimeout(resolve, ms)
      }),
  })
  return { terminal, client, displayColor }
}

/** @throws SETTINGS for what is no address */
function addressOf(server: string): string {
  const address = /^https?:\/\//i.test(server) ? server : `http://${server}`
  if (!URL.canParse(address)) throw new TronError('SETTINGS', `"${server}" is not the address of a server`)
  return address
}

/** Who commands. Cron leaves `USER` out, so the login is asked for too. */
function userOf(env: Terminal['env']): string {
  const user = env['USER']
  return user === undefined || user === '' ? loginName() : user
}

function tellingFetch(terminal: Terminal, verbosity: number): Fetch {
  if (verbosity < 2) return fetch
  return async (url, init) => {
    const response = await fetch(url, init)
    terminal.err(`tron.client INFO ${init.method} ${url} ${response.status}\n`)
    return response
  }
}

function textOf(config: ClientConfig, key: string): string | undefined {
  const value = config[key]
  return typeof value === 'string' && value !== '' ? value : undefined
}

function flagOf(config: ClientConfig, key: string): boolean | undefined {
  const value = config[key]
  return typeof value === 'boolean' ? value : undefined
}
