import type { Defect } from './defect.ts'

const DEMAND = 'packages/core/src/engine/demand.ts'
const STOPPING = 'packages/core/src/decide/stopping.ts'

/** What a stop means for what a command leaves behind. */
export const STOPPING_OF_ATTEMPTS: readonly Defect[] = [
  {
    name: 'an-exit-ends-what-is-being-stopped',
    about:
      'An action that was stopped ends with its command, although a child of it ignores TERM. The next run of the job starts beside that child.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/decide/action-life.ts',
        find: 'else if (isBeingStopped(attempt)) {',
        replace: 'else if (attempt.phase !== attempt.phase) {',
      },
    ],
  },
  {
    name: 'a-stop-ends-with-the-command',
    about:
      'Nobody is asked any more to stop what has ended. A run is stopped, its command ends, the scheduler is killed within the grace of the stop: the next one leaves the child of the command alone for ever.',
    layer: 'engine',
    edits: [
      {
        file: DEMAND,
        find: 'return isBeingStopped(row) ? stopOf(row) : releaseOf(row)',
        replace: 'return releaseOf(row)',
      },
    ],
  },
  {
    name: 'survivors-count-as-stopped',
    about:
      'A stop is done as soon as it was told, also where it names survivors: the action ends while they go on.',
    layer: 'engine',
    edits: [
      {
        file: STOPPING,
        find: 'return stopped === null || (stopped.survivors !== null && stopped.survivors.length > 0)',
        replace: 'return stopped === null',
      },
    ],
  },
  {
    name: 'a-stop-of-history-is-forgotten',
    about:
      'A stop of what a finished run left running is answered as accepted and leaves memory at once: nobody asks its node.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/decide/decide.ts',
        find: 'if (attempt !== undefined && !isBeingStopped(attempt)) putAttempt',
        replace: 'if (attempt !== undefined) putAttempt',
      },
    ],
  },
  {
    name: 'what-is-being-stopped-is-no-matter-of-a-cancel',
    about:
      'A cancel of an action whose command has ended, and whose child is still being stopped, counts as done at once.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/decide/commands.ts',
        find: "return attempt.phase !== 'ended' || isBeingStopped(attempt)",
        replace: "return attempt.phase !== 'ended'",
      },
    ],
  },
]
