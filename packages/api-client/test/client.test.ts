import { ACTOR_HEADER, IDEMPOTENCY_HEADER } from '@tron/api/light'
import { type ClientOptions, createClient } from '@tron/api-client'
import { ERROR_CODES, TronError } from '@tron/model'
import { describe, expect, it } from 'vitest'

interface Sent {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body: unknown
}

interface Answer {
  readonly status?: number
  readonly body: unknown
}

/** A client of a server that gives these answers, one after the other and the last again; an error is a connection that breaks. */
function setUp(answers: readonly (Answer | Error)[], options: Partial<ClientOptions> = {}) {
  const sent: Sent[] = []
  const pauses: number[] = []
  const client = createClient({
    baseUrl: 'http://tron.example:8089',
    actor: 'Jürgen',
    userAgent: 'Tron Command/4 (test)',
    pause: async (ms) => {
      pauses.push(ms)
      return Promise.resolve()
    },
    fetch: async (url, init) => {
      const request = new Request(url, init)
      const text = await request.text()
      const body: unknown = text === '' ? null : JSON.parse(text)
      sent.push({ method: request.method, url, headers: request.headers, body })
      const answer = answers[Math.min(sent.length, answers.length) - 1] ?? { body: {} }
      if (answer instanceof Error) throw answer
      return Response.json(answer.body, { status: answer.status ?? 200 })
    },
    ...options,
  })
  return { client, sent, pauses }
}

const lost = new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
const path = { job: 'MASTER.nightly', run: '-1', action: 'ex/é' }

describe('reading', () => {
  it('asks for what the query says, flags as digits, segments encoded', async () => {
    const { client, sent } = setUp([{ body: {} }])
    await client.index()
    await client.status()
    await client.jobs({ include_job_runs: true, include_node_pool: false })
    await client.job('MASTER.nightly', { num_runs: 5 })
    await client.run('MASTER.nightly', 'HEAD')
    await client.action(path, { include_stdout: true, num_lines: 0 })
    await client.history('MASTER.nightly', 'extract')
    await client.config('a&b')
    await client.configs()
    expect(sent.map(({ method, url }) => `${method} ${url.replace('http://tron.example:8089', '')}`)).toEqual(
      [
        'GET /api',
        'GET /api/status',
        'GET /api/jobs?include_job_runs=1&include_node_pool=0',
        'GET /api/jobs/MASTER.nightly?num_runs=5',
        'GET /api/jobs/MASTER.nightly/HEAD',
        'GET /api/jobs/MASTER.nightly/-1/ex%2F%C3%A9?include_stdout=1&num_lines=0',
        'GET /api/jobs/MASTER.nightly/extract',
        'GET /api/config?name=a%26b',
        'GET /api/config',
      ],
    )
  })

  it('is not tried again by itself', async () => {
    const { client, sent } = setUp([lost])
    await expect(client.index()).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(sent).toHaveLength(1)
  })
})

describe('commands', () => {
  it('carry the actor and a fresh key each', async () => {
    const { client, sent } = setUp([{ body: { result: 'done', runs: [] } }])
    await client.commandJob('MASTER.nightly', { command: 'start', run_time: '2026-01-05 00:00:00' })
    await client.commandRun('MASTER.nightly', '0', { command: 'cancel' })
    await client.commandAction(path, { command: 'skip' })
    expect(sent.map(({ body, headers }) => [body, headers.get(ACTOR_HEADER)])).toEqual([
      [{ command: 'start', run_time: '2026-01-05 00:00:00' }, 'J%C3%BCrgen'],
      [{ command: 'cancel' }, 'J%C3%BCrgen'],
      [{ command: 'skip' }, 'J%C3%BCrgen'],
    ])
    const keys = sent.map(({ headers }) => headers.get(IDEMPOTENCY_HEADER))
    expect(keys.every((key) => /^[0-9a-f]{32}$/.test(key ?? ''))).toBe(true)
    expect(new Set(keys).size).toBe(3)
  })

  it('whose answers are lost are sent again under the same key', async () => {
    const { client, sent, pauses } = setUp([lost, lost, { body: { result: 'done', runs: ['a.b.1'] } }])
    expect(await client.commandJob('a.b', { command: 'start' })).toEqual({ result: 'done', runs: ['a.b.1'] })
    expect(pauses).toEqual([200, 1_000])
    expect(new Set(sent.map(({ headers }) => headers.get(IDEMPOTENCY_HEADER))).size).toBe(1)
    expect(sent).toHaveLength(3)
  })

  it('are given up after three connections that broke', async () => {
    const { client, sent } = setUp([lost])
    await expect(client.commandJob('a.b', { command: 'start' })).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: 'Error connecting to the tron server (http://tron.example:8089): read ECONNRESET',
    })
    expect(sent).toHaveLength(3)
  })

  it('that are refused are not sent again', async () => {
    const body = { error: 'no', result: 'no', code: 'ILLEGAL_STATE', hint: 'look' }
    const { client, sent } = setUp([{ status: 409, body }])
    await expect(client.commandAction(path, { command: 'skip' })).rejects.toEqual(
      new TronError('ILLEGAL_STATE', 'no', { hint: 'look', details: { status: 409 } }),
    )
    expect(sent).toHaveLength(1)
  })
})

describe('errors', () => {
  it('have the server’s code, text and hint', async () => {
    const body = { error: 'the disk is full', code: 'STORE_DEGRADED', hint: 'make room' }
    const { client } = setUp([{ status: 503, body }])
    await expect(client.jobs()).rejects.toMatchObject({
      code: 'STORE_DEGRADED',
      message: 'the disk is full',
      hint: 'make room',
    })
  })

  it.each([
    [404, 'NOT_FOUND'],
    [409, 'ILLEGAL_STATE'],
    [501, 'UNKNOWN_COMMAND'],
    [403, 'BAD_REQUEST'],
    [500, 'INTERNAL'],
  ] as const)('of a server that sends no code (%d) get one by their status', async (status, code) => {
    const { client } = setUp([{ status, body: { error: 'no' } }])
    await expect(client.status()).rejects.toMatchObject({ code, message: 'no', hint: ERROR_CODES[code] })
  })

  it.each([
    [
      new TypeError('failed', { cause: new AggregateError([new Error('a'), new Error('b')], 'both') }),
      'a; b',
    ],
    [new DOMException('The operation timed out', 'TimeoutError'), 'no answer within 5 s'],
    [new TypeError('odd'), 'odd'],
  ])('without an answer say why: %s', async (thrown, why) => {
    const { client } = setUp([thrown], { timeoutMs: 5_000 })
    await expect(client.status()).rejects.toMatchObject({
      code: 'UNREACHABLE',
      message: `Error connecting to the tron server (http://tron.example:8089): ${why}`,
    })
  })

  it('name a server that is not ours', async () => {
    const { client } = setUp([], { fetch: () => Promise.resolve(new Response('<html>', { status: 502 })) })
    await expect(client.status()).rejects.toMatchObject({
      message:
        'Error connecting to the tron server (http://tron.example:8089): it answered 502 with something that is not JSON',
    })
  })
})

describe('configuration', () => {
  const upload = { name: 'MASTER', config: 'x', hash: 'h' }

  it('is checked or uploaded by the same request but for the flag', async () => {
    const { client, sent } = setUp([{ body: { status: 'Active', problems: [] } }])
    expect([await client.check(upload), await client.upload(upload)]).toEqual([
      { status: 'Active', problems: [] },
      { status: 'Active', problems: [] },
    ])
    expect(sent.map(({ body }) => body)).toEqual([
      { ...upload, check: '1' },
      { ...upload, check: '0' },
    ])
  })

  it('that is refused for what is wrong in it is a value with the places', async () => {
    const problem = { severity: 'error', file: 'MASTER', line: 1, column: 1, path: '', message: 'no' }
    const body = { status: 'Active', error: 'no', code: 'CONFIG_INVALID', hint: 'mend', problems: [problem] }
    const { client } = setUp([{ status: 400, body }])
    expect(await client.upload(upload)).toEqual(body)
  })

  it('is not uploaded a second time by itself', async () => {
    const { client, sent } = setUp([lost])
    await expect(client.upload(upload)).rejects.toMatchObject({ code: 'UNREACHABLE' })
    expect(sent).toHaveLength(1)
  })
})
