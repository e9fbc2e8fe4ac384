import type { Defect } from './defect.ts'

const LOOP = 'packages/core/src/engine/loop.ts'
const ENGINE = 'packages/core/src/engine/engine.ts'
const RECONCILER = 'packages/core/src/engine/reconciler.ts'
const VERDICT_OF_STORE = "return (await store.lastSeq(lease)) > this.#seq ? 'ours' : 'retry'"

/** The order of decide, commit, apply, act; and what a start must take up. */
export const COMMITS_AND_RESTARTS: readonly Defect[] = [
  {
    name: 'acts-before-the-commit',
    about:
      'What was decided is acted upon before it is committed. The store is full when an operator starts a job: the answer is that nothing happened, and the command runs.',
    layer: 'engine',
    edits: [
      {
        file: LOOP,
        find: '      const verdict = await this.#commitOnce({ seq: this.#seq + 1, atMs, changes, cursors })\n',
        replace:
          '      const early = { seq: this.#seq + 1, atMs, changes, inputs: entries.map(({ input }) => input) }\n      this.#options.committed(early)\n      const verdict = await this.#commitOnce({ seq: this.#seq + 1, atMs, changes, cursors })\n',
      },
    ],
  },
  {
    name: 'answers-before-the-commit',
    about:
      'A command is answered when it was decided. The commit then fails, or the process is killed: the operator was told "done", and nothing of it is in the records.',
    layer: 'engine',
    edits: [
      {
        file: LOOP,
        find: '        decided.replies.set(entry, reply)\n',
        replace:
          '        decided.replies.set(entry, reply)\n        if (reply !== null) entry.resolve(reply)\n',
      },
    ],
  },
  {
    name: 'applies-what-was-not-committed',
    about:
      'Memory takes changes over that the store did not take. The store fails for one commit: a run that its operator was told not to be there is shown, and what is decided next rests on it.',
    layer: 'engine',
    edits: [
      {
        file: LOOP,
        find: "if (verdict !== 'ours') return this.#failed(verdict, entries)",
        replace:
          "if (verdict === 'retry') this.#options.tables.apply(changes)\n      if (verdict !== 'ours') return this.#failed(verdict, entries)",
      },
    ],
  },
  {
    name: 'an-ambiguous-commit-counts-as-failed',
    about:
      "A commit of which the store could not say whether it was done is done again. It had been: the second one is refused as somebody else's, and the scheduler stops working.",
    layer: 'engine',
    edits: [{ file: LOOP, find: VERDICT_OF_STORE, replace: "return 'retry'" }],
  },
  {
    name: 'an-ambiguous-commit-counts-as-done',
    about:
      'A commit of which the store could not say whether it was done counts as done. It had not been: memory and store differ, commands that were answered are lost, and the next commit is refused.',
    layer: 'engine',
    edits: [
      {
        file: LOOP,
        find: VERDICT_OF_STORE,
        replace: VERDICT_OF_STORE.replace('> this.#seq', '>= this.#seq'),
      },
    ],
  },
  {
    name: 'a-fenced-commit-is-ignored',
    about:
      'A scheduler that the store refuses because another one holds it goes on as if it had committed. Two share a store, the lease moves: the first answers commands "done" that no record knows.',
    layer: 'engine',
    edits: [
      {
        file: LOOP,
        find: "      health.fenced(`the store refused a commit: ${result.error.message}`)\n      return 'fenced'\n",
        replace:
          "      log.warn('the store refused a commit', { error: result.error.message })\n      return 'ours'\n",
      },
    ],
  },
  {
    name: 'inputs-are-dropped-when-the-store-fails',
    about:
      'What waits for a store that fails is let go. The store is unavailable at the instant of a slot: its run is taken off the heap of what is due, and never starts.',
    layer: 'engine',
    edits: [{ file: LOOP, find: 'else left.push(entry)', replace: 'else entry.resolve(null)' }],
  },
  {
    name: 'a-restart-forgets-the-planned-runs',
    about:
      'A start does not note when the runs that are planned already are due: after a restart no job that has a planned run starts any more.',
    layer: 'engine',
    edits: [
      {
        file: ENGINE,
        find: '    for (const run of this.#parts.state.tables.view.runs.all()) this.#ticker.note(run)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a-restart-does-not-adopt',
    about:
      'A start trusts the journals alone and does not ask the nodes for what ran. A node loses its disk, or is put back to an older one, while the scheduler is down: the run is running for ever.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: '    this.#adoptRows(rows.filter(isThere))\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a-node-that-is-back-is-not-asked',
    about:
      'A node that was away is not asked for what ran there. It comes back with an empty disk, or an older one, while the scheduler works: the run is running until the next restart.',
    layer: 'engine',
    edits: [
      {
        file: ENGINE,
        find: "    if (event.state === 'reachable' && before !== undefined) this.#reconciler.adoptAll(event.target)\n",
        replace: '    void before\n',
      },
    ],
  },
  {
    name: 'a-restart-forgets-the-stops',
    about:
      'A start does not look at what runs. A stop is committed, the process is killed before it is sent: the next one never sends it, and the command goes on.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: '    this.#works.clear()\n    this.consider(rows)\n',
        replace:
          "    this.#works.clear()\n    this.consider(rows.filter((row) => row.phase !== 'running'))\n",
      },
    ],
  },
  {
    name: 'a-restart-forgets-what-was-sent',
    about:
      'After a restart a start counts as not sent. The process is killed between a start and its answer, and the node cannot be reached afterwards: the action is called never started while its command runs.',
    layer: 'engine',
    edits: [
      {
        file: RECONCILER,
        find: '    for (const row of rows) this.#maybeSent.add(row.id)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a-nearer-instant-does-not-rearm',
    about:
      'A timer that is armed is not moved to a run that is due sooner: such a run starts up to half a minute late, without any fault. Two jobs, the nearer one planned after the other.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/engine/ticker.ts',
        find: 'if (cancel !== null && at >= armedFor) return',
        replace: 'if (cancel !== null) return',
      },
    ],
  },
]
