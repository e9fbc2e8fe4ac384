import { brokenCommits } from './broken-commit.ts'
import { brokenLeases } from './broken-lease.ts'
import { brokenReads } from './broken-read.ts'
import type { BreakStore } from './wrap-store.ts'

/**
 * For each rule, by its name, what makes of a good store one that breaks it: proof that the suite would notice. Wrap every store that the fixture opens.
 */
export const brokenStores: Readonly<Record<string, BreakStore>> = {
  ...brokenLeases,
  ...brokenCommits,
  ...brokenReads,
}
