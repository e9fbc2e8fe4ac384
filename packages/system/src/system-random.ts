import { randomBytes } from 'node:crypto'
import type { Random } from '@tron/model'

/** Chance from the operating system, fit for names that nobody may guess. */
export const systemRandom: Random = {
  next: () => randomBytes(6).readUIntBE(0, 6) / 2 ** 48,
  bytes: (length) => new Uint8Array(randomBytes(length)),
}
