import { apiHealth, apiIndex, apiRun, apiStatus } from '@tron/api'
import { sampleJob, sampleJobView, sampleRun } from '@tron/http/testing'
import { describe, expect, it } from 'vitest'
import { matching, NOON, setUp } from './app-under-test.ts'
import { hourly, view, withHourly } from './hourly-sample.ts'

describe('durations', () => {
  it.each([
    [0, '0:00:00'],
    [31_204, '0:00:31.204000'],
    [5_400_000, '1:30:00'],
    [86_400_000, '1 day, 0:00:00'],
    [180_000_007, '2 days, 2:00:00.007000'],
    [-5, '0:00:00'],
  ])('%d ms are %s', async (ms, text) => {
    const { get, tron } = setUp()
    tron.setJob(view, [
      sampleRun(hourly, 0, { state: 'succeeded', row: { startedMs: NOON, endedMs: NOON + ms } }),
    ])
    expect(apiRun.parse((await get('/api/jobs/reports.hourly/0')).body).duration).toBe(text)
  })

  it('is empty before the start', async () => {
    const { get } = withHourly()
    expect(apiRun.parse((await get('/api/jobs/reports.hourly/0')).body).duration).toBe('')
  })

  it('says None for a job without max_runtime, and keeps the trailing blank of a daily schedule without days', async () => {
    const { get, tron } = setUp()
    const daily = sampleJob('MASTER.daily', {
      schedule: { kind: 'daily', value: '00:30:00', jitterMs: 0, zone: 'UTC' },
    })
    tron.setJob(sampleJobView(daily))
    expect((await get('/api/jobs/MASTER.daily')).body).toMatchObject({
      max_runtime: 'None',
      scheduler: { type: 'daily', value: '00:30:00 ', jitter: '' },
    })
  })
})

describe('the daemon itself', () => {
  it('lists jobs with their actions, and namespaces in manifest order', async () => {
    const { get, tron } = setUp({ configs: { MASTER: '', reports: 'jobs: {}' } })
    tron.setJob(view)
    for (const path of ['/api', '/api/']) {
      expect(apiIndex.parse((await get(path)).body)).toEqual({
        jobs: {
          'reports.hourly': [
            { name: 'collect', command: 'collect --day {shortdate}' },
            { name: 'publish', command: 'run publish' },
            { name: 'cleanup', command: 'rm -rf scratch' },
          ],
        },
        namespaces: ['MASTER', 'reports'],
      })
    }
  })

  it('says how it is', async () => {
    const { get, tron } = setUp()
    const target = {
      node: 'b1',
      executor: 'ssh',
      address: 'tron@b1.example:22',
      state: 'fenced',
      reason: 'held by host2',
      draining: false,
      attempts: 4,
    } as const
    tron.setStatus({
      state: 'fenced',
      reason: 'another scheduler',
      waitingFor: ['b7'],
      targets: [target],
    })
    expect(apiStatus.parse((await get('/api/status')).body)).toEqual({
      status: "I'm alive.",
      version: '4.0.0',
      boot_time: 1_767_610_799,
      installation: 'abcdefghijklmnopqrstuvwxyz',
      state: 'fenced',
      reason: 'another scheduler',
      epoch: 3,
      waiting_for: ['b7'],
      targets: [target],
      config_errors: [],
    })
  })

  it('tells what is wrong in the configuration, and since when', async () => {
    const { get } = setUp({ configs: { MASTER: 'jobs: {}\n', svc: 'jobs:\n  wrong: {}\n' } })
    const { state, config_errors } = apiStatus.parse((await get('/api/status')).body)
    expect([state, config_errors]).toEqual([
      'working',
      [
        {
          file: 'svc',
          line: 2,
          column: 3,
          path: 'jobs',
          message: '"wrong" is not accepted',
          since: 1_767_225_600,
        },
      ],
    ])
  })

  it('is ready only while the engine works, and alive in any case', async () => {
    const { get, tron } = setUp()
    expect(await get('/readyz')).toEqual({ status: 200, body: { status: 'working', reason: null } })
    tron.setStatus({ state: 'store-degraded', reason: 'the disk is full' })
    const ready = await get('/readyz')
    expect([ready.status, apiHealth.parse(ready.body)]).toEqual([
      503,
      { status: 'store-degraded', reason: 'the disk is full' },
    ])
    expect(await get('/livez')).toEqual({ status: 200, body: { status: 'alive', reason: null } })
  })

  it('tells a person with curl at / what answers here and where to look', async () => {
    const { app } = setUp()
    const response = await app.request('/', { headers: { Accept: '*/*' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, matching(/^text\/plain/)])
    expect((await response.text()).split('\n')).toEqual([
      'Tron 4.0.0 answers here; it is working.',
      'There is no dashboard yet: tronview shows jobs, runs and output, and so do these:',
      '',
      '/api/jobs    All jobs',
      '/api/status  Version, state and targets of the daemon',
      '/api         Jobs with their actions, and namespaces',
      '',
    ])
  })

  it('shows it to a browser as a page, what a node said as text, and leads there from where Tron 3 had its dashboard', async () => {
    const { app, tron } = setUp()
    tron.setStatus({ state: 'fenced', reason: '<script>&' })
    const response = await app.request('/', { headers: { Accept: 'text/html,application/xhtml+xml' } })
    expect([response.status, response.headers.get('content-type')]).toEqual([200, matching(/^text\/html/)])
    const page = await response.text()
    expect(page).toContain('<p>Tron 4.0.0 answers here; it is fenced: &lt;script&gt;&amp;.</p>')
    expect(page).toContain('<a href="/api/jobs">')
    for (const path of ['/web', '/web/']) {
      const old = await app.request(path)
      expect([old.status, old.headers.get('location')]).toEqual([302, '/'])
    }
  })
})
