import type { ExecutorEvent, RevokeReply } from '@tron/executor'
import type { AttemptId } from '@tron/model'
import type { AttemptTracker } from './attempt-tracker.ts'
import { listAttempts } from './node-requests.ts'
import type { Session } from './session.ts'

/** Ids that were asked about: each is answered by exactly one story, at this connection or a later one. */
export interface Adoption {
  want(ids: readonly AttemptId[]): void
  /** Answers what was asked and not answered yet. */
  answer(session: Session): Promise<void>
}

export interface AdoptionOptions {
  readonly tracker: AttemptTracker
  readonly push: (event: ExecutorEvent) => void
  readonly revoke: (id: AttemptId) => Promise<RevokeReply>
  /** Whether this process is about to start it: then that tells what becomes of it. */
  readonly isStarting: (id: AttemptId) => boolean
}

export function createAdoption(options: AdoptionOptions): Adoption {
  const { tracker, push } = options
  const wanted = new Set<AttemptId>()

  const absent = (id: AttemptId, reason: string): void => {
    if (wanted.delete(id)) push({ kind: 'absent', id, proof: 'none', reason })
  }
  /** Claimed, and not launched: a revoke decides. */
  const settle = async (session: Session, id: AttemptId): Promise<void> => {
    if (options.isStarting(id)) {
      wanted.delete(id)
      return
    }
    const { result } = await options.revoke(id)
    if (result === 'unreachable' && session.control.isOpen()) {
      absent(id, 'it was claimed there and not launched, and may not be revoked')
    }
    if (result === 'unreachable' || !wanted.has(id)) return
    const [attempt] = await listAttempts(session, [id])
    if (attempt === undefined) return
    const { kind } = tracker.see(attempt, { boot: session.hello.boot, again: true })
    if (kind === 'launching') absent(id, 'it was about to be launched when whoever did so ended')
    wanted.delete(id)
  }
  return {
    want(ids) {
      for (const id of ids) wanted.add(id)
    },
    async answer(session) {
      const ids = [...wanted]
      if (session.folder() === null) {
        for (const id of ids) absent(id, 'the node has no spool of this installation')
      }
      if (wanted.size === 0) return
      for (const attempt of await listAttempts(session, ids)) {
        if (!wanted.has(attempt.id)) continue
        const { kind } = tracker.see(attempt, { boot: session.hello.boot, again: true })
        if (kind === 'reserved' || kind === 'launching') await settle(session, attempt.id)
        else wanted.delete(attempt.id)
      }
    },
  }
}
