import { TronError } from '@tron/model'
import type { CommitResult, IssuedPair, Owner } from './contract.ts'

/** A commit that was not taken, or of which that is not known. */
export type Refusal = Extract<CommitResult, { ok: false }>

/** A commit's answer. */
export function refusal(why: Refusal['why'], error: TronError): Refusal {
  return { ok: false, why, error }
}

/** The lease was released, or another one followed it. */
export function leaseLost(lease: IssuedPair): TronError {
  return new TronError('LEASE_LOST', `the lease with epoch ${lease.epoch} is over`, {
    details: { epoch: lease.epoch },
  })
}

/** A commit whose seq is not one more than that of the newest. */
export function outOfTurn(seq: number, newest: number): TronError {
  return new TronError('INTERNAL', `a commit with seq ${seq} cannot follow ${newest}`, {
    details: { seq, newest },
  })
}

/** A second scheduler on an embedded store. A pid of 0: the holder has not said yet who it is. */
export function alreadyRunning(holder: Owner): TronError {
  const who = holder.pid > 0 ? `the process with pid ${holder.pid} on ${holder.host}` : 'another process'
  return new TronError('ALREADY_RUNNING', `the store is held by ${who}`, { details: { ...holder } })
}

/** The store was closed. */
export function storeClosed(): TronError {
  return new TronError('STORE_DEGRADED', 'the store is closed')
}
