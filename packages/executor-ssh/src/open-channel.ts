import { type Clock, isTronError, messageOf, TronError } from '@tron/model'
import type { ClientChannel } from 'ssh2'
import type { LoggedIn } from './log-in.ts'

export interface Opening {
  readonly clock: Clock
  /** How long a node may take to answer. */
  readonly openTimeoutMs: number
  /** The node and its address, for errors. */
  readonly name: string
  readonly command: string
  readonly signal: AbortSignal
}

/**
 * Pauses after a refusal. A channel that was closed a moment ago still counts with sshd, which frees its place only after it has handled what
 * came along with the news: so the first refusal proves little.
 */
const PAUSES_MS = [20, 80, 300]

/** Runs a command on a channel of its own. @throws UNREACHABLE; the connection may live on, as it does when MaxSessions is reached */
export async function openChannel(login: LoggedIn, opening: Opening): Promise<ClientChannel> {
  const { clock, name, signal } = opening
  try {
    for (const pauseMs of PAUSES_MS) {
      const opened = await askForChannel(login, opening).catch(refusalOf)
      if (!(opened instanceof Error)) return opened
      await clock.sleep(pauseMs, { signal })
    }
    return await askForChannel(login, opening)
  } catch (error) {
    throw isTronError(error) ? error : openingError(name, error)
  }
}

/** ssh2 has no limit of its own for this, throws on a dead connection, and may answer after we have given up: then the channel is closed. */
function askForChannel({ client, end }: LoggedIn, opening: Opening): Promise<ClientChannel> {
  const { clock, openTimeoutMs, command, signal } = opening
  const dead = end.cause()
  if (dead !== undefined) return Promise.reject(dead)
  return new Promise((resolve, reject) => {
    let waiting = true
    const settle = () => {
      const first = waiting
      waiting = false
      cancel()
      ignoreEnd()
      signal.removeEventListener('abort', giveUp)
      return first
    }
    const fail = (cause: Error) => {
      if (settle()) reject(cause)
    }
    const giveUp = () => {
      fail(new Error(`given up (${messageOf(signal.reason)})`, { cause: signal.reason }))
    }
    const cancel = clock.timer(openTimeoutMs, () => {
      fail(new Error(`no answer within ${openTimeoutMs} ms`))
    })
    const ignoreEnd = end.listen(fail)
    signal.addEventListener('abort', giveUp, { once: true })
    if (signal.aborted) {
      giveUp()
      return
    }
    try {
      client.exec(command, (error, channel) => {
        if (error !== undefined) fail(error)
        else if (settle()) resolve(channel)
        else discard(channel)
      })
    } catch (error) {
      fail(new Error(messageOf(error), { cause: error }))
    }
  })
}

function discard(channel: ClientChannel): void {
  channel.on('error', () => undefined)
  channel.close()
  channel.resume()
  channel.stderr.resume()
}

/** OpenSSH gives no other reason when a connection has all the channels that it may have. */
function isRefusal(error: unknown): error is Error {
  return messageOf(error).includes('Channel open failure')
}

function refusalOf(error: unknown): Error {
  if (isRefusal(error)) return error
  throw error
}

function openingError(name: string, cause: unknown): TronError {
  if (!isRefusal(cause))
    return new TronError('UNREACHABLE', `no channel on ${name}: ${messageOf(cause)}`, { cause })
  return new TronError(
    'UNREACHABLE',
    `no channel on ${name}: its sshd refused one, as it does beyond MaxSessions`,
    {
      cause,
      hint: 'The connection lives on, and channels that end make room. Raise MaxSessions in its sshd_config if this stays.',
      details: { limit: 'MaxSessions' },
    },
  )
}
