import type { Defect } from './defect.ts'

const ANSWERS = 'packages/core/src/decide/answers.ts'
const DECIDE = 'packages/core/src/decide/decide.ts'
const EVENTS = 'packages/core/src/decide/attempt-events.ts'
const RUN_LIFE = 'packages/core/src/decide/run-life.ts'
const LAST_SUCCESS = 'packages/core/src/decide/last-success.ts'
const HOUSEKEEPER = 'packages/core/src/engine/housekeeper.ts'
const AUDIT = '  draft.append(auditOf(asked, reply))\n'

/** Requests that are repeated, what memory may hold, what is pruned. */
export const RECORDS_AND_MEMORY: readonly Defect[] = [
  {
    name: 'a-repeated-request-starts-again',
    about:
      'A request that was answered has its effect once more. A client asks again after a time-out with the same request id: a second run is created.',
    layer: 'engine',
    edits: [
      {
        file: ANSWERS,
        find: '  if (answered !== undefined) return answerAgain(answered, asked.words)\n',
        replace: '',
      },
      { file: ANSWERS, find: AUDIT, replace: `  if (answered === undefined)${AUDIT.slice(1)}` },
    ],
  },
  {
    name: 'a-request-is-forgotten-at-a-restart',
    about:
      'Only memory is asked whether a request was answered, and the store takes a second answer. The same request comes before and after a restart: a second run is created.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/facade.ts',
        find: '  return found === undefined ? null : answerAgain(found, words)\n',
        replace: '  return void found ?? null\n',
      },
      {
        file: 'packages/store/src/memory-database.ts',
        find: '        throw duplicateKey(append.table, append.row.request)\n',
        replace: '        continue\n',
      },
    ],
  },
  {
    name: 'audits-only-what-was-done',
    about:
      'A command that was refused leaves no audit row. It is repeated with the same request id after the state has changed, and is done although its first answer was a refusal.',
    layer: 'engine',
    edits: [{ file: ANSWERS, find: AUDIT, replace: `  if (reply.outcome === 'done')${AUDIT.slice(1)}` }],
  },
  {
    name: 'commands-on-history-do-not-wait-for-each-other',
    about:
      'Two people give verdicts on actions of a run that is history at the same moment. Both read its rows, and the second puts back what the first had changed.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/engine/engine.ts',
        find: 'return this.#turns.take([...keys], async () => {',
        replace: 'return this.#turns.take([], async () => {',
      },
    ],
  },
  {
    name: 'a-look-at-history-stays-in-memory',
    about:
      'A command on a run that is history leaves that run in memory for ever, also when it was refused: memory grows with the commands.',
    layer: 'engine',
    edits: [
      {
        file: DECIDE,
        find: '    for (const row of history) leaveAgain(draft, row)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'ended-runs-stay-in-memory',
    about: 'A run does not leave memory when its last attempt is released: memory grows with history.',
    layer: 'engine',
    edits: [
      {
        file: EVENTS,
        find: 'live: isBeingStopped(attempt) })\n  leaveMemory(draft, attempt.run)\n',
        replace: 'live: isBeingStopped(attempt) })\n',
      },
    ],
  },
  {
    name: 'a-refused-start-keeps-its-run-in-memory',
    about:
      'A run whose last attempt was refused stays in memory for ever. An operator gives a verdict on an action that is being started, so the run ends; then the start is refused because the node cannot be reached.',
    layer: 'engine',
    edits: [
      {
        file: EVENTS,
        find: '    advanceRun(draft, context, run)\n    leaveMemory(draft, run)\n',
        replace: '    advanceRun(draft, context, run)\n',
      },
    ],
  },
  {
    name: 'ended-runs-leave-memory-too-early',
    about:
      'A run leaves memory while an attempt of it is not released. It is pruned before its output was given back; and the exit of a command whose action got a verdict finds no action to be noted on.',
    layer: 'engine',
    edits: [
      {
        file: RUN_LIFE,
        find: "  if (draft.view.attempts.by('run', id).some((attempt) => attempt.live)) return\n",
        replace: '',
      },
    ],
  },
  {
    name: 'one-run-too-few-is-kept',
    about: 'A run is pruned one too early: of `run_limit` runs that an operator wants kept, one is missing.',
    layer: 'engine',
    edits: [{ file: HOUSEKEEPER, find: '.slice(kept)', replace: '.slice(kept - 1)' }],
  },
  {
    name: 'whatever-succeeds-last-is-the-last-success',
    about:
      'A job names the run that ended last. An older run is called a success: its date is what the next commands are given.',
    layer: 'engine',
    edits: [{ file: LAST_SUCCESS, find: 'named === null || run.number >= named', replace: 'true' }],
  },
  {
    name: 'a-last-success-outlives-its-run',
    about: 'A run that is removed stays the last success of its job.',
    layer: 'engine',
    edits: [{ file: DECIDE, find: '  noteTrashed(draft, row)\n', replace: '' }],
  },
  {
    name: 'trash-is-forgotten-before-it-is-gone',
    about:
      'The rows of an old run and the note of it are removed before its output. The process is killed in between: the output stays on the disk for ever.',
    layer: 'engine',
    edits: [
      {
        file: HOUSEKEEPER,
        find: '    await logs.remove({ namespace, job, run: row.number })\n',
        replace: '',
      },
      {
        file: HOUSEKEEPER,
        find: "    await this.#options.submit({ kind: 'trashed', runs: [row.key] })\n",
        replace:
          "    await this.#options.submit({ kind: 'trashed', runs: [row.key] })\n    await logs.remove({ namespace, job, run: row.number })\n",
      },
    ],
  },
]
