import type { Defect } from './defect.ts'

const PLAN = 'packages/core/src/decide/plan.ts'
const SLOTS = 'packages/core/src/decide/slots.ts'
const RUN_LIFE = 'packages/core/src/decide/run-life.ts'
const DST_RULE = 'packages/schedule/src/instants/dst-rule.ts'

/** Every instant of a schedule is accounted for, once. */
export const SLOTS_AND_SCHEDULES: readonly Defect[] = [
  {
    name: 'a-restart-plans-a-slot-again',
    about:
      'Passing over missed slots moves a job back behind the slot that it has planned already. After a restart the planned run fires, and the same slot is planned and run once more.',
    layer: 'engine',
    edits: [
      {
        file: PLAN,
        find: 'if (newest === null || newest >= untilMs) return',
        replace: 'if (newest === null) return',
      },
    ],
  },
  {
    name: 'a-distant-slot-is-planned-twice',
    about:
      'A job whose newest slot lies more than an hour ahead is planned from the clock, as if that had been wrong. An operator starts the run of a slot two hours early, or the clock is set back by two hours: the slot is planned again.',
    layer: 'engine',
    edits: [
      {
        file: PLAN,
        find: '  const instant = context.schedule(spec).next(job.lastSlotMs ?? context.nowMs)\n',
        replace:
          '  const last = job.lastSlotMs ?? context.nowMs\n  const instant = context.schedule(spec).next(last - context.nowMs > 3_600_000 ? context.nowMs : last)\n',
      },
    ],
  },
  {
    name: 'missed-slots-leave-no-row',
    about:
      'Slots that passed while nobody worked are skipped without a row of the ledger. The scheduler is down for an hour: nothing tells that the slots of that hour did not run.',
    layer: 'engine',
    edits: [
      {
        file: PLAN,
        find: '  close()\n  // What comes now',
        replace: '  // What comes now',
      },
    ],
  },
  {
    name: 'a-missed-stretch-is-one-short',
    about: 'A row of missed slots counts one too few: of three that were missed, two are stated.',
    layer: 'engine',
    edits: [
      {
        file: PLAN,
        find: '{ fromMs: atMs, toMs: atMs, count: 1 }',
        replace: '{ fromMs: atMs, toMs: atMs, count: 0 }',
      },
    ],
  },
  {
    name: 'held-slots-are-not-counted',
    about:
      'The row of held slots keeps the count of its first. A job is held over three slots by its configuration or by a take-over, and the ledger states one.',
    layer: 'engine',
    edits: [
      {
        file: SLOTS,
        find: 'const count = (open?.count ?? 0) + 1',
        replace: 'const count = open?.count ?? 1',
      },
    ],
  },
  {
    name: 'a-held-row-spans-a-skipped-slot',
    about:
      'A row of held slots goes on over a slot with another outcome. Of a held job one slot is held, the run of the next one is cancelled by an operator, the third is held: the second slot stands in two rows.',
    layer: 'engine',
    edits: [
      {
        file: SLOTS,
        find: "draft.put({ table: 'jobs', row: { ...job, lastSlotMs, openSlot: null } })",
        replace:
          "draft.put({\n      table: 'jobs',\n      row: { ...job, lastSlotMs, openSlot: run.phase === 'pending' ? job.openSlot : null },\n    })",
      },
    ],
  },
  {
    name: 'a-skipped-slot-leaves-no-row',
    about:
      'A slot that is skipped because the run before it has not ended is not written to the ledger. A job without overlap and without queueing runs longer than its interval.',
    layer: 'engine',
    edits: [
      {
        file: RUN_LIFE,
        find: "    recordSlot(draft, run, { outcome: 'skipped', reason: 'the run before it had not ended' })\n",
        replace: '',
      },
    ],
  },
  {
    name: 'a-starting-run-is-no-overlap',
    about:
      'A run whose command has yet to be confirmed does not count as active. A node is slow or away while a run of a job without overlap is being started; the next slot comes and its run starts beside it.',
    layer: 'engine',
    edits: [
      {
        file: RUN_LIFE,
        find: "draft.view.runs.by('jobPhase', `${run.job} open`).length > 0",
        replace:
          "draft.view.runs.by('jobPhase', `${run.job} open`).some(({ state }) => state !== 'starting')",
      },
    ],
  },
  {
    name: 'the-queue-moves-after-success-only',
    about:
      'A queued run starts only when the one before it succeeded. A run waits in the queue, the one before it fails: the queued run waits for ever, and no later slot is planned.',
    layer: 'engine',
    edits: [
      {
        file: RUN_LIFE,
        find: 'if (queued !== undefined) fireRun(draft, context, queued)',
        replace: "if (queued !== undefined && state === 'succeeded') fireRun(draft, context, queued)",
      },
    ],
  },
  {
    name: 'a-time-that-the-clocks-skip-is-dropped',
    about:
      'A time on the wall that does not exist has no instant. A job at 02:30 has no slot in the night in which the clocks are put forward.',
    layer: 'engine',
    edits: [
      {
        file: DST_RULE,
        find: "case 'shift':\n      return { first: true, second: everyHour, moved: true }",
        replace: "case 'shift':\n      return { first: true, second: everyHour, moved: false }",
      },
    ],
  },
  {
    name: 'a-fixed-hour-comes-twice',
    about:
      'A fixed hour that comes twice is run twice. A job at 02:30 runs two times in the night in which the clocks are put back.',
    layer: 'engine',
    edits: [
      {
        file: DST_RULE,
        find: "case 'shift':\n      return { first: true, second: everyHour, moved: true }",
        replace: "case 'shift':\n      return { first: true, second: true, moved: true }",
      },
    ],
  },
  {
    name: 'two-zones-share-a-schedule',
    about:
      'Compiled schedules are kept by their text without the zone. Two jobs run at 03:00 in two zones, or a configuration moves one to another zone: both run by the zone that was met first.',
    layer: 'engine',
    edits: [
      {
        file: 'packages/core/src/engine/specs.ts',
        find: 'schedule.value, schedule.zone, ',
        replace: 'schedule.value, ',
      },
    ],
  },
]
