import { Temporal as polyfill } from 'temporal-polyfill'

/**
 * The date library of the whole project: Node's own where it has one (26 and later), else the polyfill (24). Nothing else imports either,
 * so that one package decides and instants of two implementations never meet.
 */
export const Temporal: typeof polyfill =
  (globalThis as { readonly Temporal?: typeof polyfill }).Temporal ?? polyfill

export type { Temporal as TemporalTypes } from 'temporal-polyfill'
