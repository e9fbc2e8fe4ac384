import type { Defect } from './defect.ts'

const COMMANDS = 'packages/core/src/decide/commands.ts'
const CONFIGURE = 'packages/core/src/decide/configure.ts'
const RUN_LIFE = 'packages/core/src/decide/run-life.ts'
const ENGINE = 'packages/core/src/engine/engine.ts'

/** Jobs that change, are disabled and come back; runs that must not go on. */
export const JOBS_AND_CONFIGURATION: readonly Defect[] = [
  {
    name: 'a-changed-schedule-is-not-replanned',
    about:
      'A new configuration leaves the planned run of a job as it was. A job is moved from 03:00 to 04:00, and still runs at 03:00 with the command of the old configuration.',
    layer: 'engine',
    edits: [
      {
        file: CONFIGURE,
        find: '  if (pending !== undefined) replan(draft, context, { ...changed, run: pending })\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a-withdrawn-slot-leaves-no-row',
    about:
      'A slot that was planned and that a new configuration takes back is not written to the ledger, so nobody can tell who withdrew it.',
    layer: 'engine',
    edits: [
      {
        file: CONFIGURE,
        find: "    recordSlot(draft, run, { outcome: 'withdrawn', reason })\n",
        replace: '    void reason\n',
      },
    ],
  },
  {
    name: 'a-disabled-job-keeps-its-plan',
    about: 'A job that is disabled keeps its planned run, which starts at its instant all the same.',
    layer: 'engine',
    edits: [
      {
        file: COMMANDS,
        find: 'const waiting = [pendingRun(draft.view, job.id), oldestQueued(draft.view, job.id)]',
        replace: 'const waiting = [oldestQueued(draft.view, job.id)]',
      },
    ],
  },
  {
    name: 'a-disabled-job-starts-its-queue',
    about:
      'A job that is disabled keeps its queued run. A run waits for the one before it, the job is disabled, that one ends, and the queued run starts.',
    layer: 'engine',
    edits: [
      {
        file: COMMANDS,
        find: 'const waiting = [pendingRun(draft.view, job.id), oldestQueued(draft.view, job.id)]',
        replace: 'const waiting = [pendingRun(draft.view, job.id)]',
      },
    ],
  },
  {
    name: 'an-enabled-job-catches-up',
    about:
      'A job that is enabled again runs all the slots that passed while it was disabled, one after the other, instead of stating them as disabled.',
    layer: 'engine',
    edits: [
      {
        file: COMMANDS,
        find: '    passDisabled(draft, context, job)\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a-readded-job-catches-up',
    about:
      'A job that comes back into the configuration runs all the slots that passed since it was removed.',
    layer: 'engine',
    edits: [
      {
        file: CONFIGURE,
        find: 'lastSlotMs: Math.max(job.lastSlotMs ?? 0, context.nowMs),',
        replace: 'lastSlotMs: job.lastSlotMs,',
      },
    ],
  },
  {
    name: 'a-cancelled-plan-ends-the-job',
    about:
      'The cancel of a planned run plans no other. An operator cancels the run of tomorrow, and the job never runs again.',
    layer: 'engine',
    edits: [
      {
        file: COMMANDS,
        find: "    recordSlot(draft, run, { outcome: 'skipped', reason })\n    planNext(draft, context, run.job)\n",
        replace: "    recordSlot(draft, run, { outcome: 'skipped', reason })\n",
      },
    ],
  },
  {
    name: 'a-stopped-run-goes-on',
    about:
      'What requires an action is started in a run that was stopped. The stop comes as the command exits with 0: the next action of the stopped run starts.',
    layer: 'engine',
    edits: [
      {
        file: RUN_LIFE,
        find: '  if (run.cancelling || run.held !== null) return\n',
        replace: '',
      },
    ],
  },
  {
    name: 'a-failed-requirement-is-enough',
    about: 'An action starts when what it requires has ended, however it ended: it runs after a failure.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/decide/run-state.ts',
        find: 'return required === undefined || isComplete(required.state)',
        replace: 'return required === undefined || isEnded(required.state)',
      },
    ],
  },
  {
    name: 'new-nodes-are-not-followed',
    about:
      'A new configuration does not tell the executors its nodes. A job is moved to a node that was not there before: its command runs, nobody hears of it, and the run is starting until the next restart.',
    layer: 'engine',
    edits: [
      {
        file: ENGINE,
        find: "  if (input.kind === 'configure') return true\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a-removed-node-is-not-followed',
    about:
      'Only nodes of the configuration are followed. A node is removed from it while a command runs there: the run is running until the next restart.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/engine/targets.ts',
        find: '.filter(({ target }) => target.executor === executor)',
        replace: '.filter(({ target, draining }) => target.executor === executor && !draining)',
      },
    ],
  },
]
