import { brokenCommits } from './broken-commit.ts'
import { brokenFeeds } from './broken-feed.ts'
import { brokenLeases } from './broken-lease.ts'
import { brokenReads } from './broken-read.ts'
import { brokenRestarts } from './broken-restart.ts'
import type { StoreFixture } from './rule.ts'
import type { BrokenStore } from './wrap-store.ts'

/**
 * For each rule, by its name, what makes of a good store one that breaks it: proof that the suite would notice. `breakStores` puts it into a fixture.
 */
export const brokenStores: Readonly<Record<string, BrokenStore>> = {
  ...brokenLeases,
  ...brokenCommits,
  ...brokenReads,
  ...brokenFeeds,
  ...brokenRestarts,
}

/** The fixture, but every store that it opens has the defect; and it opens the records of a newer version like any other. */
export function breakStores(fixture: StoreFixture, { spoil }: BrokenStore): StoreFixture {
  const open = async () => spoil(await fixture.open())
  return { ...fixture, open, openNewer: open }
}
