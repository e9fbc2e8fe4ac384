import { apiError, apiResult } from '@tron/api'
import { sampleAction, sampleJob, sampleJobRow, sampleJobView, sampleRun } from '@tron/http/testing'
import { ERROR_CODES } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { setUp } from './app-under-test.ts'

const spec = sampleJob('MASTER.nightly', {
  schedule: { kind: 'cron', value: '0 3 * * *', jitterMs: 0, zone: 'America/New_York' },
  actions: [sampleAction('extract'), sampleAction('load', { requires: ['extract'] })],
})

function withNightly() {
  const set = setUp()
  set.tron.setJob(sampleJobView(spec, { row: sampleJobRow(spec, { nextNumber: 9 }) }), [
    sampleRun(spec, 8, { state: 'running' }),
    sampleRun(spec, 7, { state: 'succeeded' }),
  ])
  return set
}

describe('commands', () => {
  it.each([
    ['/api/jobs/MASTER.nightly', 'disable', 'Job:MASTER.nightly is disabled'],
    ['/api/jobs/MASTER.nightly', 'enable', 'Job:MASTER.nightly is enabled'],
    ['/api/jobs/MASTER.nightly/8', 'cancel', 'JobRun:MASTER.nightly.8 now in state cancelled'],
    ['/api/jobs/MASTER.nightly/HEAD', 'stop', 'JobRun:MASTER.nightly.8 now in state failed'],
    ['/api/jobs/MASTER.nightly/-1', 'start', 'JobRun:MASTER.nightly.8 now in state running'],
    ['/api/jobs/MASTER.nightly/8/load', 'start', 'ActionRun: MASTER.nightly.8.load now in state running'],
    ['/api/jobs/MASTER.nightly/8/load', 'success', 'ActionRun: MASTER.nightly.8.load now in state succeeded'],
    ['/api/jobs/MASTER.nightly/8/load', 'fail', 'ActionRun: MASTER.nightly.8.load now in state failed'],
    ['/api/jobs/MASTER.nightly/8/load', 'skip', 'ActionRun: MASTER.nightly.8.load now in state skipped'],
    ['/api/jobs/MASTER.nightly/8/load', 'cancel', 'ActionRun: MASTER.nightly.8.load now in state cancelled'],
    ['/api/jobs/MASTER.nightly/8/load', 'stop', 'Attempting to stop ActionRun: MASTER.nightly.8.load'],
    ['/api/jobs/MASTER.nightly/8/load', 'kill', 'Attempting to kill ActionRun: MASTER.nightly.8.load'],
  ])('%s takes %s', async (path, command, result) => {
    const { post } = withNightly()
    const { status, body } = await post(path, { command })
    expect([status, apiResult.parse(body)]).toEqual([200, { result, runs: [] }])
  })

  it('starts a job for a time in its zone', async () => {
    const { post, tron } = withNightly()
    const { body } = await post('/api/jobs/MASTER.nightly', {
      command: 'start',
      run_time: '2026-03-04 05:06:07',
    })
    expect(apiResult.parse(body)).toEqual({
      result: 'Created JobRun:MASTER.nightly.9',
      runs: ['MASTER.nightly.9'],
    })
    expect(tron.commands.map((command) => command.subject)).toEqual([
      { kind: 'job', job: 'MASTER.nightly', verb: 'start', runMs: Date.UTC(2026, 2, 4, 10, 6, 7) },
    ])
  })

  it('moves a time that the clock skips on by the length of the gap', async () => {
    const { post, tron } = withNightly()
    await post('/api/jobs/MASTER.nightly', { command: 'start', run_time: '2026-03-08 02:30:00' })
    expect(tron.commands[0]?.subject).toMatchObject({ runMs: Date.UTC(2026, 2, 8, 7, 30) })
  })

  it.each([
    '2026-03-04',
    '2026-02-30 00:00:00',
    '2026-03-04T05:06:07',
    '2026-03-04 24:00:00',
    'tomorrow',
    '',
  ])('refuses the run time "%s"', async (run_time) => {
    const { post, tron } = withNightly()
    expect(await post('/api/jobs/MASTER.nightly', { command: 'start', run_time })).toEqual({
      status: 400,
      body: {
        error: `run_time: "${run_time}" is not a time; accepted is YYYY-MM-DD HH:MM:SS`,
        code: 'BAD_REQUEST',
        hint: ERROR_CODES.BAD_REQUEST,
      },
    })
    expect(tron.commands).toEqual([])
  })

  it.each([
    ['/api/jobs', 'move', 'JobCollection'],
    ['/api/jobs/MASTER.nightly', 'kill', 'Job:MASTER.nightly'],
    ['/api/jobs/MASTER.nightly/8', 'success', 'JobRun:MASTER.nightly.8'],
    ['/api/jobs/MASTER.nightly/8/load', 'recover', 'ActionRun: MASTER.nightly.8.load'],
  ])('%s does not know %s', async (path, command, subject) => {
    const { post } = withNightly()
    const { status, body } = await post(path, { command })
    expect([status, apiError.parse(body)]).toEqual([
      501,
      {
        error: `Unknown command '${command}' for '${subject}'`,
        code: 'UNKNOWN_COMMAND',
        hint: ERROR_CODES.UNKNOWN_COMMAND,
      },
    ])
  })

  it('calls a missing word None', async () => {
    const { post } = withNightly()
    expect((await post('/api/jobs/MASTER.nightly', {})).body).toMatchObject({
      error: "Unknown command 'None' for 'Job:MASTER.nightly'",
    })
  })

  it('gives the sentence of a refusal as error and as result', async () => {
    const { post } = withNightly()
    const text = 'Failed to skip on MASTER.nightly.7.load. State is succeeded.'
    const { status, body } = await post('/api/jobs/MASTER.nightly/7/load', { command: 'skip' })
    expect([status, apiError.parse(body)]).toEqual([
      409,
      { error: text, result: text, code: 'ILLEGAL_STATE', hint: ERROR_CODES.ILLEGAL_STATE },
    ])
  })

  it.each([
    ['fenced', 'FENCED'],
    ['store-degraded', 'STORE_DEGRADED'],
  ] as const)('answers 503 and why while it is %s', async (state, code) => {
    const { post, tron } = withNightly()
    tron.setStatus({ state, reason: 'host2 works here' })
    expect(await post('/api/jobs/MASTER.nightly', { command: 'start' })).toEqual({
      status: 503,
      body: { error: 'host2 works here', code, hint: ERROR_CODES[code] },
    })
  })

  it.each([
    ['/api/jobs/MASTER.other', 'Job MASTER.other not found'],
    ['/api/jobs/no-dot', 'Job no-dot not found'],
    ['/api/jobs/MASTER.nightly/99', 'Run MASTER.nightly.99 not found'],
    ['/api/jobs/MASTER.nightly/-0', 'Run MASTER.nightly.-0 not found'],
    ['/api/jobs/MASTER.nightly/load', 'Run MASTER.nightly.load not found'],
    ['/api/jobs/MASTER.nightly/8/other', 'Action MASTER.nightly.8.other not found'],
  ])('%s does not exist', async (path, error) => {
    const { post } = withNightly()
    expect(await post(path, { command: 'start' })).toEqual({
      status: 404,
      body: { error, code: 'NOT_FOUND', hint: ERROR_CODES.NOT_FOUND },
    })
  })
})

describe('a node that a take-over waits for', () => {
  const waiting = () => {
    const set = withNightly()
    set.tron.setStatus({ waitingFor: ['b7'] })
    return set
  }

  it('is given up once, by whom is told', async () => {
    const { post, tron } = waiting()
    const headers = { 'X-Tron-Actor': 'ann', 'Idempotency-Key': 'key-1' }
    const { status, body } = await post('/api/recover', { without: 'b7' }, headers)
    expect([status, apiResult.parse(body)]).toEqual([200, { result: 'Going on without b7', runs: [] }])
    expect(tron.status().waitingFor).toEqual([])
    expect(tron.recoveries).toEqual([{ node: 'b7', requestId: 'key-1', actor: 'ann', source: 'api' }])
    expect(await post('/api/recover', { without: 'b7' }, headers)).toEqual({ status, body })
    expect((await post('/api/recover', { without: 'b8' }, headers)).status).toBe(409)
  })

  it('is not any other', async () => {
    const { post, tron } = waiting()
    const { status, body } = await post('/api/recover', { without: 'b8' })
    expect([status, apiError.parse(body)]).toEqual([
      404,
      {
        error: 'No take-over waits for node "b8"',
        code: 'NOT_FOUND',
        hint: 'List what is waited for with tron status.',
      },
    ])
    expect((await post('/api/recover', {})).status).toBe(400)
    expect(tron.status().waitingFor).toEqual(['b7'])
  })

  it('is not given up while the engine does not work', async () => {
    const { post, tron } = waiting()
    tron.setStatus({ state: 'fenced', reason: 'host2 works here' })
    expect((await post('/api/recover', { without: 'b7' })).status).toBe(503)
  })
})

describe('what a request may look like', () => {
  it('takes a body of JSON like a form, and the first of a key given twice', async () => {
    const { send, tron } = withNightly()
    await send('/api/jobs/MASTER.nightly/?command=kill', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ command: 'disable', run_time: null }),
    })
    await send('/api/jobs/MASTER.nightly', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: 'command=enable&command=kill',
    })
    await send('/api/jobs/MASTER.nightly?command=disable', { method: 'POST' })
    expect(tron.commands.map(({ subject }) => subject.verb)).toEqual(['disable', 'enable', 'disable'])
  })

  it.each([
    ['application/json', '{"command"', 'the body is not JSON'],
    ['application/json', '["start"]', 'the body is JSON but not an object'],
    ['application/json', '{"command":["start"]}', 'command: accepted is a text, a number or a flag'],
    ['application/x-www-form-urlencoded', 'command=%ff', 'the form is not percent-encoded UTF-8'],
    [
      'text/yaml',
      'command: start',
      'a body of type "text/yaml" is not read; accepted are application/x-www-form-urlencoded and application/json',
    ],
  ])('refuses a body of %s that is %s', async (type, text, error) => {
    const { send } = withNightly()
    const headers = { 'Content-Type': type }
    expect(await send('/api/jobs/MASTER.nightly', { method: 'POST', headers, body: text })).toEqual({
      status: 400,
      body: { error, code: 'BAD_REQUEST', hint: ERROR_CODES.BAD_REQUEST },
    })
  })

  it.each([
    [{}, 'anonymous', 'api'],
    [{ 'X-Tron-Actor': 'ann' }, 'ann', 'api'],
    [{ 'X-Tron-Actor': 'J%C3%BCrgen' }, 'Jürgen', 'api'],
    [{ 'X-Tron-Actor': '100%' }, '100%', 'api'],
    [{ 'User-Agent': 'Tron Command/3.10.5 +https://example.org (bob)' }, 'bob', 'cli'],
    [{ 'User-Agent': 'Tron Command/3.10.5 +https://example.org' }, 'anonymous', 'cli'],
    [{ 'User-Agent': 'Tron Command/4 (bob)', 'X-Tron-Actor': 'ann' }, 'ann', 'cli'],
    [
      { 'User-Agent': 'Mozilla/5.0 (X11; Linux x86_64)', 'Sec-Fetch-Site': 'same-origin' },
      'anonymous',
      'web',
    ],
  ])('%j is %s by way of %s', async (headers, actor, source) => {
    const { post, tron } = withNightly()
    await post('/api/jobs/MASTER.nightly', { command: 'enable' }, headers)
    expect(tron.commands.map((command) => [command.actor, command.source])).toEqual([[actor, source]])
  })

  it('takes the request id from the header, and makes a fresh one without', async () => {
    const { post, tron } = withNightly()
    const path = '/api/jobs/MASTER.nightly'
    const once = await post(path, { command: 'start' }, { 'Idempotency-Key': 'key-1' })
    expect(await post(path, { command: 'start' }, { 'Idempotency-Key': 'key-1' })).toEqual(once)
    await post(path, { command: 'start' })
    await post(path, { command: 'start' })
    const ids = tron.commands.map((command) => command.requestId)
    expect(ids).toEqual([
      'key-1',
      expect.stringMatching(/^[0-9a-f]{32}$/),
      expect.stringMatching(/^[0-9a-f]{32}$/),
    ])
    expect(new Set(ids).size).toBe(3)
  })

  it.each([
    ['/api/jobs/MASTER.nightly', { command: 'enable' }],
    ['/api/jobs/MASTER.nightly', { command: 'start', run_time: '2026-03-04 05:06:07' }],
    ['/api/jobs/MASTER.nightly/8', { command: 'start' }],
    ['/api/jobs/MASTER.gone', { command: 'start' }],
  ])('refuses a key that was used for another command: %s %j', async (path, fields) => {
    const { post, tron } = withNightly()
    const key = { 'Idempotency-Key': 'key-1' }
    await post('/api/jobs/MASTER.nightly', { command: 'start' }, key)
    const { status, body } = await post(path, fields, key)
    expect([status, apiError.parse(body)]).toEqual([
      409,
      {
        error: 'used for another command: start MASTER.nightly',
        code: 'KEY_REUSED',
        hint: ERROR_CODES.KEY_REUSED,
      },
    ])
    expect(tron.commands).toHaveLength(1)
  })

  it('answers a repetition though another run is HEAD by now, and though its job is gone', async () => {
    const { post, tron } = withNightly()
    const cancel = () =>
      post('/api/jobs/MASTER.nightly/HEAD', { command: 'cancel' }, { 'Idempotency-Key': 'key-1' })
    const once = await cancel()
    await post('/api/jobs/MASTER.nightly', { command: 'start' })
    expect(await cancel()).toEqual(once)
    tron.removeJob(spec.id)
    expect(await cancel()).toEqual(once)
    expect(tron.commands).toHaveLength(2)
  })

  it.each([
    [{ 'Idempotency-Key': 'x'.repeat(256) }, 'Idempotency-Key must be a text of 1 to 255 characters'],
    [{ 'Idempotency-Key': '' }, 'Idempotency-Key must be a text of 1 to 255 characters'],
    [{ 'X-Tron-Actor': 'a%0Ab' }, 'X-Tron-Actor must be a text of at most 255 characters'],
  ])('refuses the header %j', async (headers, error) => {
    const { post } = withNightly()
    const { status, body } = await post('/api/jobs/MASTER.nightly', { command: 'start' }, headers)
    expect([status, body]).toEqual([400, { error, code: 'BAD_REQUEST', hint: ERROR_CODES.BAD_REQUEST }])
  })
})
