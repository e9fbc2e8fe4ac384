import type { Connector } from './connector.ts'

/** Ends connections that are not needed any more. */
export interface Renewal {
  /**
   * Ends the connection if that is due, and nothing that goes on would notice. To be called by a timer: whoever asks for one thing after the other has
   * asked for the next one by then. @returns whether it did
   */
  endIfDue(): boolean
}

export interface RenewalOptions {
  readonly connector: Connector
  /** What takes longer than what is asked for it: a connection is not taken from any of it. */
  readonly parts: readonly { isIdle(): boolean }[]
  /** Whether there is more to be heard of the node. */
  readonly isUnfinished: () => boolean
}

export function createRenewal({ connector, parts, isUnfinished }: RenewalOptions): Renewal {
  const isBusy = (): boolean =>
    connector.current()?.control.isAsked() === true || parts.some((part) => !part.isIdle())
  return {
    endIfDue() {
      if (connector.isWanted() || isUnfinished() || isBusy()) return false
      connector.end('it is not needed any more')
      return true
    },
  }
}
