import {
  sampleAction,
  sampleAttempt,
  sampleJob,
  sampleJobRow,
  sampleJobView,
  sampleRun,
} from '@tron/http/testing'
import { matching, NOON, setUp } from './app-under-test.ts'

export const hourly = sampleJob('reports.hourly', {
  schedule: { kind: 'cron', value: '0 * * * *', jitterMs: 600_000, zone: 'America/New_York' },
  maxRuntimeMs: 5_400_000,
  monitoring: { team: 'data' },
  description: 'Loads what the shops sold.\nHourly.',
  owner: 'data-team@example.com',
  actions: [
    sampleAction('collect', { command: 'collect --day {shortdate}' }),
    sampleAction('publish', { requires: ['collect'], expectedRuntimeMs: 600_000 }),
  ],
  cleanup: sampleAction('cleanup', { command: 'rm -rf scratch' }),
  held: ['it asks for k8s'],
})

const node = { name: 'b1', hostname: 'b1.example', username: 'tron', port: 22 }

export const hourlyJson = {
  name: 'reports.hourly',
  status: 'running',
  all_nodes: false,
  allow_overlap: false,
  queueing: true,
  scheduler: { type: 'cron', value: '0 * * * *', jitter: ' (+/- 0:10:00)' },
  action_names: ['collect', 'publish', 'cleanup'],
  node_pool: { name: 'batch', nodes: [node] },
  last_success: '2026-01-05 12:30:00',
  next_run: '2026-01-05 08:00:00',
  url: '/jobs/reports.hourly',
  runs: null,
  max_runtime: '1:30:00',
  expected_runtime: 86_400,
  actions_expected_runtime: { collect: 86_400, publish: 600, cleanup: 86_400 },
  action_graph: [
    { name: 'collect', command: 'collect --day {shortdate}', dependencies: [] },
    { name: 'publish', command: 'run publish', dependencies: ['collect'] },
    { name: 'cleanup', command: 'rm -rf scratch', dependencies: [] },
  ],
  monitoring: { team: 'data' },
  description: 'Loads what the shops sold.\nHourly.',
  owner: 'data-team@example.com',
  held: ['it asks for k8s'],
}

export const view = sampleJobView(hourly, {
  status: 'running',
  nextRunMs: NOON + 3_600_000,
  row: sampleJobRow(hourly, { lastSuccessMs: NOON - 1_800_000 }),
})

/** Run 7, started half a minute ago; its first action is over, its second runs. */
function runningRun() {
  const run = sampleRun(hourly, 7, {
    state: 'waiting',
    row: {
      state: 'running',
      runMs: NOON,
      startedMs: NOON - 31_204,
      note: 'started late',
      cancelling: true,
      held: 'cancelled by ann',
    },
  })
  const [collect, ...rest] = run.actions
  if (collect === undefined) throw new Error('the sample has no action')
  const over = {
    ...collect,
    row: {
      ...collect.row,
      state: 'succeeded' as const,
      startedMs: NOON - 31_204,
      endedMs: NOON - 1_204,
      exitStatus: 0,
      exitStatuses: [75, null, 0],
      command: 'collect --day 2026-01-05',
      reason: 'a reason',
      note: 'a note',
    },
    rawCommand: null,
  }
  const attempt = sampleAttempt(over, {
    startedMs: NOON - 31_204,
    endedMs: NOON - 1_204,
    stdout: 8,
    leftRunning: 1,
    stopped: { atMs: NOON, signalled: ['TERM'], survivors: ['42'] },
    note: 'stop came 3 ms late',
  })
  return { ...run, actions: [{ ...over, attempts: [attempt] }, ...rest] }
}

export const collectJson = {
  id: 'reports.hourly.7.collect',
  action_name: 'collect',
  job_name: 'reports.hourly',
  run_num: '7',
  state: 'succeeded',
  start_time: '2026-01-05 12:59:28',
  end_time: '2026-01-05 12:59:58',
  duration: '0:00:30',
  exit_status: 0,
  exit_statuses: [75, null, 0],
  retries_remaining: null,
  retries_delay: null,
  in_delay: null,
  original_command: 'collect --day {shortdate}',
  raw_command: null,
  command: 'collect --day 2026-01-05',
  requirements: [],
  node,
  stdout: null,
  stderr: null,
  meta: null,
  triggered_by: '',
  trigger_downstreams: '',
  reason: 'a reason',
  note: 'a note',
  attempts: [
    {
      id: matching(/^[a-z2-7]{26}$/),
      ordinal: 0,
      node: 'b1',
      executor: 'ssh',
      phase: 'ended',
      start_time: '2026-01-05 12:59:28',
      end_time: '2026-01-05 12:59:58',
      outcome: { type: 'exited', code: 0 },
      sizes: { stdout: 8, stderr: 0 },
      output: 'complete',
      lost: 0,
      left_running: 1,
      stopped: { signalled: ['TERM'], survivors: ['42'] },
      released: true,
      note: 'stop came 3 ms late',
    },
  ],
  output: { stdout: null, stderr: null },
}

export const runJson = {
  id: 'reports.hourly.7',
  job_name: 'reports.hourly',
  run_num: 7,
  run_time: '2026-01-05 07:00:00',
  start_time: '2026-01-05 12:59:28',
  end_time: null,
  manual: false,
  state: 'running',
  node,
  duration: '0:00:31.204000',
  url: '/jobs/reports.hourly/7',
  runs: null,
  action_graph: null,
  note: 'started late',
  cancelling: true,
  held: 'cancelled by ann',
}

/** An app with the job and eight runs of it. */
export function withHourly() {
  const set = setUp()
  set.tron.setJob(view, [
    runningRun(),
    ...Array.from({ length: 7 }, (_, index) => sampleRun(hourly, 6 - index, { state: 'scheduled' })),
  ])
  return set
}
