import { apiAction, apiHistory, apiJob, apiJobList, apiRun } from '@tron/api'
import { SAMPLE_NODE, sampleJobView, sampleRun } from '@tron/http/testing'
import { describe, expect, it } from 'vitest'
import { setUp } from './app-under-test.ts'
import { collectJson, hourly, hourlyJson, runJson, view, withHourly } from './hourly-sample.ts'

describe('GET /api/jobs', () => {
  it('gives every field of a job, dates in the zones they belong to', async () => {
    const { get } = withHourly()
    const { status, body } = await get('/api/jobs')
    expect(status).toBe(200)
    expect(apiJobList.parse(body)).toEqual({ jobs: [hourlyJson] })
  })

  it('leaves out graph and pool when told to', async () => {
    const { get } = withHourly()
    const { body } = await get('/api/jobs?include_action_graph=0&include_node_pool=0')
    expect(apiJobList.parse(body)).toEqual({ jobs: [{ ...hourlyJson, action_graph: null, node_pool: null }] })
  })

  it('gives the five newest runs with their action runs when asked', async () => {
    const { get } = withHourly()
    const { body } = await get('/api/jobs?include_job_runs=1&include_action_runs=1')
    const { jobs } = apiJobList.parse(body)
    expect(jobs[0]?.runs?.map((run) => [run.run_num, run.runs?.length])).toEqual([
      [7, 3],
      [6, 3],
      [5, 3],
      [4, 3],
      [3, 3],
    ])
  })

  it('answers an empty list with an empty list', async () => {
    const { get } = setUp()
    expect(await get('/api/jobs')).toEqual({ status: 200, body: { jobs: [] } })
  })

  it('shows a change of a job at once, and forgets a job that is gone', async () => {
    const { get, tron } = withHourly()
    await get('/api/jobs')
    const changed = { ...view, row: { ...view.row, lastSuccessMs: null } }
    tron.setJob(changed, [])
    expect((await get('/api/jobs')).body).toEqual({ jobs: [{ ...hourlyJson, last_success: null }] })
    tron.setJob({ ...changed, nextRunMs: null, nodes: [], held: [] }, [])
    expect((await get('/api/jobs')).body).toEqual({
      jobs: [
        {
          ...hourlyJson,
          last_success: null,
          next_run: null,
          held: [],
          node_pool: { name: 'batch', nodes: [] },
        },
      ],
    })
    tron.removeJob(hourly.id)
    expect((await get('/api/jobs')).body).toEqual({ jobs: [] })
  })

  it('does not list a job that the configuration has no more', async () => {
    const { get, tron } = setUp()
    tron.setJob({ ...view, row: { ...view.row, removed: true } })
    expect((await get('/api/jobs')).body).toEqual({ jobs: [] })
    expect((await get('/api')).body).toEqual({ jobs: {}, namespaces: ['MASTER'] })
  })

  it('makes the text of a job once for as long as its view stays the same', async () => {
    const { get, tron } = setUp()
    let made = 0
    const spec = {
      ...hourly,
      get monitoring() {
        made += 1
        return {}
      },
    }
    const counted = sampleJobView(spec)
    tron.setJob(counted)
    await get('/api/jobs')
    // The core makes views anew on each call; what they refer to stays.
    tron.setJob({ ...counted, nodes: [SAMPLE_NODE], held: [...counted.held] })
    await get('/api/jobs')
    expect(made).toBe(1)
  })
})

describe('GET /api/jobs/<job>', () => {
  it('always gives the runs, newest first, and no graph unless asked', async () => {
    const { get } = withHourly()
    const { body } = await get('/api/jobs/reports.hourly?num_runs=1')
    expect(apiJob.parse(body)).toEqual({ ...hourlyJson, action_graph: null, runs: [runJson] })
  })

  it('gives all runs that are kept without num_runs, or with 0', async () => {
    const { get, tron } = setUp()
    const many = Array.from({ length: 230 }, (_, index) =>
      sampleRun(hourly, 229 - index, { state: 'scheduled' }),
    )
    tron.setJob(view, many)
    for (const query of ['', '?num_runs=0', '?num_runs=230', '?num_runs=1000']) {
      const job = apiJob.parse((await get(`/api/jobs/reports.hourly${query}`)).body)
      expect(job.runs?.map((run) => run.run_num)).toEqual(many.map((run) => run.row.number))
    }
    expect(apiJob.parse((await get('/api/jobs/reports.hourly?num_runs=150')).body).runs).toHaveLength(150)
  })

  it('gives graph and action runs when asked', async () => {
    const { get } = withHourly()
    const { body } = await get(
      '/api/jobs/reports.hourly?num_runs=1&include_action_runs=1&include_action_graph=1',
    )
    const job = apiJob.parse(body)
    expect(job.action_graph).toEqual(hourlyJson.action_graph)
    expect(job.runs?.[0]?.runs?.[0]).toEqual(collectJson)
  })
})

describe('GET /api/jobs/<job>/<run>', () => {
  it.each(['7', 'HEAD', 'head', '-1'])('finds the run that %s means', async (selector) => {
    const { get } = withHourly()
    const { status, body } = await get(`/api/jobs/reports.hourly/${selector}`)
    expect(status).toBe(200)
    expect(apiRun.parse(body)).toEqual(runJson)
  })

  it('counts -k from the newest', async () => {
    const { get } = withHourly()
    expect(apiRun.parse((await get('/api/jobs/reports.hourly/-3')).body).run_num).toBe(5)
  })

  it('gives action runs and graph when asked', async () => {
    const { get } = withHourly()
    const { body } = await get('/api/jobs/reports.hourly/7?include_action_runs=1&include_action_graph=1')
    const run = apiRun.parse(body)
    expect(run.runs?.map((action) => action.action_name)).toEqual(['collect', 'publish', 'cleanup'])
    expect(run.runs?.[0]).toEqual(collectJson)
    expect(run.action_graph?.slice(0, 2)).toEqual([
      {
        id: 'reports.hourly.7.collect',
        name: 'collect',
        command: 'collect --day 2026-01-05',
        raw_command: null,
        state: 'succeeded',
        start_time: '2026-01-05 12:59:28',
        end_time: '2026-01-05 12:59:58',
        dependencies: [],
      },
      {
        id: 'reports.hourly.7.publish',
        name: 'publish',
        command: null,
        raw_command: 'run publish',
        state: 'waiting',
        start_time: null,
        end_time: null,
        dependencies: ['collect'],
      },
    ])
  })

  it('gives the history of an action where no run is meant, newest first and without requirements', async () => {
    const { get } = withHourly()
    const history = apiHistory.parse((await get('/api/jobs/reports.hourly/collect')).body)
    expect(history[0]).toEqual({ ...collectJson, requirements: null })
    expect(history.map((action) => action.run_num)).toEqual(['7', '6', '5', '4', '3', '2', '1', '0'])
  })

  it('answers the history of an action without runs with an empty list', async () => {
    const { get, tron } = setUp()
    tron.setJob(view)
    expect(await get('/api/jobs/reports.hourly/publish')).toEqual({ status: 200, body: [] })
  })
})

describe('GET /api/jobs/<job>/<run>/<action>', () => {
  it('gives every field of an action run, without output unless asked', async () => {
    const { get } = withHourly()
    expect(apiAction.parse((await get('/api/jobs/reports.hourly/7/collect')).body)).toEqual(collectJson)
  })

  it('gives the last lines that were asked for, and how whole the output is', async () => {
    const { get, tron } = withHourly()
    tron.setOutput('reports.hourly.7.collect', 'stdout', {
      lines: ['héllo', '日本語 🚀', ''],
      bytes: 2_000,
      complete: false,
      reason: 'its node cannot be reached',
    })
    const { body } = await get(
      '/api/jobs/reports.hourly/HEAD/collect?include_stdout=1&include_stderr=1&include_meta=1&num_lines=2',
    )
    expect(apiAction.parse(body)).toEqual({
      ...collectJson,
      stdout: ['日本語 🚀', ''],
      stderr: [],
      meta: [],
      output: {
        stdout: { bytes: 2_000, complete: false, reason: 'its node cannot be reached' },
        stderr: { bytes: 0, complete: true, reason: null },
      },
    })
  })

  it('asks for a thousand lines when the request does not say how many', async () => {
    const { get, tron } = withHourly()
    const lines = Array.from({ length: 1_200 }, (_, index) => `line ${index}`)
    tron.setOutput('reports.hourly.7.collect', 'stderr', { lines, bytes: 1, complete: true, reason: null })
    const { body } = await get('/api/jobs/reports.hourly/7/collect?include_stderr=1&num_lines=0')
    expect(apiAction.parse(body)).toMatchObject({ stdout: null, stderr: lines.slice(200) })
  })
})
