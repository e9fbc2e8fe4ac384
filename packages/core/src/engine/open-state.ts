import { type Clock, installationId, type Logger, messageOf, type Random, TronError } from '@tron/model'
import type { Lease, Store } from '@tron/store'
import { createLiveTables, type LiveTables } from '../tables/tables.ts'
import { createSpecs, type Specs } from './specs.ts'

/** How long a lease of a shared store lasts without being renewed. */
const LEASE_MS = 30_000
const SPECS_AT_ONCE = 500

export interface OpenOptions {
  readonly store: Store
  readonly clock: Clock
  readonly random: Random
  readonly log: Logger
  readonly owner: { readonly host: string; readonly pid: number }
  readonly installation?: string
  readonly atLeastEpoch?: number
}

export interface OpenState {
  readonly lease: Lease
  readonly tables: LiveTables
  readonly specs: Specs
  readonly installation: string
  /** The newest commit: one more than the lease's where the installation was named now. */
  readonly seq: number
}

/** Acquires the lease, loads what is live, and makes sure that the installation has its name. @throws ALREADY_RUNNING, STORE_CORRUPT */
export async function openState(options: OpenOptions): Promise<OpenState> {
  const { store, owner } = options
  const { signal } = new AbortController()
  const atLeast = options.atLeastEpoch === undefined ? {} : { atLeastEpoch: options.atLeastEpoch }
  const lease = await store.acquire(owner, { ttlMs: LEASE_MS, signal, ...atLeast })
  try {
    const tables = createLiveTables()
    for await (const rows of store.load(lease)) tables.apply(rows.map((put) => ({ put })))
    const specs = createSpecs()
    await loadSpecs(store, specs, hashesOf(tables))
    const { installation, seq } = await nameInstallation(options, lease, tables)
    return { lease, tables, specs, installation, seq }
  } catch (error) {
    await lease.release().catch((failure: unknown) => {
      options.log.warn('the lease could not be given back', { error: messageOf(failure) })
    })
    throw error
  }
}

/** The configurations that live jobs and runs are pinned to. */
function hashesOf({ view }: LiveTables): readonly string[] {
  return [...view.jobs.all(), ...view.runs.all()].map(({ specHash }) => specHash)
}

/** Reads configurations that decisions need. */
export async function loadSpecs(store: Store, specs: Specs, wanted: readonly string[]): Promise<void> {
  const { signal } = new AbortController()
  const hashes = [...new Set(wanted)].filter((hash) => !specs.has(hash))
  for (let from = 0; from < hashes.length; from += SPECS_AT_ONCE) {
    const some = hashes.slice(from, from + SPECS_AT_ONCE)
    const query = { name: 'specs', params: { hashes: some }, limit: SPECS_AT_ONCE } as const
    for (const row of (await store.query(query, { signal })).rows) specs.add(row.hash, row.body)
  }
}

async function nameInstallation(
  options: OpenOptions,
  lease: Lease,
  tables: LiveTables,
): Promise<{ readonly installation: string; readonly seq: number }> {
  const known = tables.view.meta.get('installation')?.value
  if (typeof known === 'string') {
    if (options.installation !== undefined && options.installation !== known) {
      throw new TronError(
        'SETTINGS',
        `the state is of installation ${known}, but this directory says it is ${options.installation}`,
        { hint: 'Put the state and the file `installation` of one directory together again.' },
      )
    }
    return { installation: known, seq: lease.seq }
  }
  const installation = options.installation ?? installationId(options.random.bytes(16))
  const put = { table: 'meta', row: { key: 'installation', value: installation } } as const
  const atMs = options.clock.nowMs()
  const commit = { seq: lease.seq + 1, atMs, changes: [{ put }], cursors: {} }
  const result = await options.store.commit(lease, commit)
  if (!result.ok) throw result.error
  tables.apply(commit.changes)
  return { installation, seq: result.seq }
}
