import type { Result } from './vectors.ts'

/** Why another thing than Tron 3.10.5 did is done here on purpose, and what it is. `docs/differences.md` says the same to users. */
export interface Difference {
  readonly reason: string
  readonly ours: Result
}

function because(
  reason: string,
  ours: Readonly<Record<string, Result>>,
): readonly (readonly [string, Difference])[] {
  return Object.entries(ours).map(([id, result]) => [id, { reason, ours: result }])
}

/** By the id of the vector. Every vector that is not here gives what it gave in Tron. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = Object.fromEntries([
  ...because(
    'Ranges of days and months may wrap round, as those of hours do; Tron accepted them and could not build the job.',
    {
      'parse-071': ['cron', '0 0 1 11-2 *', '0', 'cron 0 0 1 11-2 *', '2024-02-01T00:00:00Z'],
      'parse-072': ['cron', '0 0 1 12-1 *', '0', 'cron 0 0 1 12-1 *', '2024-12-01T00:00:00Z'],
      'parse-266': ['cron', '0 0 31-1 * *', '0', 'cron 0 0 31-1 * *', '2024-01-31T00:00:00Z'],
      'sim-031': ['cron', '0 0 30-2 * *', '0', 'cron 0 0 30-2 * *', '2024-01-30T00:00:00Z'],
    },
  ),
  ...because('0-7 is the whole week; Tron took it for Sunday alone.', {
    'parse-080': ['cron', '0 0 * * 0-7', '0', 'cron 0 0 * * 0-7', '2024-01-16T00:00:00Z'],
  }),
  ...because('The text means one thing to Tron and another to people or to other crons.', {
    'parse-117': 'refused',
    'parse-239': 'refused',
    'parse-256': 'refused',
    'parse-257': 'refused',
    'parse-258': 'refused',
  }),
  ...because('It can never match; Tron accepted it and then hung.', {
    'parse-142': 'refused',
    'parse-143': 'refused',
    'never_matching-001': 'refused',
    'never_matching-002': 'refused',
    'never_matching-003': 'refused',
    'never_matching-004': 'refused',
    'never_matching-005': 'refused',
    'never_matching-006': 'refused',
  }),
  ...because('There is no such time or day; Tron accepted it and could not build the job.', {
    'parse-205': 'refused',
    'parse-206': 'refused',
    'parse-207': 'refused',
    'parse-209': 'refused',
    'parse-213': 'refused',
    'parse-214': 'refused',
    'sim-029': 'refused',
    'sim-030': 'refused',
  }),
  ...because(
    'The documentation of Tron shows this form, or the words that its other example needs, and Tron refused it.',
    {
      'parse-169': [
        'groc',
        '1,8th,15,22nd of month 09:00',
        '0',
        'groc 1,8th,15,22nd of month 09:00',
        '2024-01-22T09:00:00Z',
      ],
      'parse-236': ['groc', 'first monday', '0', 'groc first monday', '2024-02-05T00:00:00Z'],
    },
  ),
  ...because('The interval of earlier Trons.', {
    'parse-192': ['interval', '5 seconds', '0', 'interval 5 seconds', '2024-01-15T12:00:05Z'],
    'parse-193': ['interval', '5 minutes', '0', 'interval 5 minutes', '2024-01-15T12:05:00Z'],
    'parse-194': ['interval', '12 hours', '0', 'interval 12 hours', '2024-01-16T00:00:00Z'],
  }),
  ...because(
    'A schedule of every hour runs through both of two equal hours; Tron was silent in the second.',
    {
      'next_runs-070': [
        '2024-11-03T07:00:00Z',
        '2024-11-03T08:00:00Z',
        '2024-11-03T09:00:00Z',
        '2024-11-03T10:00:00Z',
        '2024-11-03T11:00:00Z',
      ],
      'next_runs-071': [
        '2024-11-03T07:30:00Z',
        '2024-11-03T08:00:00Z',
        '2024-11-03T08:30:00Z',
        '2024-11-03T09:00:00Z',
        '2024-11-03T09:30:00Z',
        '2024-11-03T10:00:00Z',
      ],
      'next_runs-084': [
        '2024-10-26T23:40:00Z',
        '2024-10-27T00:00:00Z',
        '2024-10-27T00:20:00Z',
        '2024-10-27T00:40:00Z',
        '2024-10-27T01:00:00Z',
        '2024-10-27T01:20:00Z',
        '2024-10-27T01:40:00Z',
      ],
      'sim-037': [
        '2024-11-03T08:00:00Z',
        '2024-11-03T08:20:00Z',
        '2024-11-03T08:40:00Z',
        '2024-11-03T09:00:00Z',
        '2024-11-03T09:20:00Z',
      ],
    },
  ),
  ...because('Asked inside the second of two equal hours: the next instant is never in the past.', {
    'next_runs-107': [
      '2024-11-03T09:30:00Z',
      '2024-11-03T10:00:00Z',
      '2024-11-03T10:30:00Z',
      '2024-11-03T11:00:00Z',
    ],
    'next_runs-108': ['2024-11-03T09:31:00Z', '2024-11-03T09:32:00Z', '2024-11-03T09:33:00Z'],
    'next_runs-111': [
      '2024-04-06T15:15:00Z',
      '2024-04-06T15:30:00Z',
      '2024-04-06T15:45:00Z',
      '2024-04-06T16:00:00Z',
    ],
    'sim-036': [
      '2024-11-03T09:35:00Z',
      '2024-11-03T09:40:00Z',
      '2024-11-03T09:45:00Z',
      '2024-11-03T09:50:00Z',
      '2024-11-03T09:55:00Z',
      '2024-11-03T10:00:00Z',
      '2024-11-03T10:05:00Z',
    ],
  }),
  ...because(
    'Asked between the gap and the time that was moved out of it: it still comes, wherever one asks from.',
    {
      'next_runs-114': ['2024-03-10T10:30:00Z', '2024-03-11T09:30:00Z'],
    },
  ),
  ...because('The earlier of two equal times counts, however the zone data flag daylight saving.', {
    'tzdata_dependent-001': ['2024-10-26T00:30:00Z', '2024-10-27T00:30:00Z', '2024-10-28T01:30:00Z'],
    'tzdata_dependent-002': ['2024-03-09T01:30:00Z', '2024-03-10T01:30:00Z', '2024-03-11T02:30:00Z'],
  }),
  ...because(
    'Without a zone that of the system is meant, with its changes of the clocks; Tron counted as if there were none.',
    {
      'sim-061': ['2024-11-03T07:00:00Z', '2024-11-04T08:00:00Z', '2024-11-05T08:00:00Z'],
      'sim-062': ['2024-03-10T08:00:00Z', '2024-03-11T07:00:00Z', '2024-03-12T07:00:00Z'],
      'sim-063': ['2024-11-03T08:00:00Z', '2024-11-03T09:00:00Z', '2024-11-03T10:00:00Z'],
    },
  ),
  ...because(
    'The next slot is counted from the nominal instant, not from the jittered one, which made one slot run twice.',
    {
      'sim-039': ['2024-01-15T03:55:00Z', '2024-01-16T04:02:00Z'],
    },
  ),
])
