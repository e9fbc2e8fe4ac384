import type { Clock, Random } from '@tron/model'
import type { Connector } from './connector.ts'

/** Ends connections that are too old, or not needed any more. */
export interface Renewal {
  /** A connection is up. */
  begin(): void
  /**
   * Ends the connection if that is due, and nothing that goes on would notice. To be called by a timer: whoever asks for one thing after the other has
   * asked for the next one by then. @returns whether it did
   */
  endIfDue(): boolean
}

export interface RenewalOptions {
  readonly clock: Clock
  readonly random: Random
  readonly connector: Connector
  /** How old a connection may become; null: as old as it likes. */
  readonly maxAgeMs: number | null
  /** What takes longer than what is asked for it: a connection is not taken from any of it. */
  readonly parts: readonly { isIdle(): boolean }[]
  /** Whether there is more to be heard of the node. */
  readonly isUnfinished: () => boolean
}

/** Connections that were made together are renewed apart, within this part of the time before they are too old. */
const SPREAD = 0.25

/**
 * What a login has, its environment and groups and tickets, is of the time of its connection; so are the journal's beginning and the node's idea of
 * our time. Hence no connection lives for ever. One to a node that is not wanted ends when it is not needed.
 */
export function createRenewal(options: RenewalOptions): Renewal {
  const { clock, random, connector, maxAgeMs } = options
  let dueMs = Number.POSITIVE_INFINITY

  const reason = (): string | null => {
    if (connector.isWanted()) return clock.monotonicMs() < dueMs ? null : 'it is renewed'
    return options.isUnfinished() ? null : 'it is not needed any more'
  }
  const isBusy = (): boolean =>
    connector.current()?.control.isAsked() === true || options.parts.some((part) => !part.isIdle())
  return {
    begin() {
      if (maxAgeMs !== null) dueMs = clock.monotonicMs() + maxAgeMs * (1 - SPREAD * random.next())
    },
    endIfDue() {
      const why = reason()
      if (why === null || isBusy()) return false
      connector.end(why)
      return true
    },
  }
}
