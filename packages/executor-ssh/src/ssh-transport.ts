import {
  type Clock,
  type JsonValue,
  type LogFields,
  type Logger,
  messageOf,
  type Random,
  type Target,
  TronError,
} from '@tron/model'
import type { Transport } from '@tron/node-protocol'
import { parseAccess, type SshAccess } from './access-settings.ts'
import { parseAddress, type SshAddress, showAddress } from './address.ts'
import { createHandshakeGate, type HandshakeGate } from './handshake-gate.ts'
import { createHostKeyPolicy, type HostKeyPolicy } from './host-key-check.ts'
import { createKeyFiles, type KeyFiles } from './key-files.ts'
import { expandHome, type LocalLogin } from './local-login.ts'
import { type LoggedIn, logIn } from './log-in.ts'
import { type LoginKeys, loginKeys } from './login-keys.ts'
import { isTurnedAway, type LoginContext, loginError, noKeysError } from './ssh-errors.ts'
import { createSshLink } from './ssh-link.ts'
import { openSocket, peek } from './tcp-socket.ts'

/** How connections are kept and made. */
export interface SshTransportOptions {
  /** After (count + 1) intervals without an answer a connection is given up; 0 switches that off, and a node that vanishes is never noticed. */
  readonly keepaliveIntervalMs: number
  readonly keepaliveCountMax: number
  /** How many key exchanges and logins may go on at once. */
  readonly maxConnecting: number
  /** How long opening a channel may take. */
  readonly openTimeoutMs: number
  /** Also accepts host keys by `ssh-rsa` signatures, which rest on SHA-1. */
  readonly allowSha1: boolean
}

export interface SshTransportDeps {
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly local: LocalLogin
  readonly options: SshTransportOptions
}

/** Tries when a server turns connections away, and the pause after the first; it doubles. */
const TRIES = 6
const FIRST_PAUSE_MS = 250

/**
 * Connects to nodes by ssh2, without any native part. A connection is made within the configured time, in which a server that turns us away
 * because too many are logging in is asked again, with growing pauses.
 */
export function createSshTransport(deps: SshTransportDeps): Transport {
  const shared: Shared = {
    ...deps,
    gate: createHandshakeGate(deps.options.maxConnecting),
    hostKeys: createHostKeyPolicy({ log: deps.log, allowSha1: deps.options.allowSha1 }),
    keyFiles: createKeyFiles(),
    warnOnce: createWarnOnce(deps.log),
  }
  return {
    async connect(target, settings, { signal }) {
      const attempt = createAttempt(shared, { target, settings, signal })
      try {
        const login = await logInWithRetries(attempt)
        const { clock, options } = deps
        const name = `node ${target.node} (${showAddress(attempt.address)})`
        return createSshLink(login, { clock, openTimeoutMs: options.openTimeoutMs, name })
      } finally {
        attempt.finish()
      }
    },
  }
}

interface Shared extends SshTransportDeps {
  readonly gate: HandshakeGate
  readonly hostKeys: HostKeyPolicy
  readonly keyFiles: KeyFiles
  /** Logs what stays wrong at every connection, but only the first time. */
  readonly warnOnce: (message: string, fields: LogFields) => void
}

function createWarnOnce(log: Logger): Shared['warnOnce'] {
  const told = new Set<string>()
  return (message, fields) => {
    const line = JSON.stringify([message, fields])
    if (!told.has(line)) log.warn(message, fields)
    told.add(line)
  }
}

/** One call of `connect`. */
interface Attempt extends Shared {
  readonly node: string
  readonly address: SshAddress
  readonly access: SshAccess
  /** Aborted when the time is over or the caller gives up. */
  readonly signal: AbortSignal
  /** What it is doing now and what the server said first: for errors. */
  readonly progress: { stage: string; greeting: string }
  finish(): void
}

interface Call {
  readonly target: Target
  readonly settings: JsonValue
  readonly signal: AbortSignal
}

function createAttempt(shared: Shared, { target, settings, signal }: Call): Attempt {
  const access = parseAccess(settings)
  const address = parseAddress(target.address, shared.local.user)
  const ending = new AbortController()
  const progress = { stage: 'reading the keys', greeting: '' }
  const fail = (text: string, cause?: unknown) => {
    const message = `node ${target.node} (${showAddress(address)}): ${text} while ${progress.stage}`
    ending.abort(new TronError('UNREACHABLE', message, { cause, details: { node: target.node } }))
  }
  const giveUp = () => {
    fail(`given up (${messageOf(signal.reason)})`, signal.reason)
  }
  if (signal.aborted) giveUp()
  signal.addEventListener('abort', giveUp, { once: true })
  const cancel = shared.clock.timer(access.connectTimeoutMs, () => {
    fail(`no login within the ${access.connectTimeoutMs} ms of connect_timeout`)
  })
  return {
    ...shared,
    node: target.node,
    address,
    access,
    signal: ending.signal,
    progress,
    finish() {
      cancel()
      signal.removeEventListener('abort', giveUp)
    },
  }
}

async function logInWithRetries(attempt: Attempt): Promise<LoggedIn> {
  const { access, address, local, keyFiles, progress, signal } = attempt
  const keys = await loginKeys({ access, user: address.user, local, keyFiles })
  const context: LoginContext = { node: attempt.node, address: showAddress(address), keys }
  if (keys.methods.length === 0) throw noKeysError(context)
  for (const problem of keys.problems) attempt.warnOnce('a key cannot be used', { problem })
  for (let tried = 1; ; tried += 1) {
    try {
      return await logInOnce(attempt, keys)
    } catch (error) {
      signal.throwIfAborted()
      if (tried >= TRIES || !isTurnedAway(error)) {
        throw loginError(error, { ...context, greeting: progress.greeting })
      }
    }
    progress.stage = 'pausing, because it turned the connection away'
    const pauseMs = FIRST_PAUSE_MS * 2 ** (tried - 1) * (0.5 + attempt.random.next())
    await attempt.clock.sleep(pauseMs, { signal })
  }
}

async function logInOnce(attempt: Attempt, keys: LoginKeys): Promise<LoggedIn> {
  const { access, address, progress, signal, options } = attempt
  const knownHosts = access.knownHostsFile
  const file = knownHosts === undefined ? undefined : expandHome(knownHosts, attempt.local)
  const hostKey = await attempt.hostKeys.prepare(address, file)
  progress.stage = 'opening a TCP connection and waiting for its first words'
  const socket = await openSocket(address, signal)
  try {
    progress.greeting = peek(socket)
    progress.stage = 'waiting until fewer others are logging in'
    const leave = await attempt.gate.enter(signal)
    progress.stage = 'logging in'
    const note = (error: Error) => {
      attempt.warnOnce('a way to log in failed', { node: attempt.node, error: error.message })
    }
    return await logIn(socket, { ...options, address, keys, hostKey, signal, note }).finally(leave)
  } catch (error) {
    socket.destroy()
    throw hostKey.refusal() ?? error
  }
}
