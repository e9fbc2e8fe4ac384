import type { ExecutorEvent, RevokeReply } from '@tron/executor'
import type { AttemptId, Clock } from '@tron/model'
import type { AttemptTracker } from './attempt-tracker.ts'
import { listAttempts } from './node-requests.ts'
import type { Session } from './session.ts'

/** Ids that were asked about: each is answered by exactly one story, at this connection or a later one. */
export interface Adoption {
  want(ids: readonly AttemptId[]): void
  /** Answers what was asked and not answered yet. */
  answer(session: Session): Promise<void>
  isIdle(): boolean
  dispose(): void
}

/** How long somebody who is just launching it may take before it is looked at again. */
const LAUNCH_MS = 2_000

export interface AdoptionOptions {
  readonly clock: Clock
  readonly tracker: AttemptTracker
  readonly push: (event: ExecutorEvent) => void
  readonly revoke: (id: AttemptId) => Promise<RevokeReply>
  /** Whether this process is about to start it: then that tells what becomes of it. */
  readonly isStarting: (id: AttemptId) => boolean
  /** What was being launched can be looked at again: what is wanted is to be answered. */
  readonly onDue: () => void
}

export function createAdoption(options: AdoptionOptions): Adoption {
  const { tracker, push } = options
  const wanted = new Set<AttemptId>()
  let cancelLook: (() => void) | null = null

  /** Somebody who lives made the go: what it becomes is not known yet. */
  const lookAgain = (): void => {
    cancelLook ??= options.clock.timer(LAUNCH_MS, () => {
      cancelLook = null
      options.onDue()
    })
  }
  const absent = (id: AttemptId, reason: string): void => {
    if (wanted.delete(id)) push({ kind: 'absent', id, proof: 'none', reason })
  }
  /** Claimed, and not launched: a revoke decides. */
  const settle = async (session: Session, id: AttemptId): Promise<void> => {
    const { result } = await options.revoke(id)
    if (result === 'unreachable' && session.control.isOpen()) {
      absent(id, 'it was claimed there and not launched, and may not be revoked')
    }
    if (result === 'unreachable' || !wanted.has(id)) return
    const open = tracker.open()
    const [attempt] = await listAttempts(session, [id])
    if (attempt === undefined) return
    const { kind } = tracker.see(attempt, { boot: session.hello.boot, again: true, open })
    if (kind === 'launching') lookAgain()
    else wanted.delete(id)
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
      const open = tracker.open()
      for (const attempt of await listAttempts(session, ids)) {
        if (!wanted.has(attempt.id)) continue
        const { kind } = tracker.see(attempt, { boot: session.hello.boot, again: true, open })
        if (kind !== 'reserved' && kind !== 'launching') wanted.delete(attempt.id)
        else if (options.isStarting(attempt.id)) wanted.delete(attempt.id)
        else if (kind === 'reserved') await settle(session, attempt.id)
        else lookAgain()
      }
    },
    isIdle: () => wanted.size === 0,
    dispose() {
      cancelLook?.()
      wanted.clear()
    },
  }
}
