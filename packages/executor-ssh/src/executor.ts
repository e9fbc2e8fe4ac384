import { EXECUTOR_API, type ExecutorModule } from '@tron/executor'
import { createNodeExecutor } from '@tron/node-protocol'
import { z } from 'zod'
import { localLogin } from './local-login.ts'
import { createSshTransport } from './ssh-transport.ts'

/** The options of this executor in the daemon's settings, all with defaults. */
const sshOptions = z.strictObject({
  /** Milliseconds between two questions whether a node still answers. */
  keepaliveIntervalMs: z.number().int().positive().default(5_000),
  /** Unanswered questions after which the next interval ends the connection: 15 s by default. */
  keepaliveCountMax: z.number().int().positive().default(2),
  /** How many logins may go on at once. */
  maxConnecting: z.number().int().positive().default(4),
  /** How long opening a channel may take, in milliseconds. */
  openTimeoutMs: z.number().int().positive().default(20_000),
  /** Also accepts host keys by SHA-1 signatures, for very old servers. */
  allowSha1: z.boolean().default(false),
  /** How old a connection may become, in milliseconds, before it is made anew. */
  sessionMaxAgeMs: z.number().int().positive().default(3_600_000),
})

/** Runs commands on nodes over SSH, by the node protocol. It never decides when. */
export const executor: ExecutorModule = {
  apiVersion: EXECUTOR_API,
  name: 'ssh',
  options: sshOptions,
  async create(options, host) {
    const { clock, random, log } = host
    const { sessionMaxAgeMs, ...transportOptions } = sshOptions.parse(options ?? {})
    const deps = { clock, random, log, local: localLogin(), options: transportOptions }
    return createNodeExecutor({ transport: createSshTransport(deps), host, sessionMaxAgeMs })
  },
}
