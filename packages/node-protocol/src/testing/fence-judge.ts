import type { FencePair } from '@tron/executor'
import { isFree, parseLink } from '../fence-rule.ts'

/** Holds every change of a node's fence against what schedulers were started with. */
export interface FenceJudge {
  /** A scheduler starts with a pair of its own, and orders to take these nodes over from whoever holds them. */
  begun(pair: FencePair, takeOver: readonly string[]): void
  claimed(node: string, from: string, to: string): void
}

export function createFenceJudge(broken: (text: string) => void): FenceJudge {
  const issued = new Map<string, number>()
  const orders = new Set<string>()
  return {
    begun({ epoch, nonce }, takeOver) {
      issued.set(nonce, epoch)
      for (const node of takeOver) orders.add(`${nonce} ${node}`)
    },
    claimed(node, from, to) {
      const before = parseLink(from)
      const after = parseLink(to)
      if (before === null || after === null || isFree(before)) return
      const ours = issued.get(before.nonce)
      // Whoever was started later knows all pairs that were issued before.
      if (ours === before.epoch && ours <= after.epoch) return
      // An order serves once.
      if (orders.delete(`${after.nonce} ${node}`)) return
      broken(`${to} takes ${node} from ${from}, and nobody ordered that`)
    },
  }
}
