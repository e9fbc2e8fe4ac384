import { deepStrictEqual, ok, rejects } from 'node:assert/strict'
import type { InventoryEntry, StartRequest } from '../../contract.ts'
import { type ExecutorRule, needsAdopt, needsAll, needsEnforcedOnce, needsFence } from '../executor-rule.ts'
import { type Actor, refOf, type Stage } from '../stage.ts'
import { isUnreachable, needsUnreachable, unreachableOf } from './unreachable.ts'

export const INVENTORY_RULES: readonly ExecutorRule[] = [
  {
    name: 'inventory: lists what the target holds, in clear',
    skip: needsAdopt,
    async play(stage) {
      const actor = await stage.open()
      const running = await actor.run(stage.fixture.commands.sleepForever)
      await actor.watch.wait('started', running.id)
      const ended = await actor.finish(stage.fixture.commands.exit(8))
      const released = await actor.finish(stage.fixture.commands.succeed)
      await actor.executor.release([refOf(released)])
      const entries = await inventoryOf(stage, actor)
      deepStrictEqual(shown(entries, running), { ...held(running), phase: 'launched', released: false })
      deepStrictEqual(shown(entries, ended), {
        ...held(ended),
        phase: 'ended',
        outcome: { type: 'exited', code: 8 },
        released: false,
      })
      deepStrictEqual(shown(entries, released), {
        ...held(released),
        phase: 'ended',
        outcome: { type: 'exited', code: 0 },
        released: true,
      })
    },
  },
  {
    name: 'inventory: lists what was revoked',
    skip: needsAll(needsAdopt, needsEnforcedOnce),
    async play(stage) {
      const actor = await stage.open()
      const request = stage.request(stage.fixture.commands.succeed)
      await actor.executor.revoke([refOf(request)], { signal: stage.signal })
      const entries = await inventoryOf(stage, actor)
      deepStrictEqual(entries.find(({ id }) => id === request.id)?.phase, 'revoked')
    },
  },
  {
    name: 'inventory: has nothing of another installation',
    skip: needsAdopt,
    async play(stage) {
      const first = await stage.open()
      const request = await first.finish(stage.fixture.commands.succeed)
      const other = await stage.open({ installation: 'bbbbbbbbbbbbbbbbbbbbbbbbbb', nonce: 'other' })
      deepStrictEqual(shown(await inventoryOf(stage, other), request), undefined)
      ok((await inventoryOf(stage, first)).some(({ id }) => id === request.id))
    },
  },
  {
    name: 'inventory: rejects with UNREACHABLE for a target that cannot be reached',
    skip: needsUnreachable,
    async play(stage) {
      const { executor } = await stage.open()
      const pages = executor.inventory(unreachableOf(stage))[Symbol.asyncIterator]()
      await rejects(async () => pages.next(), isUnreachable)
    },
  },
  {
    name: 'inventory: works for a fenced executor',
    skip: needsAll(needsAdopt, needsFence),
    async play(stage) {
      const first = await stage.open()
      const request = await first.finish(stage.fixture.commands.succeed)
      const foreign = await stage.open({ epoch: 9, nonce: 'foreign', holder: 'suite-foreign' })
      const entries = await inventoryOf(stage, foreign)
      ok(
        entries.some(({ id }) => id === request.id),
        'the inventory lacks an attempt',
      )
    },
  },
]

async function inventoryOf(stage: Stage, { executor }: Actor): Promise<readonly InventoryEntry[]> {
  const entries: InventoryEntry[] = []
  for await (const page of executor.inventory(stage.fixture.target.target)) entries.push(...page)
  return entries
}

function held({ id, startKey, runNumber, configHash }: StartRequest): Partial<InventoryEntry> {
  return { id, startKey, runNumber, configHash }
}

/** An entry without what depends on the time and the executor. */
function shown(
  entries: readonly InventoryEntry[],
  request: StartRequest,
): Partial<InventoryEntry> | undefined {
  const entry = entries.find(({ id }) => id === request.id)
  if (entry === undefined) return undefined
  const { id, startKey, runNumber, configHash, phase, outcome, released } = entry
  return {
    id,
    startKey,
    runNumber,
    configHash,
    phase,
    ...(outcome === undefined ? {} : { outcome }),
    released,
  }
}
