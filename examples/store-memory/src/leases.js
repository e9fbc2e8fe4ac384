// @ts-check
import { TronError } from '@tron/model'
import { alreadyRunning } from '@tron/store/adapter'

/** @import { IssuedPair, Lease, Owner, StoreHost } from '@tron/store' */
/** @import { Records } from './records.js' */

/**
 * One store's side of the lease of its records. There is one process, so it is held until it is given back: nobody waits, and nothing runs out.
 * @typedef {object} Leases
 * @property {(who: Owner, atLeastEpoch: number) => Lease} acquire throws ALREADY_RUNNING, naming the holder
 * @property {(pair: IssuedPair) => boolean} holds whether this is the pair by which this store may write
 * @property {() => void} giveBack
 */

/**
 * @param {Records} records
 * @param {Pick<StoreHost, 'random'>} host
 * @returns {Leases}
 */
export function createLeases(records, { random }) {
  /** @type {{ readonly nonce: string, readonly epoch: number, readonly lost: AbortController } | null} */
  let held = null

  const giveBack = () => {
    if (held === null) return
    records.holder = null
    held.lost.abort(new TronError('LEASE_LOST', 'the lease was given back'))
    held = null
  }

  return {
    acquire(who, atLeastEpoch) {
      if (records.holder !== null) throw alreadyRunning(records.holder)
      const lost = new AbortController()
      const pair = records.issue(Buffer.from(random.bytes(16)).toString('hex'), atLeastEpoch)
      records.holder = who
      held = { ...pair, lost }
      return {
        ...pair,
        seq: records.seq(),
        issued: [...records.issued],
        lost: lost.signal,
        // An old lease must not give back the one that followed it.
        release: async () => {
          if (held?.nonce === pair.nonce) giveBack()
        },
      }
    },
    holds: ({ epoch, nonce }) => held?.nonce === nonce && held.epoch === epoch,
    giveBack,
  }
}
