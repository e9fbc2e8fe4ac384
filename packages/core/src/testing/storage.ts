import type { Clock } from '@tron/model'
import type { Rows, Store, StoreHost, TableName } from '@tron/store'
import { createMemoryStore, MemoryDatabase } from '@tron/store/memory'

/** Where a simulation keeps its records: a database that outlives the schedulers, is copied and put back. */
export interface Storage {
  readonly shared: boolean
  open(host: StoreHost): Promise<Store>
  /** What SIGKILL of the scheduler does to it: stores that were opened are dead, and what was committed stays. */
  crash(): Promise<void>
  /** An independent copy. */
  clone(): Promise<Storage>
  rows<N extends TableName>(table: N): Promise<readonly Rows[N][]>
  /** The holder of a shared one cannot renew its lease, until `false`. */
  holdRenewals(held: boolean): void
  close(): Promise<void>
}

/** Makes an empty storage. `clock` is the true time, for leases that run out. */
export type StorageFactory = (options: {
  readonly shared: boolean
  readonly clock: Clock
}) => Promise<Storage>

/** The reference store, in memory. */
export const memoryStorage: StorageFactory = ({ shared, clock }) =>
  Promise.resolve(wrap(new MemoryDatabase({ shared }), clock))

function wrap(database: MemoryDatabase, clock: Clock): Storage {
  return {
    shared: database.shared,
    open: (host) =>
      Promise.resolve(
        createMemoryStore(database, { random: host.random, clock: database.shared ? host.clock : clock }),
      ),
    async crash() {
      // A shared one serves others too; what the dead one held runs out by itself.
      if (!database.shared) database.crash()
    },
    clone: async () => wrap(database.clone(), clock),
    rows: async (table) => database.rows(table),
    holdRenewals: (held) => {
      database.holdRenewals(held)
    },
    close: async () => undefined,
  }
}
