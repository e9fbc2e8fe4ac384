import {
  sampleAction,
  sampleAttempt,
  sampleJob,
  sampleJobRow,
  sampleJobView,
  sampleRun,
} from '@tron/http/testing'
import { describe, expect, it } from 'vitest'
import { NOON, setUp } from './cli-under-test.ts'

const hourly = sampleJob('reports.hourly', {
  maxRuntimeMs: 5_400_000,
  actions: [
    sampleAction('collect', { command: 'collect {shortdate}' }),
    sampleAction('publish', { requires: ['collect'] }),
  ],
})
const weekly = sampleJob('MASTER.weekly', {
  enabled: false,
  schedule: { kind: 'groc', value: '1st monday of month at 3:00', jitterMs: 0, zone: 'UTC' },
  held: ['groc schedules are not done yet'],
})

const nextRun = sampleRun(hourly, 42, { state: 'scheduled', row: { runMs: NOON + 3_600_000 } })

function lastRun() {
  const run = sampleRun(hourly, 41, {
    state: 'waiting',
    row: {
      state: 'running',
      runMs: NOON,
      startedMs: NOON - 161_400,
      manual: true,
      note: 'started late',
      cancelling: true,
    },
  })
  const [collect, ...rest] = run.actions
  if (collect === undefined) throw new Error('the sample has no action')
  const over = {
    ...collect,
    row: {
      ...collect.row,
      state: 'failed' as const,
      startedMs: NOON - 161_400,
      endedMs: NOON - 400,
      exitStatus: -2,
      exitStatuses: [75, -2],
      command: 'collect 2026-01-05',
      reason: 'b1 cannot be reached',
    },
  }
  return { ...run, actions: [{ ...over, attempts: [sampleAttempt(over, { lost: 12 })] }, ...rest] }
}

async function withReports() {
  const set = await setUp({ configs: { MASTER: 'jobs: {}\n', reports: 'jobs: {}\n' } })
  set.tron.setJob(sampleJobView(hourly, { row: sampleJobRow(hourly, { lastSuccessMs: NOON - 3_600_000 }) }), [
    nextRun,
    lastRun(),
  ])
  set.tron.setJob(sampleJobView(weekly))
  return set
}

function pad(...cells: readonly (readonly [string, number])[]): string {
  return cells.map(([text, width]) => text.padEnd(width)).join('')
}

describe('tronview', () => {
  it('lists all jobs by name, and says which are held', async () => {
    const { at } = await withReports()
    expect(await at('tronview', [])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        '',
        'Jobs:',
        pad(['Name', 50], ['State', 10], ['Scheduler', 20], ['Last Success', 22]),
        pad(['MASTER.weekly', 50], ['disabled', 10], ['groc 1st monday ...', 20], ['None', 22]),
        pad(['reports.hourly', 50], ['enabled', 10], ['cron 0 * * * *', 20], ['2026-01-05 11:00:00', 22]),
        '',
        'Held (nothing of these starts):',
        'MASTER.weekly: groc schedules are not done yet',
        '',
      ].join('\n'),
    })
  })

  it('shows a job and its newest runs', async () => {
    const { at } = await withReports()
    expect(await at('tronview', ['hourly'])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'Job                 : reports.hourly',
        'State               : enabled',
        'Scheduler           : cron 0 * * * *',
        'Max runtime         : 1:30:00',
        'Node Pool           : batch (1 node(s))',
        'Run on all nodes    : False',
        'Allow overlapping   : False',
        'Queue overlapping   : True',
        '',
        'List of Actions:',
        'collect',
        'publish',
        '',
        'Job runs:',
        pad(['Run ID', 10], ['State', 12], ['Node', 30], ['Scheduled Time', 25]),
        pad(['.42', 10], ['scheduled', 12], ['tron@b1.example', 30], ['2026-01-05 13:00:00', 25]),
        '          Start: -  End: -  (-)',
        pad(['.41', 10], ['running', 12], ['tron@b1.example', 30], ['2026-01-05 12:00:00', 25]),
        '          Start: 2026-01-05 11:57:18  End: -  (0:02:41)',
        '',
      ].join('\n'),
    })
  })

  it('shows what a job is for and whom to ask, whatever stands there', async () => {
    const { at, tron } = await withReports()
    const description = 'Loads what the shops sold.\nThen \u001b[31mtells them.\n'
    tron.setJob(sampleJobView(sampleJob('reports.weekly', { description, owner: 'data-team@example.com' })))
    const { stdout } = await at('tronview', ['reports.weekly'])
    expect(stdout).toContain(
      [
        'Queue overlapping   : True',
        'Description         : Loads what the shops sold.',
        '                      Then \u241b[31mtells them.',
        'Owner               : data-team@example.com',
        '',
      ].join('\n'),
    )
  })

  it('shows a run and its actions in the order of their starts', async () => {
    const { at } = await withReports()
    expect(await at('tronview', ['reports.hourly.-2'])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'Job Run             : reports.hourly.41',
        'State               : running (cancelling)',
        'Node                : tron@b1.example',
        'Scheduled time      : 2026-01-05 12:00:00',
        'Start time          : 2026-01-05 11:57:18',
        'End time            : -',
        'Manual run          : True',
        'Note                : started late',
        '',
        'Actions:',
        pad(['Action', 40], ['State', 12], ['Start Time', 22], ['End Time', 22], ['Duration', 10]),
        pad(
          ['.collect', 40],
          ['failed', 12],
          ['2026-01-05 11:57:18', 22],
          ['2026-01-05 11:59:59', 22],
          ['0:02:41', 10],
        ),
        pad(['.publish', 40], ['waiting', 12], ['-', 22], ['-', 22], ['-', 10]),
        '',
      ].join('\n'),
    })
  })

  it('shows an action with its output, and says what is missing of it', async () => {
    const { at, tron } = await withReports()
    tron.setOutput('reports.hourly.41.collect', 'stdout', {
      lines: ['first', 'héllo 日本語 🚀', '\ttail'],
      bytes: 30,
      complete: false,
      reason: 'its node cannot be reached',
    })
    expect(await at('tronview', ['reports.hourly.41.collect', '-n', '2'])).toEqual({
      code: 0,
      stderr: '',
      stdout: [
        'Action Run          : reports.hourly.41.collect',
        'State               : failed',
        'Reason              : b1 cannot be reached',
        'Node                : tron@b1.example',
        'Last run command    : collect 2026-01-05',
        'Original raw command: collect {shortdate}',
        'Config command      : collect {shortdate}',
        'Start time          : 2026-01-05 11:57:18',
        'End time            : 2026-01-05 11:59:59',
        'Final exit status   : Node error',
        'Exit statuses       : 75, Node error',
        'Waits for triggers  : ',
        'Publishes triggers  : ',
        'Output lost         : the node could not write all of it',
        '',
        'Requirements:',
        '',
        'Stdout:',
        'héllo 日本語 🚀',
        '\ttail',
        '(not complete: its node cannot be reached)',
        '',
        'Stderr:',
        '',
      ].join('\n'),
    })
  })

  it('gives one stream alone with -o and -e, for whoever reads on', async () => {
    const { at, tron } = await withReports()
    const id = 'reports.hourly.41.collect'
    tron.setOutput(id, 'stdout', { lines: ['out'], bytes: 4, complete: true, reason: null })
    tron.setOutput(id, 'stderr', { lines: ['err'], bytes: 9, complete: false, reason: null })
    expect([
      await at('tronview', [id, '-o']),
      await at('tronview', [id, '--stderr']),
      await at('tronview', [id, '-oe']),
    ]).toEqual([
      { code: 0, stdout: 'out\n', stderr: '' },
      { code: 0, stdout: 'err\n', stderr: 'stderr: not complete\n' },
      { code: 0, stdout: 'out\nerr\n', stderr: 'stderr: not complete\n' },
    ])
  })

  it('prints what the API says with --json', async () => {
    const { at, server } = await withReports()
    const cases = [
      [[], '/api/jobs'],
      [['hourly', '-n', '1'], '/api/jobs/reports.hourly?num_runs=1'],
      [['hourly.HEAD'], '/api/jobs/reports.hourly/HEAD?include_action_runs=1'],
      [['hourly.HEAD.collect', '-e'], '/api/jobs/reports.hourly/HEAD/collect?include_stderr=1&num_lines=10'],
    ] as const
    for (const [args, path] of cases) {
      const { code, stdout } = await at('tronview', [...args, '--json'])
      const said: unknown = JSON.parse(stdout)
      expect([code, said]).toEqual([0, await (await fetch(server + path)).json()])
    }
  })

  it('is `tron view` too', async () => {
    const { at } = await withReports()
    expect(await at('tron', ['view'])).toEqual(await at('tronview', []))
  })

  it('suggests jobs with a name like that', async () => {
    const { at } = await withReports()
    expect(await at('tronview', ['hurly'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: Unknown job identifier: hurly\nDid you mean: reports.hourly?\n',
    })
  })

  it('tells the server’s errors', async () => {
    const { at } = await withReports()
    expect(await at('tronview', ['hourly.99'])).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Error: reports.hourly has no run and no action 99\nList what exists with tronview.\n',
    })
  })

  it.each([
    [['-n', 'ten'], '-n takes a whole number of at least 0\n\nSee tronview --help.\n'],
    [['--colour'], 'Unknown argument: colour\n\nSee tronview --help.\n'],
    [['a', 'b'], 'Unknown argument: b\n\nSee tronview --help.\n'],
  ])('is used wrong with %j', async (args, stderr) => {
    const { run } = await setUp()
    expect(await run('tronview', args)).toEqual({ code: 2, stdout: '', stderr })
  })
})
