/** The calls out of a scheduler's process, in the words that stories use: it can be killed before each, and after each. */
export const CALLS = [
  'reading the configuration',
  'opening the store',
  'acquiring the lease',
  'loading',
  'a commit',
  'asking for the newest commit',
  'a query',
  'pruning',
  'naming the nodes',
  'asking who holds a node',
  'asking for starts',
  'adopting',
  'revoking',
  'stopping a command',
  'releasing',
  'reading from a node',
  'asking for the length of a log',
  'writing to a log',
  'syncing logs',
  'reading a log',
  'removing logs',
] as const

/** Made when a scheduler starts, and never afterwards. */
export const CALLS_OF_A_START: ReadonlySet<Call> = new Set<Call>([
  'reading the configuration',
  'opening the store',
  'acquiring the lease',
  'loading',
  'asking who holds a node',
])

export type Call = (typeof CALLS)[number]
