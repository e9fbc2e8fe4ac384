import { type AttemptId, isTronError, type Logger, messageOf } from '@tron/model'
import type { AttemptTracker } from './attempt-tracker.ts'
import { readSizes } from './node-requests.ts'
import { createRenewal, type RenewalOptions } from './renewal.ts'
import type { Session } from './session.ts'

/**
 * What goes on regularly while a node is connected: the end of a connection that is due for it, sizes of running output, a look at the records, a ping,
 * the removal of old evidence.
 */
export interface Upkeep {
  begin(): void
  pause(): void
  dispose(): void
}

const ROUND_MS = 5_000
/** A look at the records, in rounds: for bells that could not be rung. */
const ROUNDS_A_LOOK = 6
const ROUNDS_A_PING = 3
const SWEEP_MS = 24 * 3_600_000
/** Released attempts keep their name for so many days. */
const KEEP_DAYS = 7

export interface UpkeepOptions extends Omit<RenewalOptions, 'isUnfinished'> {
  readonly log: Logger
  readonly tracker: AttemptTracker
  readonly see: (session: Session, ids: readonly AttemptId[]) => Promise<unknown>
  readonly ping: (session: Session) => Promise<void>
}

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { clock, tracker } = options
  const renewal = createRenewal({ ...options, isUnfinished: () => tracker.unfinished().length > 0 })
  let cancel: (() => void) | null = null
  let round = 0
  let sweptMs: number | null = null

  const work = async (session: Session): Promise<void> => {
    round += 1
    if (round % ROUNDS_A_PING === 0) await options.ping(session)
    if (session.isHeld() && (sweptMs === null || clock.monotonicMs() - sweptMs > SWEEP_MS)) {
      sweptMs = clock.monotonicMs()
      await session.control.ask({ header: `sweep ${KEEP_DAYS}` })
    }
    const running = tracker.running()
    if (running.length > 0) {
      for (const [id, sizes] of await readSizes(session, running)) {
        const known = running.find((one) => one === id)
        if (known !== undefined) tracker.grown(known, sizes)
      }
    }
    const unfinished = tracker.unfinished()
    if (round % ROUNDS_A_LOOK === 0 && unfinished.length > 0) await options.see(session, unfinished)
  }
  const arm = (): void => {
    cancel?.()
    cancel = clock.timer(ROUND_MS, () => {
      const session = options.connector.current()
      if (session === null || renewal.endIfDue()) return
      work(session)
        .catch((error: unknown) => {
          if (!isTronError(error, 'UNREACHABLE'))
            options.log.warn('a look at a node failed', { error: messageOf(error) })
        })
        .finally(() => {
          if (cancel !== null) arm()
        })
    })
  }
  const pause = (): void => {
    cancel?.()
    cancel = null
  }
  const begin = (): void => {
    renewal.begin()
    arm()
  }
  return { begin, pause, dispose: pause }
}
