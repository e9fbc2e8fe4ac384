import { TronError } from '@tron/model'
import type { Lease, Owner, StoreHost } from './contract.ts'
import type { MemoryDatabase, MemoryHolder } from './memory-database.ts'
import { alreadyRunning } from './refusals.ts'

type Host = Pick<StoreHost, 'clock' | 'random'>

export interface AcquireOptions {
  readonly ttlMs: number
  readonly atLeastEpoch?: number
  readonly signal: AbortSignal
}

/** A lease together with what only its store may do with it. */
export interface HeldLease {
  readonly lease: Lease
  /** The holder is gone: fires `lost`, frees the lease if it is still its own. */
  end(): void
}

/**
 * Takes the lease of a database, as `Store.acquire` promises. A shared one is renewed three times per `ttlMs`; `lost` fires when a quarter of it is left.
 * @throws ALREADY_RUNNING for an embedded one that is held
 */
export async function acquireLease(
  { database, host }: { readonly database: MemoryDatabase; readonly host: Host },
  who: Owner,
  options: AcquireOptions,
): Promise<HeldLease> {
  options.signal.throwIfAborted()
  while (isHeld(database, host)) {
    const { holder } = database
    if (holder === null) break
    if (!database.shared) throw alreadyRunning(holder.who)
    await untilFree(database, { host, holder, signal: options.signal })
    options.signal.throwIfAborted()
  }
  return hold({ database, host }, who, options)
}

function isHeld(database: MemoryDatabase, host: Host): boolean {
  const { holder } = database
  return holder !== null && (!database.shared || holder.expiresMs > host.clock.monotonicMs())
}

/** Waits until the lease is given back or runs out, whichever comes first. */
async function untilFree(
  database: MemoryDatabase,
  {
    host,
    holder,
    signal,
  }: { readonly host: Host; readonly holder: MemoryHolder; readonly signal: AbortSignal },
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const wake = () => resolve()
  const forget = database.onFree(wake)
  const cancel = host.clock.timer(Math.max(0, holder.expiresMs - host.clock.monotonicMs()), wake)
  signal.addEventListener('abort', wake)
  await promise
  forget()
  cancel()
  signal.removeEventListener('abort', wake)
}

function hold(
  { database, host }: { readonly database: MemoryDatabase; readonly host: Host },
  who: Owner,
  { ttlMs, atLeastEpoch = 0 }: AcquireOptions,
): HeldLease {
  const lost = new AbortController()
  const holder: MemoryHolder = {
    who,
    nonce: Buffer.from(host.random.bytes(16)).toString('hex'),
    expiresMs: host.clock.monotonicMs() + ttlMs,
    stop: () => undefined,
  }
  if (database.shared) holder.stop = keepRenewed({ database, host, holder, ttlMs, lost })
  const pair = database.hold(holder, atLeastEpoch)
  const end = () => {
    lost.abort(new TronError('LEASE_LOST', 'the lease was given back'))
    if (database.holder === holder) database.free()
    holder.stop()
  }
  const lease: Lease = {
    ...pair,
    seq: database.seq,
    issued: database.issued,
    lost: lost.signal,
    release: async () => end(),
  }
  return { lease, end }
}

/** Renews the lease while the database can be reached, and says in time when that is over. Returns what ends it. */
function keepRenewed(of: {
  readonly database: MemoryDatabase
  readonly host: Host
  readonly holder: MemoryHolder
  readonly ttlMs: number
  readonly lost: AbortController
}): () => void {
  const { database, host, holder, ttlMs, lost } = of
  let cancel: () => void
  const renew = () => {
    const nowMs = host.clock.monotonicMs()
    if (database.canRenew && database.holder === holder) holder.expiresMs = nowMs + ttlMs
    const leftMs = holder.expiresMs - nowMs - ttlMs / 4
    if (leftMs <= 0) lost.abort(new TronError('LEASE_LOST', 'the lease could not be renewed in time'))
    else cancel = host.clock.timer(Math.min(ttlMs / 3, leftMs), renew)
  }
  cancel = host.clock.timer(ttlMs / 3, renew)
  return () => cancel()
}
