import type { ExecutorHost } from '@tron/executor'
import { isTronError, type Target, TronError } from '@tron/model'
import { createTakeOverOrder } from './fence-rule.ts'
import type { Session } from './session.ts'

/** The fence of one node: claimed at each connection, and taken back where it was lost meanwhile. */
export interface Holding {
  /** Makes the fence ours where that is allowed. @returns null, or who holds it instead */
  claim(session: Session): Promise<string | null>
  /** The live session with its fence ours, or who holds it instead. @throws UNREACHABLE, or what a claim fails with */
  hold(): Promise<Session | string>
}

export interface HoldingOptions {
  readonly target: Target
  readonly host: ExecutorHost
  /** A live session; rejects when the node cannot be reached. */
  readonly ready: () => Promise<Session>
  readonly onFenced: (reason: string) => void
  /** Ends a connection, since the next one must begin anew. */
  readonly beginAnew: (session: Session, reason: string) => void
}

const TRIES = 4

/**
 * A fence that had to be taken back under a live connection went by a spool that was removed or put back, or by another scheduler, who may have
 * begun another journal: what the connection hears may be a journal that nobody writes to any more. So it ends, and the next one begins anew.
 */
export function createHolding(options: HoldingOptions): Holding {
  const { target, host, ready } = options
  let hasTakenOver = false
  const order = createTakeOverOrder(() => host.fence.takeOver.includes(target.node) && !hasTakenOver)

  const claim = async (session: Session): Promise<string | null> => {
    const holder = await session.claim({ fence: host.fence, order })
    if (holder === null) {
      hasTakenOver = true
      return null
    }
    const reason = `node ${target.node} is held by ${holder.holder}, of epoch ${holder.epoch}`
    options.onFenced(reason)
    return reason
  }
  /** Whoever holds it instead; null when it is ours, or when the connection broke before that was known. */
  const takeBack = async (session: Session): Promise<string | null> => {
    try {
      const reason = await claim(session)
      if (reason === null) options.beginAnew(session, 'its fence had to be taken back')
      return reason
    } catch (error) {
      if (session.control.isOpen() || !isTronError(error, 'UNREACHABLE')) throw error
      return null
    }
  }
  return {
    claim,
    async hold() {
      for (let tried = 0; tried < TRIES; tried += 1) {
        const session = await ready()
        if (session.isHeld()) return session
        const reason = await takeBack(session)
        if (reason !== null) return reason
      }
      throw new TronError('UNREACHABLE', `node ${target.node} does not stay connected`)
    },
  }
}
