import { sampleJob, sampleJobView } from '@tron/http/testing'
import { ERROR_CODES, TronError } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { matching, setUp } from './app-under-test.ts'

const KB = 1024

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes
  return new ReadableStream({
    pull(controller) {
      const size = Math.min(left, 16 * KB)
      left -= size
      if (size === 0) controller.close()
      else controller.enqueue(new Uint8Array(size).fill(97))
    },
  })
}

describe('bodies', () => {
  it.each([
    ['/api/jobs/MASTER.a', 64 * KB],
    ['/api', 64 * KB],
    ['/nowhere', 64 * KB],
    ['/api/config', 200 * KB],
    ['/api/config/', 200 * KB],
  ])('%s refuses a body over its limit, whether its length is told or not', async (path, limit) => {
    const { send } = setUp({ maxBodyBytes: 200 * KB })
    const refusal = {
      status: 413,
      body: {
        error: `the body is larger than ${limit} bytes`,
        code: 'BAD_REQUEST',
        hint: ERROR_CODES.BAD_REQUEST,
      },
    }
    const told = { 'Content-Length': String(limit + 1) }
    expect(await send(path, { method: 'POST', body: 'a'.repeat(limit + 1), headers: told })).toEqual(refusal)
    const stream = { method: 'POST', body: streamOf(limit + 1), duplex: 'half' } as const
    expect(await send(path, stream)).toEqual(refusal)
  })

  it('lets a configuration of a megabyte pass by default', async () => {
    const { post } = setUp()
    const config = `jobs: {}\n#${'x'.repeat(KB * KB)}`
    const answer = await post('/api/config', {
      name: 'new',
      config,
      hash: 'da39a3ee5e6b4b0d3255bfef95601890afd80709',
    })
    expect(answer).toEqual({ status: 200, body: { status: 'Active', problems: [] } })
  })
})

describe('what is not there', () => {
  it.each(['/api/nowhere', '/web/x', '/api/jobs/MASTER.a/1/b/c'])(
    '%s is answered with JSON',
    async (path) => {
      const { get } = setUp()
      expect(await get(path)).toEqual({
        status: 404,
        body: { error: `${path} does not exist`, code: 'NOT_FOUND', hint: ERROR_CODES.NOT_FOUND },
      })
    },
  )

  it.each([
    ['DELETE', '/api/jobs/MASTER.a', 'GET, POST, OPTIONS'],
    ['PUT', '/api/config', 'GET, POST, OPTIONS'],
    ['POST', '/api/status', 'GET, OPTIONS'],
  ])('%s is not taken by %s, which says what it takes', async (method, path, allow) => {
    const { app } = setUp()
    const response = await app.request(path, { method })
    expect([response.status, response.headers.get('allow')]).toEqual([405, allow])
    const options = await app.request(path, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, allow])
  })

  it('names a job, run and action that do not exist', async () => {
    const { get, tron } = setUp()
    tron.setJob(sampleJobView(sampleJob('MASTER.a')))
    expect((await get('/api/jobs/MASTER.b')).body).toMatchObject({ error: 'Job MASTER.b not found' })
    expect(await get('/api/jobs/MASTER.a/7')).toMatchObject({
      status: 404,
      body: { error: 'MASTER.a has no run and no action 7' },
    })
    expect(await get('/api/jobs/MASTER.a/HEAD/work')).toMatchObject({
      status: 404,
      body: { error: 'Run MASTER.a.HEAD not found' },
    })
  })
})

describe('query parameters', () => {
  it.each([
    ['/api/jobs?include_job_runs=true', 'include_job_runs: "true" is not accepted; accepted is 0 or 1'],
    ['/api/jobs?include_node_pool=', 'include_node_pool: "" is not accepted; accepted is 0 or 1'],
    [
      '/api/jobs/MASTER.a?num_runs=-1',
      'num_runs: "-1" is not accepted; accepted is a whole number of at most 9 digits',
    ],
    [
      '/api/jobs/MASTER.a/1/work?num_lines=ten',
      'num_lines: "ten" is not accepted; accepted is a whole number of at most 9 digits',
    ],
  ])('%s is refused', async (path, error) => {
    const { get } = setUp()
    expect(await get(path)).toEqual({
      status: 400,
      body: { error, code: 'BAD_REQUEST', hint: ERROR_CODES.BAD_REQUEST },
    })
  })

  it('that nobody knows are let pass', async () => {
    const { get } = setUp()
    expect((await get('/api/jobs?whatever=x')).status).toBe(200)
  })
})

describe('failures', () => {
  it('that are not ours show a reference to the log and no stack', async () => {
    const { get, tron, log } = setUp()
    tron.failWith(new Error('secret detail'))
    const { status, body } = await get('/api/jobs')
    expect(status).toBe(500)
    expect(body).toEqual({
      error: matching(/^internal error; the daemon log has it under [0-9a-f]{12}$/),
      code: 'INTERNAL',
      hint: ERROR_CODES.INTERNAL,
    })
    expect(log.lines).toEqual([
      {
        level: 'error',
        message: 'request failed',
        fields: {
          reference: matching(/^[0-9a-f]{12}$/),
          method: 'GET',
          path: '/api/jobs',
          error: 'secret detail',
          stack: matching(/secret detail/),
        },
      },
    ])
  })

  it.each([
    ['STORE_DEGRADED', 503],
    ['OUTPUT_UNAVAILABLE', 503],
    ['LOGS_FAILED', 503],
    ['BAD_ID', 400],
    ['ILLEGAL_STATE', 409],
    ['STORE_CORRUPT', 500],
  ] as const)('with code %s are answered with %d', async (code, status) => {
    const { get, tron, log } = setUp()
    tron.failWith(new TronError(code, 'what happened', { hint: 'what to do' }))
    expect(await get('/api/jobs')).toEqual({
      status,
      body: { error: 'what happened', code, hint: 'what to do' },
    })
    expect(log.lines).toHaveLength(status === 500 ? 1 : 0)
  })
})

describe('browsers', () => {
  it.each([
    [{ Origin: 'https://evil.example' }, 403],
    [{ Origin: 'null' }, 403],
    [{ Origin: 'http://localhost', 'Sec-Fetch-Site': 'cross-site' }, 403],
    [{ Origin: 'http://other.localhost', 'Sec-Fetch-Site': 'same-site' }, 403],
    [{ Origin: 'http://localhost' }, 200],
    [{ Origin: 'https://tron.example', 'Sec-Fetch-Site': 'same-origin' }, 200],
    [{}, 200],
  ])('with %j get %d for a command', async (headers, status) => {
    const { post, tron } = setUp()
    tron.setJob(sampleJobView(sampleJob('MASTER.a')))
    expect((await post('/api/jobs/MASTER.a', { command: 'enable' }, headers)).status).toBe(status)
    expect(tron.commands).toHaveLength(status === 200 ? 1 : 0)
  })

  it.each([
    ['evil.example:8089', 403],
    ['batch1.evil.example:8089', 403],
    ['localhost.evil.example', 403],
    ['127.0.0.1.evil.example', 403],
    ['batch1:8089', 200],
    ['Batch1.:8089', 200],
    ['localhost:8089', 200],
    ['tron.localhost:8089', 200],
    ['127.0.0.1:8089', 200],
    ['192.0.2.7', 200],
    ['[::1]:8089', 200],
  ])('with a page under the name %s get %d for a command, other clients are served', async (host, status) => {
    const { post, tron } = setUp({ hosts: new Set(['batch1']) })
    tron.setJob(sampleJobView(sampleJob('MASTER.a')))
    const command = (headers: Record<string, string>) =>
      post('/api/jobs/MASTER.a', { command: 'enable' }, { Host: host, ...headers })
    const origin = { Origin: `http://${host.toLowerCase()}` }
    const marked = { ...origin, 'Sec-Fetch-Site': 'same-origin' }
    expect((await command(marked)).status).toBe(status)
    const { status: plain } = await post(
      '/api/jobs/MASTER.a',
      { command: 'enable' },
      { Host: host.toLowerCase(), ...origin },
    )
    expect(plain).toBe(status)
    expect((await command({})).status).toBe(200)
  })

  it('are told how a name is made known', async () => {
    const { post } = setUp()
    const headers = { Host: 'tron.example', Origin: 'http://tron.example' }
    expect((await post('/api/config', { name: 'a', config: '', hash: '' }, headers)).body).toEqual({
      error: 'commands are not taken from pages under the name tron.example',
      code: 'BAD_REQUEST',
      hint: 'If it is a name of this daemon, list it in allowed_hosts of trond.yaml.',
    })
  })

  it('are given no right to read from other origins', async () => {
    const { app } = setUp()
    const { headers } = await app.request('/api/status', { headers: { Origin: 'https://evil.example' } })
    expect(Object.fromEntries(headers)).toEqual({
      'cache-control': 'no-store',
      'content-type': 'application/json; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
  })
})
