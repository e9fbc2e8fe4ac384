import type { Defect } from './defect.ts'

const OUTPUT = 'packages/node-protocol/src/output.ts'
const STORY = 'packages/node-protocol/src/attempt-story.ts'

/** What is told of attempts, and the bytes of their output. */
export const NODE_EVENTS_AND_OUTPUT: readonly Defect[] = [
  {
    name: 'an-acknowledgement-drops-newer-events',
    about:
      'The acknowledgement of a batch forgets all events that wait. An exit comes while the batch before it is being committed: it is never told.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/event-queue.ts',
        find: 'entries = entries.filter((entry) => entry.number > through)',
        replace: 'entries = []',
      },
    ],
  },
  {
    name: 'an-adopt-tells-nothing-twice',
    about:
      'An adopt of what was told before is not answered. Whoever asks again, because its records may lack the first answer, waits for ever.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/attempt-tracker.ts',
        find: "        if (again) track.told = 'nothing'\n",
        replace: '',
      },
    ],
  },
  {
    name: 'an-orphan-counts-as-ended',
    about:
      'A command counts as running while its supervisor does. The supervisor is killed from outside and the command goes on: its end is told while it runs.',
    layer: 'protocol',
    edits: [
      {
        file: STORY,
        find: 'return commandAlive || supervisorAlive',
        replace: 'return supervisorAlive',
      },
    ],
  },
  {
    name: 'a-reboot-is-told-as-a-kill',
    about:
      'The identity of the boot is not compared. What ran when the node was rebooted is called killed from outside, which must not be retried, instead of lost by a reboot, which may.',
    layer: 'protocol',
    edits: [
      {
        file: STORY,
        find: "  if (go.boot !== boot) return lost('reboot', startedMs, nowMs)\n",
        replace: '',
      },
    ],
  },
  {
    name: 'an-exit-counts-as-closed',
    about:
      'The record of an exit is read as if the writers had ended too. Children go on writing when the listing is read after a reconnect: output is called closed with too small a size, and the rest is lost.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/wire/listing.ts',
        find: "const closed = kind === 'C' ? { stdout: lostOut !== '0', stderr: lostErr !== '0' } : null",
        replace:
          "const closed = { stdout: kind === 'C' && lostOut !== '0', stderr: kind === 'C' && lostErr !== '0' }",
      },
    ],
  },
  {
    name: 'no-errors-means-no-output',
    about:
      'Output counts as empty when one of its streams is. A command that writes to standard output only is closed with sizes of zero, and its log is lost.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/wire/journal-line.ts',
        find: 'isEmpty: numbers[2] === 0 && numbers[3] === 0,',
        replace: 'isEmpty: numbers[2] === 0 || numbers[3] === 0,',
      },
    ],
  },
  {
    name: 'closed-states-an-older-size',
    about:
      'The final size of output is the one that was last looked at. A command wrote after that look, or was never looked at: the end of its output is lost.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/closing.ts',
        find: 'const size = sizes.get(track.id) ?? NOTHING',
        replace: 'const size = track.sizes',
      },
    ],
  },
  {
    name: 'a-piece-is-read-from-the-start',
    about:
      'A small rest of output is read from the first byte of the log. Reading goes on at an offset and gets bytes of another place.',
    layer: 'protocol',
    edits: [
      {
        file: OUTPUT,
        find: 'await readPiece(session, id, { stream, from, length })',
        replace: 'await readPiece(session, id, { stream, from: 0, length })',
      },
    ],
  },
  {
    name: 'a-broken-bulk-channel-ends-quietly',
    about:
      'A channel for large output that breaks looks like the end of the output: whoever reads believes to have all of it.',
    layer: 'protocol',
    edits: [
      {
        file: OUTPUT,
        find: 'if (left > 0 || !held.equals(end)) throw',
        replace: 'if (left === 0 && !held.equals(end)) throw',
      },
    ],
  },
  {
    name: 'places-for-bulk-output-are-not-given-back',
    about:
      'A channel for large output keeps its place when it is done. The third large log of a node is never read.',
    layer: 'protocol',
    edits: [
      {
        file: OUTPUT,
        find: '    channel?.destroy()\n    leave()\n',
        replace: '    channel?.destroy()\n    void leave\n',
      },
    ],
  },
  {
    name: 'a-journal-that-was-replaced-is-followed-on',
    about:
      'A connection whose fence had to be taken back, or whose journal is not the one of the spool any more, goes on. The spool is removed or put back under it: it hears a journal that nobody writes to, and ends are noticed half a minute late.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/node.ts',
        find: '    this.#journal.lose()\n    session.control.end(reason)\n',
        replace: '    this.#journal.lose()\n',
      },
    ],
  },
  {
    name: 'what-outlives-its-records-is-called-ended',
    about:
      'A command without records counts as gone, also while its processes are there. Its folder is removed, or one from before its start is put in its place: the run is unknown, and whoever starts it again has it twice.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/attempt-story.ts',
        find: '  if (hasOutlivedRecords(attempt)) return',
        replace: '  if (hasOutlivedRecords(attempt) && nowMs < 0) return',
      },
    ],
  },
  {
    name: 'what-vanished-is-not-told',
    about:
      'A look at the records that finds no trace of a running command forgets it without a word. Its folder is removed under a live connection: the run is running until the next restart.',
    layer: 'protocol',
    edits: [
      {
        file: 'packages/node-protocol/src/attempt-tracker.ts',
        find: 'if (again || look.open.has(attempt.id))',
        replace: 'if (again)',
      },
    ],
  },
]
