import { TronError } from '@tron/model'

/** The option of commands that check without a server; the daemon has the same. */
export const MAX_CONFIG_SIZE = {
  type: 'number',
  default: 16,
  requiresArg: true,
  describe: 'The largest file that is read, in MB, as for trond',
} as const

/** @throws BAD_REQUEST for what the daemon would not take */
export function maxBytesOf(megabytes: number): number {
  if (megabytes > 0 && megabytes <= 1024) return Math.floor(megabytes * 1024 * 1024)
  throw new TronError('BAD_REQUEST', `--max-config-size ${megabytes}: expected megabytes, at most 1024`)
}
