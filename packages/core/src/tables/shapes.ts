import type { Rows, TableName } from '@tron/store'
import type { TableShape } from './live-table.ts'

type Shapes = { readonly [N in TableName]: TableShape<Rows[N]> }

/** Answers to requests that are kept in memory; older ones are looked up in the store before they are decided. */
const REQUESTS_IN_MEMORY = 10_000

/**
 * What the engine keeps in memory, and the indexes that decisions use. `slots` and `specs` are written by decisions and never read by them: the ledger is
 * history, and specs are content-addressed and come with the context.
 */
export const SHAPES: Shapes = {
  meta: { keyOf: (row) => row.key, indexes: {}, keep: () => true },
  cursors: { keyOf: (row) => row.source, indexes: {}, keep: () => true },
  specs: { keyOf: (row) => row.hash, indexes: {}, keep: () => false },
  jobs: { keyOf: (row) => row.id, indexes: {}, keep: () => true },
  runs: {
    keyOf: (row) => row.id,
    indexes: {
      job: (row) => row.job,
      jobState: (row) => `${row.job} ${row.state}`,
      jobPhase: (row) => `${row.job} ${row.phase}`,
    },
    keep: (row) => row.live,
  },
  actions: { keyOf: (row) => row.id, indexes: { run: (row) => row.run }, keep: (row) => row.live },
  attempts: {
    keyOf: (row) => row.id,
    indexes: { run: (row) => row.run, target: (row) => row.targetKey },
    keep: (row) => row.live,
  },
  slots: { keyOf: (row) => row.key, indexes: {}, keep: () => false },
  audit: { keyOf: (row) => row.request, indexes: {}, keep: () => true, limit: REQUESTS_IN_MEMORY },
  trash: { keyOf: (row) => row.key, indexes: {}, keep: () => true },
}
