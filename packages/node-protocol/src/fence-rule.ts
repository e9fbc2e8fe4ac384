import type { Fence, Holder } from '@tron/executor'
import { plainText, safeName } from './wire/safe-text.ts'

/** The one link of a spool that leads to its attempts: its name is the fence. */
export interface FenceLink {
  readonly name: string
  readonly epoch: number
  /** Grows with every connection that claims the spool. */
  readonly connection: number
  readonly nonce: string
}

/** The link of a spool that nobody has claimed yet. */
export const FREE_LINK: FenceLink = { name: 'f.0.0.-', epoch: 0, connection: 0, nonce: '-' }

/** Reads a link's name; null when it is not one. */
export function parseLink(name: string): FenceLink | null {
  const [, epoch, connection, nonce] = /^f\.(\d+)\.(\d+)\.(.+)$/.exec(name) ?? []
  if (epoch === undefined || connection === undefined || nonce === undefined) return null
  return { name, epoch: Number(epoch), connection: Number(connection), nonce: plainText(nonce) }
}

/** The link that a new connection of ours puts in the place of the one found. */
export function nextLink(fence: Fence, found: FenceLink): string {
  return `f.${fence.epoch}.${found.connection + 1}.${safeName(fence.nonce)}`
}

export function isFree(link: FenceLink): boolean {
  return link.name === FREE_LINK.name
}

/** An operator's order to take a node over: it serves once, from whoever it is first met with. */
export interface TakeOverOrder {
  /** Whether this pair may be replaced. Asking binds the order to it: whether the claim that follows arrives may never be known. */
  allows(link: FenceLink): boolean
  /** Somebody else replaced that pair: the order was not used. */
  missed(): void
}

/** @param isGiven whether there is such an order, and it was not carried out yet */
export function createTakeOverOrder(isGiven: () => boolean): TakeOverOrder {
  let from: string | null = null
  return {
    allows({ epoch, nonce }) {
      if (!isGiven()) return false
      const pair = `${epoch} ${nonce}`
      from ??= pair
      return pair === from
    },
    missed() {
      from = null
    },
  }
}

/** Whether the pair found may be replaced by ours: it is ours, our store issued it, nobody holds it, or the operator said so. */
export function mayReplace(fence: Fence, link: FenceLink, order: TakeOverOrder): boolean {
  const isPair = (pair: { readonly epoch: number; readonly nonce: string }): boolean =>
    pair.epoch === link.epoch && pair.nonce === link.nonce
  return isFree(link) || isPair(fence) || fence.issued.some(isPair) || order.allows(link)
}

export function holderOf(link: FenceLink, holderWord: string): Holder {
  return { epoch: link.epoch, nonce: link.nonce, holder: plainText(holderWord) }
}
