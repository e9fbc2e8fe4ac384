import { sampleAction, sampleJob, sampleJobRow, sampleJobView, sampleRun } from '@tron/http/testing'
import { describe, expect, it } from 'vitest'
import { setUp } from './cli-under-test.ts'

const nightly = sampleJob('MASTER.nightly', { actions: [sampleAction('extract'), sampleAction('load')] })
const other = sampleJob('reports.other')

async function withNightly() {
  const set = await setUp({ configs: { MASTER: 'jobs: {}\n', reports: 'jobs: {}\n' } })
  set.tron.setJob(sampleJobView(nightly, { row: sampleJobRow(nightly, { nextNumber: 9 }) }), [
    sampleRun(nightly, 8, { state: 'running' }),
    sampleRun(nightly, 7, { state: 'succeeded' }),
  ])
  set.tron.setJob(sampleJobView(other))
  return set
}

describe('tronctl', () => {
  it('starts a job for a date, and says what was created', async () => {
    const { at, tron } = await withNightly()
    expect(await at('tronctl', ['start', 'nightly', '--run-date', '2026-03-04T05:06'])).toEqual({
      code: 0,
      stdout: 'Created JobRun:MASTER.nightly.9\n',
      stderr: '',
    })
    expect(tron.commands.map(({ actor, source, subject }) => ({ actor, source, subject }))).toEqual([
      {
        actor: 'ann',
        source: 'cli',
        subject: {
          kind: 'job',
          job: 'MASTER.nightly',
          verb: 'start',
          runMs: Date.UTC(2026, 2, 4, 5, 6),
        },
      },
    ])
  })

  it('takes its options before the command too', async () => {
    const { run, server, tron } = await withNightly()
    await run('tronctl', ['--server', server, 'enable', 'other', '-v'])
    expect(tron.commands.map(({ subject }) => subject)).toEqual([
      { kind: 'job', job: 'reports.other', verb: 'enable' },
    ])
  })

  it.each([
    ['cancel', 'nightly.HEAD', 'JobRun:MASTER.nightly.8 now in state cancelled'],
    ['skip', 'nightly.8.load', 'ActionRun: MASTER.nightly.8.load now in state skipped'],
    ['kill', 'nightly.8.load', 'Attempting to kill ActionRun: MASTER.nightly.8.load'],
  ])('%s %s', async (word, id, text) => {
    const { at } = await withNightly()
    expect(await at('tronctl', [word, id])).toEqual({ code: 0, stdout: `${text}\n`, stderr: '' })
  })

  it('warns that the configuration may enable what was disabled', async () => {
    const { at } = await withNightly()
    expect(await at('tronctl', ['disable', 'nightly'])).toEqual({
      code: 0,
      stdout: 'Job:MASTER.nightly is disabled\n',
      stderr: 'Warning: a change of "enabled" in the configuration may enable it again.\n',
    })
  })

  it('goes through ids in order and ends with the first that fails', async () => {
    const { at, tron } = await withNightly()
    const ids = ['nightly.8.extract', 'nightly.7.load', 'nightly.8.load']
    expect(await at('tronctl', ['skip', ...ids])).toEqual({
      code: 1,
      stdout: 'ActionRun: MASTER.nightly.8.extract now in state skipped\n',
      stderr: 'Error: Failed to skip on MASTER.nightly.7.load. State is succeeded.\n',
    })
    expect(tron.commands).toHaveLength(2)
  })

  it.each([
    [
      'fenced',
      'Give the command to the scheduler that holds the nodes; or stop that one, and start this one with --take-over.',
    ],
    [
      'store-degraded',
      'Mend what the message names. A daemon that runs retries by itself; start again one that has ended.',
    ],
  ] as const)('says what to do about a daemon that is %s', async (state, hint) => {
    const { at, tron } = await withNightly()
    tron.setStatus({ state, reason: 'why it is so' })
    expect(await at('tronctl', ['start', 'nightly'])).toEqual({
      code: 1,
      stdout: '',
      stderr: `Error: why it is so\n${hint}\n`,
    })
  })

  it('prints a line of JSON for each id with --json', async () => {
    const { at } = await withNightly()
    const { code, stdout, stderr } = await at('tronctl', ['--json', 'start', 'nightly', 'nightly.7'])
    expect([code, stderr]).toEqual([1, ''])
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(lines).toEqual([
      { id: 'nightly', result: 'Created JobRun:MASTER.nightly.9', runs: ['MASTER.nightly.9'] },
      {
        id: 'nightly.7',
        error: 'Failed to start, JobRun:MASTER.nightly.7 in state succeeded',
        code: 'ILLEGAL_STATE',
        hint: 'Look at the state with tronview, then choose a command that applies to it.',
      },
    ])
  })

  it('lets the server say what a word does not apply to', async () => {
    const { at } = await withNightly()
    expect(await at('tronctl', ['kill', 'nightly.8'])).toEqual({
      code: 1,
      stdout: '',
      stderr: "Error: Unknown command 'kill' for 'JobRun:MASTER.nightly.8'\n",
    })
  })

  it('has nothing to do without ids', async () => {
    const { at, tron } = await withNightly()
    expect(await at('tronctl', ['start'])).toEqual({ code: 0, stdout: '', stderr: '' })
    expect(tron.commands).toEqual([])
  })

  it('prints both versions, and fails without a server', async () => {
    const { at, run } = await setUp()
    expect(await at('tronctl', ['version'])).toEqual({
      code: 0,
      stdout: 'Client version: 0.0.0\nServer version: 0.0.0\n',
      stderr: '',
    })
    const alone = await run('tronctl', ['version', '--server', 'http://127.0.0.1:9'])
    expect([alone.code, alone.stdout]).toEqual([1, 'Client version: 0.0.0\n'])
  })

  it('says which server cannot be reached, and why', async () => {
    const { run } = await setUp()
    // Nobody listens on the reserved port 1 of another loopback address.
    const result = await run('tronctl', ['start', 'nightly', '--server', 'http://127.9.9.9:2'])
    expect(result).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'Error connecting to the tron server (http://127.9.9.9:2): connect ECONNREFUSED 127.9.9.9:2\n' +
        'Check that trond runs there and that the address is right.\n',
    })
  })

  it.each([
    [['start', 'nightly', '--run-date', '2026-02-30'], /^--run-date: "2026-02-30" is not a date/],
    [['strat', 'nightly'], /^Unknown command: strat\nDid you mean start\?\n/],
    [['frobnicate', 'nightly'], /^Unknown command: frobnicate\n/],
    [['frobnicate'], /^Unknown command: frobnicate\n/],
    [['version', 'nightly'], /^Unknown argument: nightly\n/],
    [['retry', 'nightly.8.load'], /^"retry" is a command of Tron 3 that this version does not have yet\.\n/],
    [['backfill', '--start-date', '2026-01-01', 'nightly'], /^"backfill" is a command of Tron 3 that/],
    [[], /^A command is missing\./],
  ])('is used wrong with %j', async (args, message) => {
    const { at, tron } = await withNightly()
    const { code, stdout, stderr } = await at('tronctl', args)
    expect([code, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(message)
    expect(tron.commands).toEqual([])
  })

  it('helps', async () => {
    const { run } = await setUp()
    const { code, stdout } = await run('tronctl', ['--help'])
    expect(code).toBe(0)
    expect(stdout).toContain('tronctl skip [id..]')
  })
})
