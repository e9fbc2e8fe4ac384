import type { Books } from './books.ts'
import { GUEST } from './job-plan.ts'
import type { ActRules } from './rules-of-acts.ts'
import type { World } from './world.ts'

interface Asking {
  readonly books: Books
  readonly world: Pick<World, 'nodes' | 'config'>
  /** What the process has asked; null before it asked anything. */
  readonly asked: Pick<ActRules, 'wasInspected'> | null
}

/**
 * Whether a scheduler can know what ran on a node. A take-over asks the nodes of the configuration: what ran on another one, nobody can know. A copy that does
 * not take over has to ask those that it can reach who holds them, and need not wait for an answer.
 */
export function canTell(node: string | null, { books, world, asked }: Asking): boolean {
  if (node === null) return false
  const knowsNothing = books.isCopy && !books.records.tables.meta.has('takeOver')
  if (knowsNothing && (asked?.wasInspected(node) === true || !world.nodes.cluster.isReachable(node)))
    return false
  return node !== GUEST || world.config.jobs.some((job) => job.node === GUEST)
}
