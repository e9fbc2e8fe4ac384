import type { Defect } from './defect.ts'

const TABLE = 'packages/store/src/memory-table.ts'
const DATABASE = 'packages/store/src/memory-database.ts'

/** A store that does not keep its contract. */
export const STORES: readonly Defect[] = [
  {
    name: 'removed-rows-come-back',
    about:
      'Rows that were removed are loaded at the next start. A changed configuration replaces the actions of a planned run: after a restart the run has the old ones too, and they run.',
    layer: 'engine',
    edits: [
      {
        file: TABLE,
        find: '  remove(key: string): boolean {\n    this.#unlink(key)\n',
        replace: '  remove(key: string): boolean {\n',
      },
    ],
  },
  {
    name: 'ended-rows-are-loaded-again',
    about:
      'Rows that are not live any more are loaded at the next start, as they were when they were last live: runs that ended and were released come back with attempts that are to be released, for ever.',
    layer: 'engine',
    edits: [
      {
        file: TABLE,
        find: '    else this.#live.delete(key)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'only-one-configuration-is-loaded',
    about:
      'Of several rows that are asked for by key one is read. The configuration changes while a run is open and the process is restarted: what the run is pinned to is not there, nothing can be decided of it, and it is stuck.',
    layer: 'engine',
    edits: [
      {
        file: TABLE,
        find: 'return [...new Set(byKey.values)].flatMap(',
        replace: 'return byKey.values.slice(0, 1).flatMap(',
      },
    ],
  },
  {
    name: 'pruned-runs-leave-their-attempts',
    about: 'The attempts of runs that were pruned stay in the store: the database grows with history.',
    layer: 'engine',
    edits: [
      {
        file: DATABASE,
        find: "(['attempts', 'actions'] as const).flatMap(",
        replace: "(['actions'] as const).flatMap(",
      },
    ],
  },
  {
    name: 'a-standby-takes-a-lease-that-is-held',
    about:
      'The lease of a shared store can be taken from a holder that renews it. A standby starts beside a scheduler that works: it deposes it at once, without the warning that a lost lease gives.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/store/src/memory-lease.ts',
        find: 'return holder !== null && (!database.shared || holder.expiresMs > host.clock.monotonicMs())',
        replace: 'return holder !== null && !database.shared',
      },
    ],
  },
]
