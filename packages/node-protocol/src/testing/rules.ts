/** What must hold in every run, whatever happens to bytes, nodes and schedulers. */
export const RULES = {
  once: 'an attempt is launched at most once',
  asked: 'what is launched is what was asked for, byte by byte',
  revoked: 'a revoked attempt is never launched, and a launched one is never answered "revoked"',
  order: 'the events of one attempt come in order: started, exit, closed; from the beginning when told again',
  outcome: 'an exit tells the true outcome',
  started: 'a start is told only of what was launched, with its instant',
  fence:
    'a node that another scheduler holds is left to it, unless an operator orders it, once for each order',
  known: 'no event tells of an id that was never asked for',
  form: 'every number in an event is whole, and not negative where it counts something',
  sizes: 'sizes are true: never more than there is, final when the output is closed',
  tail: 'bytes that come along with an event are those of the stream, in the stated length',
  left: 'writers that ended are not counted as left running',
  lost: 'output that could not be written is told, and only that',
  output: 'output is read byte by byte as it was written, from any offset',
  reads: 'a read ends, and fails only as documented',
  release: 'a release removes no byte that was not read, and empties only what ended',
  unreachable: 'a start that is refused as unreachable never left',
  refused: 'a start is refused for good only when it never runs',
  adopt: 'every adopted id is answered, or its node is told unreachable',
  outlived: 'a command whose records were removed is not told to have ended while it runs',
  heard:
    'a connection hears the journal that the spool has, or ends within a minute and a half of when that was replaced',
  absent: 'only what was never launched there is told absent',
  stopped: 'a stop that names no survivors left none',
  'stopped in time': 'a stop is carried out within forty seconds of a connection',
  answers: 'a call for several nodes gives the answers of those that work',
  ends: 'when faults cease, everything ends within ten minutes',
  memory: 'a node that sends without end is cut off, or what it sends is dropped',
  crash: 'nothing is thrown outside of a call, and no rejection is left unhandled',
} as const

export type Rule = keyof typeof RULES

/** The rules in plain words. */
export const PROTOCOL_RULES: readonly string[] = Object.values(RULES)
