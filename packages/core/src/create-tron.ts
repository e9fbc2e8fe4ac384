import { messageOf } from '@tron/model'
import type { Store } from '@tron/store'
import { nodesToImport, orderTakeOver, readTakeOver, takeOverChange } from './decide/take-over.ts'
import { Engine } from './engine/engine.ts'
import { type OpenState, openState } from './engine/open-state.ts'
import {
  createExecutors,
  disposeExecutors,
  fenceOf,
  nameTargets,
  nodeNames,
  openStore,
  releaseLease,
} from './engine/parts.ts'
import { surveyNodes } from './engine/survey.ts'
import { createTargets } from './engine/targets.ts'
import { createFacade } from './facade.ts'
import type { Tron, TronOptions } from './tron.ts'

/**
 * Makes a scheduler: opens the store, acquires its lease, creates the executors with the fence that this gives, and starts the engine. Resolves when it
 * works, or knows why it only reads.
 *
 * @throws ALREADY_RUNNING when another process holds the store; CONFIG_INVALID, SETTINGS, STORE_CORRUPT, STORE_VERSION
 */
export function createTron(options: TronOptions): Promise<Tron> {
  return createTronInside(options, {})
}

/** What a simulation looks into, and sets, beside what users may. */
export interface Inside {
  /** Sees the records as they were loaded. */
  opened?(state: OpenState): void
  /** How often the clock is looked at when nothing is due. */
  readonly lookMs?: number
}

/** `createTron` with its insides open to a simulation. */
export async function createTronInside(options: TronOptions, inside: Inside): Promise<Tron> {
  const store = await openStore(options)
  try {
    return await assemble(options, store, inside)
  } catch (error) {
    try {
      await store[Symbol.asyncDispose]()
    } catch (failure) {
      options.log.warn('the store could not be closed', { error: messageOf(failure) })
    }
    throw error
  }
}

async function assemble(options: TronOptions, store: Store, inside: Inside): Promise<Tron> {
  const above = options.takeOver === true ? await highestForeignEpoch(options, store) : null
  await using made = new AsyncDisposableStack()
  const opened = await openState({
    ...openOptions(options, store),
    ...(above === null ? {} : { atLeastEpoch: above + 1 }),
  })
  made.defer(() => releaseLease(opened.lease, options))
  const state =
    options.takeOver === true
      ? await beginTakeOver(options, { store, opened, nodes: nodeNames(await options.config.read()) })
      : opened
  inside.opened?.(state)
  const fence = fenceOf(options, state, nodesToImport(readTakeOver(state.tables.view)))
  const executors = await createExecutors(options, fence)
  made.defer(() => disposeExecutors(executors, options))
  // Not before the lease was acquired, which may take days, and at once before somebody listens to changes of it.
  const snapshot = await options.config.read()
  const engine = new Engine({
    options,
    store,
    state,
    snapshot,
    executors,
    ...(inside.lookMs === undefined ? {} : { lookMs: inside.lookMs }),
  })
  const tron = createFacade({ options, store, state, engine, executors })
  // All that was made is ended by it from here on.
  made.move()
  try {
    await engine.start()
  } catch (error) {
    await tron[Symbol.asyncDispose]()
    throw error
  }
  return tron
}

function openOptions(options: TronOptions, store: Store) {
  const { clock, random, log, owner } = options
  const installation = options.installation === undefined ? {} : { installation: options.installation }
  return { store, clock, random, log, owner, ...installation }
}

/** Commits that this start may replace foreign holders, before anything is asked of a node: a crash in the middle goes on with it. */
async function beginTakeOver(
  options: TronOptions,
  begun: { readonly store: Store; readonly opened: OpenState; readonly nodes: readonly string[] },
): Promise<OpenState> {
  const { store, opened, nodes } = begun
  const atMs = options.clock.nowMs()
  const changes = [takeOverChange(orderTakeOver(readTakeOver(opened.tables.view), nodes, atMs))]
  const commit = { seq: opened.seq + 1, atMs, changes, cursors: {} }
  const result = await store.commit(opened.lease, commit)
  if (!result.ok) throw result.error
  opened.tables.apply(changes)
  return { ...opened, seq: result.seq }
}

/** The highest epoch that a foreign scheduler left on a node that can be asked; null when there is none. Changes nothing on them. */
async function highestForeignEpoch(options: TronOptions, store: Store): Promise<number | null> {
  const state = await openState(openOptions(options, store))
  try {
    const snapshot = await options.config.read()
    const executors = await createExecutors(options, fenceOf(options, state, []))
    try {
      const targets = createTargets({ snapshot: () => snapshot, attempts: () => [] })
      const { clock, log } = options
      await nameTargets(executors, { targets, log })
      const asking = { executors, targets: targets.configured(), clock, log }
      const { foreign } = await surveyNodes(asking, state.lease)
      return foreign.length === 0 ? null : Math.max(...foreign.map(({ pair }) => pair.epoch))
    } finally {
      await disposeExecutors(executors, options)
    }
  } finally {
    await state.lease.release()
  }
}
