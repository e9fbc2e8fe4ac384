import type { JobSpec } from '@tron/model'
import type { AttemptRow, Change } from '@tron/store'
import type { Draft, View } from '../tables/tables.ts'
import type { DecideContext } from './context.ts'

/** How far a take-over has come. */
export interface TakeOver {
  /** Nodes whose holdings have yet to be imported; jobs that could have run there wait for that. */
  readonly nodes: readonly string[]
  /** Nodes that an operator gave up: nothing waits for them any more, and what they hold is imported should they ever answer. */
  readonly without: readonly string[]
  /** Nothing was imported yet: what this copy had planned is still to be withdrawn. */
  readonly first: boolean
  /** When it was ordered. */
  readonly sinceMs: number
}

const KEY = 'takeOver'

export function readTakeOver(view: View): TakeOver {
  const value = view.meta.get(KEY)?.value
  if (typeof value !== 'object' || value === null || !('nodes' in value)) {
    return { nodes: [], without: [], first: false, sinceMs: 0 }
  }
  const { nodes, without, first, sinceMs } = value
  return {
    nodes: textsOf(nodes),
    without: textsOf(without),
    first: first === true,
    sinceMs: typeof sinceMs === 'number' ? sinceMs : 0,
  }
}

function textsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : []
}

/** Nodes that this scheduler may take from another one, and that it has yet to import from. */
export function nodesToImport({ nodes, without }: TakeOver): readonly string[] {
  return [...nodes, ...without]
}

/** A take-over of these nodes, by whoever may be in the middle of one already: a node that left the configuration meanwhile is still to be asked. */
export function orderTakeOver(before: TakeOver, nodes: readonly string[], sinceMs: number): TakeOver {
  return {
    nodes: [...new Set([...before.nodes, ...nodes])],
    without: before.without.filter((node) => !nodes.includes(node)),
    first: true,
    sinceMs,
  }
}

/**
 * Whether the scheduler before this one may have started an attempt, which this copy does not know of: its node was not heard since. What a run does
 * that came after the take-over is not started by anybody else.
 */
export function mayHaveStarted(view: View, { run, target }: Pick<AttemptRow, 'run' | 'target'>): boolean {
  const { nodes, without, sinceMs } = readTakeOver(view)
  if (nodes.includes(target.node)) return true
  return without.includes(target.node) && (view.runs.get(run)?.createdMs ?? sinceMs) < sinceMs
}

/** The change that notes how far a take-over has come. */
export function takeOverChange(takeOver: TakeOver): Extract<Change, { put: object }> {
  const { nodes, without } = takeOver
  const value = { ...takeOver, nodes: [...nodes], without: [...without] }
  return { put: { table: 'meta', row: { key: KEY, value } } }
}

/** Notes how far a take-over has come, and which jobs wait for what is left of it. */
export function putTakeOver(draft: Draft, context: DecideContext, takeOver: TakeOver): void {
  draft.put(takeOverChange(takeOver).put)
  holdBack(draft, context)
}

/**
 * Jobs that could have run on a node that could not be asked wait for it, or for an operator; also those that come later, and those that
 * a change of the configuration moved elsewhere meanwhile.
 */
export function holdBack(draft: Draft, context: DecideContext): void {
  const { nodes } = readTakeOver(draft.view)
  for (const job of draft.view.jobs.all()) {
    if (nodes.length === 0 && job.blocked === null) continue
    const possible = placesOf(context, context.spec(job.specHash))
    for (const node of nodesIn(job.blocked)) possible.add(node)
    const waiting = nodes.filter((node) => possible.has(node))
    const blocked = waiting.length === 0 ? null : waiting.join(' ')
    if (blocked !== job.blocked) draft.put({ table: 'jobs', row: { ...job, blocked } })
  }
}

/** Every node that something of a job may run on. */
function placesOf(context: DecideContext, spec: JobSpec): Set<string> {
  const actions = spec.cleanup === undefined ? spec.actions : [...spec.actions, spec.cleanup]
  const names = [spec.node, ...actions.flatMap((action) => action.node ?? [])]
  return new Set(names.flatMap((name) => context.snapshot.pools[name] ?? [name]))
}

/** Why a job starts nothing: for what its configuration asks for and is not done, and for the nodes of its record's `blocked`. */
export function heldFor(held: readonly string[], blocked: string | null): readonly string[] {
  if (blocked === null) return held
  const nodes = nodesIn(blocked).join(', ')
  const way = 'to go on without an answer: tron recover --without NODE'
  return [...held, `the take-over could not ask ${nodes}, where it may have run; ${way}`]
}

function nodesIn(blocked: string | null): readonly string[] {
  return blocked?.split(' ') ?? []
}
