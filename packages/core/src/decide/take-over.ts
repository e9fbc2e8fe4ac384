import type { Change } from '@tron/store'
import type { Draft, View } from '../tables/tables.ts'

/** How far a take-over has come. */
export interface TakeOver {
  /** Nodes whose holdings have yet to be imported. */
  readonly nodes: readonly string[]
  /** Nothing was imported yet: what this copy had planned is still to be withdrawn. */
  readonly first: boolean
}

const KEY = 'takeOver'

export function readTakeOver(view: View): TakeOver {
  const value = view.meta.get(KEY)?.value
  if (typeof value !== 'object' || value === null || !('nodes' in value)) return { nodes: [], first: false }
  const nodes: unknown = value['nodes']
  return {
    nodes: Array.isArray(nodes) ? nodes.filter((node) => typeof node === 'string') : [],
    first: value['first'] === true,
  }
}

/** The change that notes how far a take-over has come. */
export function takeOverChange(takeOver: TakeOver): Extract<Change, { put: object }> {
  const value = { nodes: [...takeOver.nodes], first: takeOver.first }
  return { put: { table: 'meta', row: { key: KEY, value } } }
}

export function putTakeOver(draft: Draft, takeOver: TakeOver): void {
  draft.put(takeOverChange(takeOver).put)
}
