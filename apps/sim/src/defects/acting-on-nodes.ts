import type { Defect } from './defect.ts'

const RECONCILER = 'packages/core/src/engine/reconciler.ts'
const RELEASER = 'packages/core/src/engine/releaser.ts'
const FETCHER = 'packages/core/src/engine/output-fetcher.ts'

/** Starts, revokes, stops, releases, and the way of output. */
export const ACTING_ON_NODES: readonly Defect[] = [
  {
    name: 'acts-while-the-store-fails',
    about:
      'A scheduler that cannot commit goes on asking nodes. A start is to be repeated, the store becomes unavailable: the start goes out all the same.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: '  consider(attempts: Iterable<AttemptRow>): void {\n    if (this.#stopped || !this.#options.mayAct()) return\n',
        replace: '  consider(attempts: Iterable<AttemptRow>): void {\n    if (this.#stopped) return\n',
      },
    ],
  },
  {
    name: 'an-unconfirmed-start-counts-as-refused',
    about:
      'A start that nobody answered counts as one that never left. The answer is lost on its way: the action is called never started while its command runs.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: '      for (const row of rows) this.#startUnsure(row.id)\n      return\n',
        replace: `      const refused = { result: 'refused', retry: true, code: 'UNREACHABLE', reason: messageOf(error) } as const
      this.#submit({
        kind: 'start-replies',
        replies: rows.map(({ id }) => ({ id, ...refused })),
        maybeSent: [],
      })
      return
`,
      },
    ],
  },
  {
    name: 'forgets-that-a-start-may-have-arrived',
    about:
      'Only the newest of several requests to start is believed. The answer to the first is lost, the node cannot be reached for the second: the action is called never started while its command runs.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: "this.#submit({ kind: 'start-replies', replies, maybeSent })",
        replace: "this.#submit({ kind: 'start-replies', replies, maybeSent: [] })",
      },
    ],
  },
  {
    name: 'an-unanswered-revoke-is-not-repeated',
    about:
      'A revoke is asked once. A run is cancelled while its node cannot be reached: it is cancelling for ever, also when the node is back.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: "if (reply.result === 'unreachable') this.#again(reply.id, 'revoke')",
        replace: "if (reply.result === 'unreachable') continue",
      },
    ],
  },
  {
    name: 'a-failed-stop-is-not-repeated',
    about:
      'A stop is asked once. The call to the executor fails: the command that an operator wanted stopped goes on until the next restart.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: '      if (work !== undefined) this.#again(id, work.demand)\n',
        replace: '      void work\n',
      },
    ],
  },
  {
    name: 'a-failed-release-is-not-repeated',
    about:
      'A release is asked once. The node cannot be reached at that moment: its folder stays, and the run stays in memory.',
    layer: 'engine',
    edits: [
      {
        file: RELEASER,
        find: '    for (const { id } of rows) if (!released.has(id) && !short.has(id)) this.#options.again(id)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'releases-before-the-output-is-here',
    about:
      'A node is told to empty an attempt when its output is final, not when it is here. Output of more than one tail, or a full disk at the scheduler: the log stays short for ever.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/engine/demand.ts',
        find: "(output === 'complete' || output === 'gone')",
        replace: "output !== 'open'",
      },
    ],
  },
  {
    name: 'releases-without-a-sync',
    about:
      'A node is told to empty an attempt before its log would survive a loss of power. The power fails a moment later: the output is nowhere.',
    layer: 'engine',
    edits: [
      {
        file: RELEASER,
        find: '      await this.#options.logs.sync(rows.flatMap(logKeys))\n',
        replace: '',
      },
    ],
  },
  {
    name: 'releases-without-a-look-at-the-log',
    about:
      'A record that says that output is complete is believed. The power fails after that commit and before the sync: the next start tells the node to empty what the log has lost.',
    layer: 'engine',
    edits: [
      {
        file: RELEASER,
        find: '        if (await this.#isShort(row)) short.add(row.id)\n        else whole.push(row)\n',
        replace: '        whole.push(row)\n',
      },
    ],
  },
  {
    name: 'the-tail-is-appended-at-the-end',
    about:
      'The tail that comes with the end of output is put behind what is there already. A long command was followed while it ran: its last bytes stand twice in the log.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/engine/intake.ts',
        find: 'return await logs.append(key, part.from, part.bytes)',
        replace: 'return await logs.append(key, length, part.bytes)',
      },
    ],
  },
  {
    name: 'output-goes-on-from-the-start',
    about:
      'Fetching that goes on reads from the first byte and appends it. Somebody looks at a running command twice, or a fetch breaks after its first piece: the log holds bytes that were never written there.',
    layer: 'engine',
    edits: [
      {
        file: FETCHER,
        find: 'executor.read(refOf(row), stream, offset, { signal })',
        replace: 'executor.read(refOf(row), stream, 0, { signal })',
      },
    ],
  },
  {
    name: 'output-is-fetched-once-only',
    about:
      'A fetch that failed is not tried again. The node cannot be reached when its output is wanted: the log stays short, and the attempt is not released, until the next restart.',
    layer: 'engine',
    edits: [
      {
        file: FETCHER,
        find: '    this.#laterEachTime(row.id)\n',
        replace: '',
      },
    ],
  },
]
