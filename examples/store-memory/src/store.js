// @ts-check
import { TronError } from '@tron/model'
import {
  checkCommit,
  leaseLost,
  outOfTurn,
  planQuery,
  refusal,
  rowsFor,
  storeClosed,
} from '@tron/store/adapter'
import { createLeases } from './leases.js'
import { options, readOptions } from './options.js'
import { createRecords } from './records.js'

/** @import { IssuedPair, Store, StoreHost, StoreModule } from '@tron/store' */
/** @import { Records } from './records.js' */

const PAGE_ROWS = 1000

/** The one object that the daemon looks for. @type {StoreModule} */
export const store = {
  apiVersion: 1,
  name: 'memory',
  options,
  open: async (given, host) => openStore(createRecords({ ...readOptions(given) }), host),
}

/**
 * Opens a store on records. One at a time may hold their lease.
 * @param {Records} records
 * @param {Pick<StoreHost, 'random'>} host
 * @returns {Store}
 */
export function openStore(records, host) {
  const closing = new AbortController()
  const leases = createLeases(records, host)
  const assertOpen = () => {
    if (closing.signal.aborted) throw storeClosed()
  }
  /** @param {IssuedPair} pair */
  const assertHolds = (pair) => {
    assertOpen()
    if (!leases.holds(pair)) throw leaseLost(pair)
  }

  return {
    shared: false,
    async acquire(who, { atLeastEpoch = 0, signal }) {
      signal.throwIfAborted()
      assertOpen()
      return leases.acquire(who, atLeastEpoch)
    },
    async *load(lease) {
      assertHolds(lease)
      // Rows are frozen and never changed, so a list of them is a snapshot.
      const rows = records.live()
      for (let at = 0; at < rows.length; at += PAGE_ROWS) yield rows.slice(at, at + PAGE_ROWS)
    },
    async commit(lease, commit) {
      const checked = checkCommit(commit)
      if (closing.signal.aborted) return refusal('unavailable', storeClosed())
      if (!leases.holds(lease)) return refusal('fenced', leaseLost(lease))
      const newest = records.seq()
      if (checked.seq !== newest + 1) return refusal('conflict', outOfTurn(checked.seq, newest))
      if (!records.hasRoomFor(checked)) return refusal('full', noRoom(records.size()))
      records.take(checked)
      return { ok: true, seq: checked.seq }
    },
    async lastSeq(lease) {
      assertHolds(lease)
      return records.seq()
    },
    async query(query, { signal }) {
      signal.throwIfAborted()
      assertOpen()
      const { rows, more } = records.query(planQuery(query))
      return { rows: rowsFor(rows), more }
    },
    changes: (afterSeq, { signal }) =>
      records.feed.read(afterSeq, { signal: AbortSignal.any([signal, closing.signal]) }),
    async prune(lease, plan) {
      assertHolds(lease)
      return records.prune(plan)
    },
    async [Symbol.asyncDispose]() {
      leases.giveBack()
      closing.abort(storeClosed())
    },
  }
}

/**
 * @param {number} rows
 */
function noRoom(rows) {
  return new TronError('STORE_DEGRADED', `the memory store has ${rows} rows and may not have more`, {
    hint: 'Raise maxRows of the store in trond.yaml, or keep fewer runs of the jobs.',
  })
}
