import { breakStores, brokenStores, type StoreFixture } from '@tron/store/testing'
import { memoryFixture } from './memory-fixture.ts'

/** Rules that say something only of stores whose lease moves. */
const SHARED_ONLY = new Set([
  'acquire waits for its turn on a shared store',
  'acquire stops waiting when its signal fires',
])

/** A database in memory, whose stores all break this rule. */
export async function brokenFixture(rule: string): Promise<StoreFixture> {
  const broken = brokenStores[rule]
  if (broken === undefined) throw new Error(`no store breaks "${rule}"`)
  return breakStores(await memoryFixture({ shared: SHARED_ONLY.has(rule) }), broken)
}
