import { apiConfig, apiConfigAccepted, apiConfigRefused, apiConfigs } from '@tron/api'
import { contentHash, ERROR_CODES } from '@tron/model'
import { describe, expect, it } from 'vitest'
import { setUp } from './app-under-test.ts'

const NOTHING = 'da39a3ee5e6b4b0d3255bfef95601890afd80709'
const master = 'jobs: {}\n'
const hash = contentHash(master)

describe('/api/config', () => {
  it('gives text and hash of a namespace, and of all', async () => {
    const { get } = setUp({ configs: { MASTER: master, 日: 'ü' } })
    expect(apiConfig.parse((await get('/api/config?name=MASTER')).body)).toEqual({ config: master, hash })
    expect(apiConfigs.parse((await get('/api/config')).body)).toEqual({
      MASTER: { config: master, hash },
      日: { config: 'ü', hash: contentHash('ü') },
    })
  })

  it('gives something to start from for a namespace that does not exist', async () => {
    const { get } = setUp()
    expect((await get('/api/config?name=new')).body).toEqual({ config: 'jobs: {}\n', hash: NOTHING })
  })

  it('stores an upload that is accepted, and passes remarks on', async () => {
    const { get, post, log } = setUp({ configs: { MASTER: master } })
    const config = 'jobs: {}\n# old héllo 日本語\n'
    const { status, body } = await post(
      '/api/config',
      { name: 'MASTER', config, hash },
      { 'X-Tron-Actor': 'ann' },
    )
    expect([status, apiConfigAccepted.parse(body)]).toEqual([
      200,
      {
        status: 'Active',
        problems: [
          {
            severity: 'warning',
            file: 'MASTER',
            line: 2,
            column: 3,
            path: 'jobs',
            message: '"old" is not accepted',
          },
        ],
      },
    ])
    expect((await get('/api/config?name=MASTER')).body).toEqual({ config, hash: contentHash(config) })
    expect(log.lines).toEqual([
      {
        level: 'info',
        message: 'configuration changed',
        fields: { namespace: 'MASTER', actor: 'ann', deleted: false },
      },
    ])
  })

  it('only checks when told to', async () => {
    const { get, post } = setUp({ configs: { MASTER: master } })
    const fields = { name: 'MASTER', config: 'jobs: []', hash, check: '1' }
    expect(await post('/api/config', fields)).toEqual({
      status: 200,
      body: { status: 'Active', problems: [] },
    })
    expect((await get('/api/config?name=MASTER')).body).toEqual({ config: master, hash })
  })

  it.each(['0', '1'])('refuses what is wrong, with the place (check %s)', async (check) => {
    const { get, post } = setUp({ configs: { MASTER: master } })
    const fields = { name: 'MASTER', config: 'jobs:\n  - wrong\n  - old\n', hash, check }
    const { status, body } = await post('/api/config', fields)
    expect([status, apiConfigRefused.parse(body)]).toEqual([
      400,
      {
        status: 'Active',
        error: 'MASTER:2:5: "wrong" is not accepted [jobs]',
        code: 'CONFIG_INVALID',
        hint: ERROR_CODES.CONFIG_INVALID,
        problems: [
          {
            severity: 'error',
            file: 'MASTER',
            line: 2,
            column: 5,
            path: 'jobs',
            message: '"wrong" is not accepted',
          },
          {
            severity: 'warning',
            file: 'MASTER',
            line: 3,
            column: 5,
            path: 'jobs',
            message: '"old" is not accepted',
          },
        ],
      },
    ])
    expect((await get('/api/config?name=MASTER')).body).toEqual({ config: master, hash })
  })

  it('refuses a hash that is not that of the stored text', async () => {
    const { post } = setUp({ configs: { MASTER: master } })
    const { status, body } = await post('/api/config', { name: 'MASTER', config: 'jobs: []', hash: NOTHING })
    expect([status, apiConfigRefused.parse(body)]).toEqual([
      409,
      {
        status: 'Active',
        error: 'Configuration has changed. Please try again.',
        code: 'CONFIG_STALE',
        hint: ERROR_CODES.CONFIG_STALE,
        problems: [],
      },
    ])
  })

  it.each([
    ['fenced', 'FENCED'],
    ['store-degraded', 'STORE_DEGRADED'],
  ] as const)('checks an upload and does not store it while the engine is %s', async (state, code) => {
    const { get, post, tron } = setUp({ configs: { MASTER: master } })
    tron.setStatus({ state, reason: 'for a reason' })
    const upload = { name: 'MASTER', config: 'jobs: []', hash }
    expect((await post('/api/config', { ...upload, check: '1' })).status).toBe(200)
    const { status, body } = await post('/api/config', upload)
    expect([status, apiConfigRefused.parse(body)]).toEqual([
      503,
      { status: 'Active', error: 'for a reason', code, hint: ERROR_CODES[code], problems: [] },
    ])
    expect((await get('/api/config?name=MASTER')).body).toEqual({ config: master, hash })
  })

  it('adds a namespace by the hash of nothing, and deletes it by an empty text', async () => {
    const { get, post } = setUp({ configs: { MASTER: master } })
    await post('/api/config', { name: 'reports', config: 'jobs: []', hash: NOTHING })
    expect(Object.keys(apiConfigs.parse((await get('/api/config')).body))).toEqual(['MASTER', 'reports'])
    await post('/api/config', { name: 'reports', config: '', hash: contentHash('jobs: []') })
    expect(Object.keys(apiConfigs.parse((await get('/api/config')).body))).toEqual(['MASTER'])
  })

  it.each([
    [{ config: 'x', hash }, 'name: is missing; accepted is a text'],
    [{ name: '', config: 'x', hash }, 'name: "" is not accepted; accepted is the name of a namespace'],
    [{ name: 'MASTER', hash }, 'config: is missing; accepted is a text'],
    [{ name: 'MASTER', config: 'x' }, 'hash: is missing; accepted is a text'],
    [{ name: 'MASTER', config: 'x', hash, check: 'yes' }, 'check: "yes" is not accepted; accepted is 0 or 1'],
    [
      { name: '../x', config: 'x', hash },
      'name: "../x" is not accepted; accepted is the name of a namespace',
    ],
  ])('refuses %j', async (fields, error) => {
    const { post } = setUp()
    expect(await post('/api/config', fields)).toMatchObject({ status: 400, body: { error } })
  })
})
