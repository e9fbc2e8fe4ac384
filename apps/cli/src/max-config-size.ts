/** The option of commands that check without a server, in bytes once it is parsed; the daemon has the same. */
export const MAX_CONFIG_SIZE = {
  type: 'string',
  default: '16',
  defaultDescription: '16',
  requiresArg: true,
  describe: 'The largest file that is read, in MB, as for trond',
  coerce: bytesOf,
} as const

/** Refuses what the daemon would not take. */
function bytesOf(given: string): number {
  const megabytes = /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(given) ? Number(given) : 0
  const bytes = Math.floor(megabytes * 1024 * 1024)
  if (bytes > 0 && megabytes <= 1024) return bytes
  throw new Error(`--max-config-size takes megabytes, more than 0 and at most 1024, not "${given}"`)
}
