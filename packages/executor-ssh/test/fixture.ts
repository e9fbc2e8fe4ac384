import { buffer } from 'node:stream/consumers'
import { createSshTransport, type LocalLogin, type SshTransportOptions } from '@tron/executor-ssh'
import { type Clock, isTronError, type JsonValue } from '@tron/model'
import { createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import type { NodeLink } from '@tron/node-protocol'
import { realClock, type Sshd } from '@tron/testkit'

export interface FixtureOptions {
  readonly options?: Partial<SshTransportOptions>
  readonly local?: Partial<LocalLogin>
  readonly clock?: Clock
}

/** A transport with the defaults of the executor, on real time and without keys of its own. */
export function createFixture({ options, local, clock = realClock }: FixtureOptions = {}) {
  const log = createMemoryLogger()
  const transport = createSshTransport({
    clock,
    log,
    random: createSeededRandom(1),
    local: { user: 'nobody-of-that-name', home: '/nonexistent', ...local },
    options: {
      keepaliveIntervalMs: 5_000,
      keepaliveCountMax: 2,
      maxConnecting: 4,
      openTimeoutMs: 10_000,
      allowSha1: false,
      ...options,
    },
  })
  const connect = (
    address: string,
    settings: JsonValue,
    signal: AbortSignal = new AbortController().signal,
  ) => transport.connect({ executor: 'ssh', node: 'n1', address }, settings, { signal })
  return { log, connect }
}

/** What a call was refused with. @throws when it was not, or not by an error of ours */
export async function refusal(call: Promise<unknown>) {
  const outcome: unknown = await call.catch((error: unknown) => error)
  if (!isTronError(outcome)) throw new Error('it was not refused', { cause: outcome })
  return { code: outcome.code, message: outcome.message, hint: outcome.hint }
}

/** The address of a private sshd. */
export function addressOf(sshd: Sshd): string {
  return `${sshd.userName}@127.0.0.1:${sshd.port}`
}

/** Settings by which a private sshd lets us in. */
export function accessTo(sshd: Sshd, changes: Readonly<Record<string, JsonValue>> = {}): JsonValue {
  const identities = [sshd.identityFile]
  return {
    agent: false,
    identities,
    knownHostsFile: sshd.knownHostsFile,
    connectTimeoutMs: 20_000,
    ...changes,
  }
}

/** Runs one command to its end. */
export async function run(link: NodeLink, command: string, input = '') {
  const channel = await link.open(command, { signal: new AbortController().signal })
  channel.stdin.end(input)
  const [stdout, stderr] = await Promise.all([buffer(channel.stdout), buffer(channel.stderr)])
  return { stdout: stdout.toString(), stderr: stderr.toString(), ...(await channel.closed) }
}
