import { createClient } from '@tron/api-client'
import { createHttpApp } from '@tron/http'
import {
  createFakeTron,
  sampleAction,
  sampleJob,
  sampleJobRow,
  sampleJobView,
  sampleRun,
} from '@tron/http/testing'
import { contentHash } from '@tron/model'
import { createManualClock, createMemoryLogger, createSeededRandom } from '@tron/model/testing'
import { describe, expect, it } from 'vitest'

const spec = sampleJob('MASTER.nightly', { actions: [sampleAction('extract')] })

/** A client of the real app, without a socket between them; `lose` loses answers on their way back. */
function setUp() {
  const tron = createFakeTron({ configs: { MASTER: 'jobs: {}\n' } })
  tron.setJob(sampleJobView(spec, { row: sampleJobRow(spec, { nextNumber: 1 }) }), [
    sampleRun(spec, 0, { state: 'running' }),
  ])
  const app = createHttpApp({
    tron,
    version: '4.0.0',
    bootMs: 0,
    clock: createManualClock(),
    random: createSeededRandom(1),
    log: createMemoryLogger(),
    zone: 'UTC',
  })
  const pauses: number[] = []
  let losses = 0
  const client = createClient({
    baseUrl: 'http://tron.example:8089',
    actor: 'Jürgen',
    userAgent: 'Tron Command/4 (test)',
    pause: async (ms) => {
      pauses.push(ms)
      return Promise.resolve()
    },
    fetch: async (url, init) => {
      const response = await app.request(url, init)
      if (losses === 0) return response
      losses -= 1
      throw new TypeError('fetch failed', { cause: new Error('read ECONNRESET') })
    },
  })
  const lose = (answers: number) => {
    losses = answers
  }
  return { tron, client, pauses, lose }
}

describe('commands', () => {
  it('carry the actor and a fresh key each', async () => {
    const { client, tron } = setUp()
    const path = { job: 'MASTER.nightly', run: '0', action: 'extract' }
    expect([
      await client.commandJob('MASTER.nightly', { command: 'start', run_time: '2026-01-05 00:00:00' }),
      await client.commandAction(path, { command: 'skip' }),
      await client.commandRun('MASTER.nightly', '0', { command: 'cancel' }),
    ]).toEqual([
      { result: 'Created JobRun:MASTER.nightly.1', runs: ['MASTER.nightly.1'] },
      { result: 'ActionRun: MASTER.nightly.0.extract now in state skipped', runs: [] },
      { result: 'JobRun:MASTER.nightly.0 now in state cancelled', runs: [] },
    ])
    expect(tron.commands.map(({ actor, source }) => [actor, source])).toEqual(
      Array.from({ length: 3 }, () => ['Jürgen', 'cli']),
    )
    expect(new Set(tron.commands.map((command) => command.requestId)).size).toBe(3)
  })

  it('whose answers are lost are sent again under the same key, and done once', async () => {
    const { client, tron, pauses, lose } = setUp()
    lose(2)
    const reply = await client.commandJob('MASTER.nightly', { command: 'start' })
    expect(reply.result).toBe('Created JobRun:MASTER.nightly.1')
    expect(pauses).toEqual([200, 1_000])
    expect(tron.commands).toHaveLength(1)
    expect(await tron.runs(spec.id, { limit: 10 })).toHaveLength(2)
  })
})

describe('configuration', () => {
  it('is uploaded under the hash that was read, and refused as a value with its places', async () => {
    const { client } = setUp()
    const { hash } = await client.config('MASTER')
    expect(await client.check({ name: 'MASTER', config: 'wrong', hash })).toMatchObject({
      code: 'CONFIG_INVALID',
      problems: [{ file: 'MASTER', line: 1, column: 1 }],
    })
    expect(await client.upload({ name: 'MASTER', config: 'jobs: []', hash })).toEqual({
      status: 'Active',
      problems: [],
    })
    expect(await client.config('MASTER')).toEqual({ config: 'jobs: []', hash: contentHash('jobs: []') })
    await expect(client.upload({ name: 'MASTER', config: 'jobs: {}', hash })).rejects.toMatchObject({
      code: 'CONFIG_STALE',
    })
  })
})
