import type { RevokeReply } from '@tron/executor'
import { type AttemptId, type Logger, messageOf } from '@tron/model'
import type { Session } from './session.ts'

export interface RevokeOptions {
  readonly log: Logger
  /** A live session with its fence ours, or who holds it; rejects when the node cannot be reached. */
  readonly hold: () => Promise<Session | string>
}

const TRIES = 4

/** Makes sure that an attempt never starts, if it has not. Never throws for what a node does or does not say: others may be asked in the same call. */
export async function revokeAttempt(options: RevokeOptions, id: AttemptId): Promise<RevokeReply> {
  try {
    for (let tried = 0; tried < TRIES; tried += 1) {
      const session = await options.hold()
      if (typeof session === 'string') break
      const { status } = await session.control.ask({ header: `revoke ${id}` })
      if (status === 'revoked') return { id, result: 'revoked' }
      if (status === 'exists') return { id, result: 'started' }
      if (status !== 'fenced') break
      session.noteFenced()
    }
  } catch (error) {
    options.log.debug('a revoke was not answered', { attempt: id, error: messageOf(error) })
  }
  return { id, result: 'unreachable' }
}
