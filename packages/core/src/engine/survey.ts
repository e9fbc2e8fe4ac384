import type { Fence, FencePair, InventoryEntry } from '@tron/executor'
import { type Clock, type Logger, messageOf, type Target } from '@tron/model'
import type { GuardedExecutor } from './guard-executor.ts'

/** How long the look at the nodes may hold a start up; nodes that have not answered by then are met later. */
const SURVEY_MS = 5_000

interface Asking {
  readonly executors: ReadonlyMap<string, GuardedExecutor>
  readonly targets: readonly Target[]
  readonly clock: Clock
  readonly log: Logger
}

export interface Survey {
  /** Nodes that hold a pair which this store never issued, with who holds them. */
  readonly foreign: readonly { readonly target: Target; readonly pair: FencePair; readonly holder: string }[]
  /** Nodes that did not answer. */
  readonly silent: readonly string[]
}

/** Asks every node who holds it, before anything is decided: a copy of the state that is started by mistake must not even plan. */
export async function surveyNodes(asking: Asking, fence: Pick<Fence, 'issued'>): Promise<Survey> {
  const issued = new Set(fence.issued.map(({ epoch, nonce }) => `${epoch}:${nonce}`))
  const foreign: { target: Target; pair: FencePair; holder: string }[] = []
  const silent = new Set(asking.targets)
  const ask = async (target: Target) => {
    const executor = asking.executors.get(target.executor)
    if (executor === undefined) return
    if (executor.capabilities.fence === 'none') {
      silent.delete(target)
      return
    }
    try {
      const held = await executor.inspect(target)
      silent.delete(target)
      if (held === null || issued.has(`${held.epoch}:${held.nonce}`)) return
      foreign.push({ target, pair: held, holder: held.holder })
    } catch (error) {
      asking.log.warn('a node did not say who holds it', { node: target.node, error: messageOf(error) })
    }
  }
  const enough = new AbortController()
  const deadline = asking.clock.sleep(SURVEY_MS, { signal: enough.signal }).catch(() => undefined)
  await Promise.race([Promise.all(asking.targets.map(ask)), deadline])
  enough.abort()
  return { foreign, silent: Array.from(silent, ({ node }) => node) }
}

export interface Found {
  readonly target: Target
  readonly entry: InventoryEntry
}

/** Reads what nodes hold of this installation. */
export async function readInventories(
  asking: Asking,
): Promise<{ readonly found: readonly Found[]; readonly unasked: readonly string[] }> {
  const found: Found[] = []
  const unasked: string[] = []
  const read = async (target: Target) => {
    const executor = asking.executors.get(target.executor)
    try {
      if (executor === undefined) throw new Error(`there is no executor "${target.executor}"`)
      if (executor.capabilities.fence === 'none') return
      const own: Found[] = []
      for await (const page of executor.inventory(target))
        own.push(...page.map((entry) => ({ target, entry })))
      found.push(...own)
    } catch (error) {
      asking.log.warn('a node could not be asked what it holds', {
        node: target.node,
        error: messageOf(error),
      })
      unasked.push(target.node)
    }
  }
  await Promise.all(asking.targets.map(read))
  return { found, unasked }
}
