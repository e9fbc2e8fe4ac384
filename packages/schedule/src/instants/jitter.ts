import { drawFrom } from '@tron/model'

/** What to add to an instant: whole seconds, at most `jitterMs` either way, in milliseconds; the same for the same seed everywhere. */
export function jitterOf(seed: string, jitterMs: number): number {
  const most = Math.floor(jitterMs / 1000)
  return (drawFrom(seed, 2 * most + 1) - most) * 1000
}
