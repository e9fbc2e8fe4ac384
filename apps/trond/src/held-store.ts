import type { TronOptions } from '@tron/core'
import type { Logger } from '@tron/model'
import { checkOptions } from '@tron/plugins'
import { systemClock, systemRandom } from '@tron/system'

/** An embedded store gives its lease at once, and for as long as the process lives. */
const LEASE_MS = 1000

/** Finds out whether another daemon works with this store; one that several may share is no reason to refuse. @throws ALREADY_RUNNING naming the holder */
export async function assertNotHeld(
  { module, options }: TronOptions['store'],
  { owner, log }: { readonly owner: TronOptions['owner']; readonly log: Logger },
): Promise<void> {
  const checked = await checkOptions(module, options, 'store.options')
  await using store = await module.open(checked, { log, clock: systemClock, random: systemRandom })
  if (store.shared) return
  const { signal } = new AbortController()
  const lease = await store.acquire(owner, { ttlMs: LEASE_MS, signal })
  await lease.release()
}
