import { TronError } from '@tron/model'
import type { IssuedPair, Lease, Owner } from '@tron/store'
import { alreadyRunning } from '@tron/store/adapter'
import type { SqliteParts } from './sqlite-store.ts'

/** The lease of an embedded store: held until its holder gives it back or ends. */
export interface Leases {
  /** @throws ALREADY_RUNNING naming the holder, also where that is this process */
  acquire(who: Owner, atLeastEpoch: number): Promise<Lease>
  /** Whether this lease is the one that is held here. */
  holds(pair: IssuedPair): boolean
  /** Ends the lease; the lock stays. */
  end(): void
  /** Gives the lock back. */
  free(): void
}

interface Held {
  readonly who: Owner
  readonly lost: AbortController
  readonly nonce: string
}

/** Leases on the database of these parts. The lock is taken before a pair is issued, and given back after the last commit was taken. */
export function createLeases({ lock, writer, host }: Pick<SqliteParts, 'lock' | 'writer' | 'host'>): Leases {
  let held: Held | null = null
  let locked = false
  const end = () => {
    held?.lost.abort(new TronError('LEASE_LOST', 'the lease was given back'))
    held = null
  }
  const free = () => {
    if (locked) lock.free()
    locked = false
  }
  const release = async (nonce: string) => {
    if (held?.nonce !== nonce) return
    end()
    await writer.idle()
    free()
  }
  return {
    async acquire(who, atLeastEpoch) {
      if (held !== null) throw alreadyRunning(held.who)
      lock.take(who)
      locked = true
      const nonce = Buffer.from(host.random.bytes(16)).toString('hex')
      const lost = new AbortController()
      held = { who, lost, nonce }
      try {
        const issued = await writer.call('acquire', { who, nonce, atLeastEpoch, atMs: host.clock.nowMs() })
        return { ...issued, nonce, lost: lost.signal, release: () => release(nonce) }
      } catch (error) {
        end()
        free()
        throw error
      }
    },
    holds: (pair) => held?.nonce === pair.nonce,
    end,
    free,
  }
}
