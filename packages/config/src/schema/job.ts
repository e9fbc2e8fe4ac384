import { DST_POLICIES } from '@tron/model'
import { z } from 'zod'
import { CONTAINER_SHAPE } from './container.ts'
import { namedForms, nameKeywords } from './forms.ts'
import {
  ACTION_KEYWORDS,
  ACTION_NAME,
  IDENTIFIER,
  INTERVAL,
  WITHOUT_NUL,
  whole,
  YES_OR_NO,
} from './keywords.ts'
import {
  anyMapping,
  anything,
  flag,
  identifier,
  inForms,
  interval,
  isMapping,
  key,
  listOf,
  nodeReference,
  objectOf,
  oneOf,
  text,
  timeZone,
  wholeNumber,
} from './values.ts'

const command = text.refine((value) => value.trim() !== '', { error: 'a command that is not empty' })

const envValue = z.union([z.string().meta({ pattern: WITHOUT_NUL }), z.number(), z.boolean()], {
  error: 'text, a number, true or false',
})

const publications = z
  .custom<unknown>((value) => value === null || typeof value === 'boolean' || isMapping(value), {
    error: 'true, false or a mapping',
  })
  .meta({
    type: ['boolean', 'object', 'null', 'string'],
    pattern: YES_OR_NO,
    errorMessage: 'expected true, false or a mapping',
  })

const NAME_IN_LIST =
  'The name, for one that stands in a list. In a mapping its key is the name, unless this says another.'

const NAME = 'a name of letters, digits, _ and -, starting with a letter or _'

const BOTH_KINDS = {
  command: key(
    command.meta({
      pattern: String.raw`^(?=[^]*\S)[^\u0000]*$`,
      errorMessage: 'expected a command that is not empty',
    }),
    'What is run, by the shell of the login. Names in braces are filled in: `{shortdate-1}`, `{runid}`; braces that the command needs itself are written double.',
    'load --date {shortdate-1}',
  ),
  node: key(nodeReference.optional(), 'A node or pool of its own; that of the job when left out.', 'batch2'),
  executor: key(
    oneOf(['ssh', 'mesos', 'kubernetes', 'spark'], ['mesos'])
      .optional()
      .meta({ not: { const: 'mesos' } }),
    'What runs it. `ssh`, when left out, stands for whatever the node names as its executor. Mesos is retired and refused.',
    'ssh',
  ),
  env: key(
    z
      .record(z.string(), envValue, { error: 'a mapping' })
      .optional()
      .meta({ errorMessage: 'expected a mapping of texts, numbers, true and false' }),
    'Environment variables. `TRON_JOB_NAMESPACE`, `TRON_JOB_NAME`, `TRON_RUN_NUM` and `TRON_ACTION` are always there.',
    { LEVEL: 'debug' },
  ),
  retries: key(wholeNumber(0).optional(), 'How often it is started again after a failure.', 2),
  retries_delay: key(interval.optional(), 'How long is waited before it is started again.', '5 min'),
  expected_runtime: key(
    interval.optional(),
    'How long it usually takes, for monitoring; 24 hours when left out.',
    '20 min',
  ),
  trigger_downstreams: key(
    publications.optional(),
    'What its success publishes for other jobs: true for the day of the run, or names and values, which are templates.',
    true,
  ),
  triggered_by: key(
    listOf(text.meta({ pattern: WITHOUT_NUL })).optional(),
    'What others must have published before it starts, as `NAMESPACE.JOB.ACTION.NAME.VALUE`. Templates.',
    ['MASTER.extract.load.shortdate.{shortdate}'],
  ),
  trigger_timeout: key(interval.optional(), 'How long it waits for that; 24 hours when left out.', '6 hours'),
  on_upstream_rerun: key(
    oneOf(['rerun']).optional(),
    'What happens when one of `triggered_by` publishes again.',
    'rerun',
  ),
  idempotent: key(anything.optional(), 'A note that running it twice does no harm.', true),
  ...CONTAINER_SHAPE,
}

export const actionSchema = objectOf({
  name: key(anything.optional().meta(nameKeywords(ACTION_NAME, NAME)), NAME_IN_LIST),
  ...BOTH_KINDS,
  requires: key(
    listOf(identifier.meta({ pattern: whole(ACTION_NAME) })).optional(),
    'Actions of the same job that must have succeeded before it starts.',
    ['extract'],
  ),
}).meta(ACTION_KEYWORDS)

/** The action that runs last, whatever became of the others. */
export const cleanupSchema = objectOf({
  name: key(
    anything.optional().meta(nameKeywords('cleanup', '"cleanup"')),
    'Always `cleanup`; best left out.',
  ),
  ...BOTH_KINDS,
}).meta(ACTION_KEYWORDS)

export type RawAction = z.output<typeof actionSchema>

const SCHEDULE = 'a schedule such as "cron 0 3 * * *"'

const schedule = inForms(SCHEDULE, {
  anyOf: [
    { type: 'string', pattern: String.raw`\S` },
    {
      type: 'object',
      properties: {
        type: { enum: ['cron', 'daily', 'groc daily'], description: 'Which kind `value` is.' },
        value: { type: 'string', description: 'The schedule without the word for its kind.' },
        jitter: {
          type: 'string',
          pattern: INTERVAL,
          description: 'Each run is moved by a random time of at most this, earlier or later.',
        },
      },
      required: ['type', 'value'],
      additionalProperties: false,
    },
    {
      type: 'object',
      properties: {
        start_time: { type: 'string', description: 'The time of day, `HH:MM:SS`; midnight when left out.' },
        days: { type: 'string', description: 'Letters of `MTWRFSU`; every day when left out.' },
      },
      not: { required: ['type'] },
      anyOf: [{ required: ['start_time'] }, { required: ['days'] }],
    },
  ],
})

export const jobSchema = objectOf({
  name: key(anything.optional().meta(nameKeywords(IDENTIFIER, NAME)), NAME_IN_LIST),
  node: key(
    nodeReference,
    'The node or pool that its actions run on. Each run takes one node of a pool.',
    'batch',
  ),
  schedule: key(
    schedule,
    'When it runs: `cron`, `daily`, or words such as `every monday at 09:00`; [schedules](schedules.md) tells all forms.',
    'cron 0 3 * * *',
    { type: 'daily', value: '04:00:00 MWF', jitter: '5 min' },
  ),
  time_zone: key(
    timeZone.optional(),
    'The zone that the schedule and dates in commands are read in; that of MASTER when left out.',
    'Europe/Berlin',
  ),
  dst: key(
    oneOf(DST_POLICIES).optional(),
    'What becomes of times that a change of the clocks leaves out or shows twice; `auto` when left out. See [schedules](schedules.md).',
    'skip',
  ),
  actions: key(
    inForms(
      'a mapping or list of actions',
      namedForms({ definition: 'Action', names: ACTION_NAME, isNeeded: true }),
    ),
    'What it runs, at least one. Those that nothing is required of start together.',
    { extract: { command: 'extract' }, load: { command: 'load', requires: ['extract'] } },
  ),
  cleanup_action: key(
    anything.optional().meta({ allOf: [{ $ref: '#/definitions/CleanupAction' }] }),
    'Runs last, whatever became of the others; `{cleanup_job_status}` tells it.',
    { command: 'rm -rf /tmp/{runid}' },
  ),
  description: key(text.optional(), 'What it is for, for people.', 'Loads what the shops sold.'),
  owner: key(text.optional(), 'Whom to ask about it.', 'data-team@example.com'),
  enabled: key(flag.default(true), 'Whether its schedule is followed.', false),
  queueing: key(
    flag.default(true),
    'What becomes of a run that is due while another is active: it waits, or with false it is left out.',
    false,
  ),
  allow_overlap: key(flag.default(false), 'Whether runs may be active together.', true),
  run_limit: key(wholeNumber(1).default(50), 'How many runs are kept.', 100),
  all_nodes: key(flag.default(false), 'Whether each node of the pool gets a run of its own.', true),
  max_runtime: key(interval.optional(), 'How long a run may take before it is stopped.', '6 hours'),
  expected_runtime: key(
    interval.prefault('24 hours'),
    'How long a run usually takes, for monitoring.',
    '2 hours',
  ),
  monitoring: key(anyMapping.default({}), 'Anything, handed to monitoring as it is.', { team: 'data' }),
  use_k8s: key(flag.default(false), 'Accepted for Tron 3: the actions say which executor runs them.', true),
  namespace: key(
    anything.optional(),
    'Accepted for Tron 3: the file says which namespace it is in.',
    'MASTER',
  ),
})

export type RawJob = z.output<typeof jobSchema>
