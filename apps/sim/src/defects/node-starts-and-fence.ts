import type { Defect } from './defect.ts'

const NODE = 'packages/node-protocol/src/node.ts'
const HOLDING = 'packages/node-protocol/src/holding.ts'
const STARTS = 'packages/node-protocol/src/starts.ts'
const RULE = 'packages/node-protocol/src/fence-rule.ts'
const STOPS = 'packages/node-protocol/src/stops.ts'
const SPOOL = 'packages/node-protocol/src/spool-access.ts'

/** Who may act on a node, and starts, revokes and stops over a connection that breaks. */
export const NODE_STARTS_AND_FENCE: readonly Defect[] = [
  {
    name: 'protocol-ignores-the-nonce',
    about:
      'A pair found on a node counts as ours when its epoch is one that we issued. A clone issued the same epoch with another nonce: it takes the node from the original, and both start there.',
    layer: 'protocol',
    edits: [
      {
        file: RULE,
        find: 'pair.epoch === link.epoch && pair.nonce === link.nonce',
        replace: 'pair.epoch === link.epoch',
      },
    ],
  },
  {
    name: 'protocol-replaces-a-lower-epoch',
    about:
      'A foreign pair is replaced when its epoch is lower than ours. A clone that was started more often takes the node from the original without an operator.',
    layer: 'protocol',
    edits: [
      {
        file: RULE,
        find: 'fence.issued.some(isPair) || order.allows(link)',
        replace: 'fence.issued.some(isPair) || order.allows(link) || link.epoch < fence.epoch',
      },
    ],
  },
  {
    name: 'protocol-takes-over-again-and-again',
    about:
      'One order to take a node over serves for every foreign pair that is met later. Another scheduler is told to take over from us: at our next connection we take the node back.',
    layer: 'protocol',
    edits: [
      {
        file: HOLDING,
        find: 'host.fence.takeOver.includes(target.node) && !hasTakenOver',
        replace: 'host.fence.takeOver.includes(target.node)',
      },
      { file: RULE, find: 'return pair === from', replace: 'return true' },
    ],
  },
  {
    name: 'another-machine-is-taken-for-the-node',
    about:
      'The identity of the machine in a spool is not compared. Another machine answers under the name of the node with the same home: commands that run on the first are called lost by a reboot.',
    layer: 'protocol',
    edits: [{ file: SPOOL, find: '    if (home !== hello.machine) throw replaced(target)\n', replace: '' }],
  },
  {
    name: 'a-sent-start-counts-as-unsent',
    about:
      'A start that was sent before the connection broke is answered as one that never left. The node launches it, the connection breaks and cannot be made again: UNREACHABLE, and the command runs.',
    layer: 'protocol',
    edits: [{ file: STARTS, find: '      if (wasSent) throw undecided(context, id, error)\n', replace: '' }],
  },
  {
    name: 'only-the-first-quote-is-escaped',
    about:
      'Of the quotes in a command only the first is escaped. A command or a variable with several single quotes arrives as another one, or breaks the connection of all that are started with it.',
    layer: 'protocol',
    edits: [{ file: STARTS, find: 'text.replaceAll("\'",', replace: 'text.replace("\'",' }],
  },
  {
    name: 'a-revoke-of-what-runs-is-granted',
    about: 'A revoke that came after the launch answers "revoked": what runs is called never started.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/revoke.ts',
        find: "if (status === 'exists') return { id, result: 'started' }",
        replace: "if (status === 'exists') return { id, result: 'revoked' }",
      },
    ],
  },
  {
    name: 'says-released-what-the-node-kept',
    about:
      'All that a release named is called released, also what the node kept. A folder that could not be emptied, because its writers still write or it is unknown, is forgotten.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/release.ts',
        find: 'return ids.filter((id) => named.has(id))',
        replace: 'return named.size === 0 ? [] : ids',
      },
    ],
  },
  {
    name: 'a-stop-is-forgotten-while-the-node-is-away',
    about:
      'A stop is not taken up at the next connection. The connection breaks while the grace of a stop passes, or the node is away when the stop is asked: the command goes on.',
    layer: 'protocol',
    edits: [
      {
        file: NODE,
        find: '    this.#closer.resume()\n    this.#stops.carryOut()\n',
        replace: '    this.#closer.resume()\n',
      },
    ],
  },
  {
    name: 'a-stop-looks-at-the-group-only',
    about:
      'After KILL nobody looks for processes that left the group. A command that moved a child into a session of its own is called stopped without survivors while that child lives.',
    layer: 'protocol',
    edits: [{ file: STOPS, find: "found = await hunt(work, 'KILL')", replace: 'found = []' }],
  },
  {
    name: 'silence-is-never-noticed',
    about:
      'A node that says nothing any more is waited for without end. The network is cut without a word: requests in flight are never answered, and nobody connects again.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/control-channel.ts',
        find: 'this.end(`no answer within ${silenceMs} ms`)',
        replace: 'this.#cancelWatch = null',
      },
    ],
  },
]
