import {
  type ActionQuery,
  actionQuery,
  historyQuery,
  type JobsQuery,
  jobQuery,
  jobsQuery,
  ROUTES,
  runQuery,
} from '@tron/api'
import type { ActionView, JobView, OutputView, RunView } from '@tron/core'
import { TronError } from '@tron/model'
import type { Context, Hono } from 'hono'
import { actionWithOutput, historyJson, type Streams } from './action-json.ts'
import { answer, answerText } from './answer.ts'
import { findAction, findJob, findRun, lookUpRun } from './find.ts'
import { frameOf, type HttpContext } from './http-context.ts'
import { actionsOf, jobJson } from './job-json.ts'
import { readQuery } from './request.ts'
import { runJson } from './run-json.ts'
import { mapBounded, mapWithPauses } from './unhurried.ts'

/** Runs of each job that a list shows. */
const LISTED_RUNS = 5
/** Reads of the store that one request has under way. */
const READS = 8
/** Runs that are asked for at once. */
const PAGE = 100
/** The most of a history that is shown. */
const HISTORY = 1_000
/** Lines of output where the request does not say. */
const LINES = 1_000

/** Adds the routes that read jobs, runs and actions. */
export function addJobRoutes(app: Hono, http: HttpContext): void {
  app.get(ROUTES.jobs.path, async (c) => {
    const query = readQuery(c, jobsQuery)
    const views = presentJobs(http)
    const texts = query.include_job_runs
      ? await mapBounded(views, READS, (view) => jobWithRuns(http, view, query))
      : await mapWithPauses(views, (view) => http.cache.job(view, query))
    return answerText(c, `{"jobs":[${texts.join(',')}]}`)
  })
  app.get(ROUTES.job.path, (c) => showJob(c, http))
  app.get(ROUTES.run.path, (c) => showRun(c, http))
  app.get(ROUTES.action.path, (c) => showAction(c, http))
}

/** The jobs that the configuration has. */
export function presentJobs(http: HttpContext): readonly JobView[] {
  const views = http.tron.jobs().filter((view) => !view.row.removed)
  http.cache.keep(views)
  return views
}

async function jobWithRuns(http: HttpContext, view: JobView, query: JobsQuery): Promise<string> {
  const runs = await http.tron.runs(view.row.id, { limit: LISTED_RUNS })
  const parts = { include_action_runs: query.include_action_runs, include_action_graph: false }
  const frame = frameOf(http)
  return JSON.stringify({
    ...jobJson(view, http.zone, query),
    runs: runs.map((run) => runJson(run, frame, parts)),
  })
}

async function showJob(c: Context, http: HttpContext): Promise<Response> {
  const query = readQuery(c, jobQuery)
  const view = findJob(http.tron, c.req.param('job') ?? '')
  const runs = await newestRuns(http, view, query.num_runs)
  const parts = { include_action_runs: query.include_action_runs, include_action_graph: false }
  const frame = frameOf(http)
  return answer(c, {
    ...jobJson(view, http.zone, { ...query, include_node_pool: true }),
    runs: runs.map((run) => runJson(run, frame, parts)),
  })
}

/** @param wanted 0 for all that are kept */
async function newestRuns(http: HttpContext, view: JobView, wanted: number): Promise<readonly RunView[]> {
  const most = wanted === 0 ? Number.MAX_SAFE_INTEGER : wanted
  const runs: RunView[] = []
  let before: number | undefined
  while (runs.length < most) {
    const limit = Math.min(PAGE, most - runs.length)
    const page = await http.tron.runs(view.row.id, before === undefined ? { limit } : { limit, before })
    runs.push(...page)
    before = page.at(-1)?.row.number
    if (page.length < limit) break
  }
  return runs
}

/** A run; where the text selects none, the history of the action of that name. */
async function showRun(c: Context, http: HttpContext): Promise<Response> {
  const job = findJob(http.tron, c.req.param('job') ?? '')
  const text = c.req.param('run') ?? ''
  const run = await lookUpRun(http.tron, job, text)
  if (run !== undefined) return answer(c, runJson(run, frameOf(http), readQuery(c, runQuery)))
  const wanted = readQuery(c, historyQuery).num_runs
  const history = await http.tron.actionHistory(job.row.id, text, {
    limit: wanted === 0 ? Math.max(HISTORY, job.spec.runLimit) : wanted,
  })
  if (history.length === 0 && !actionsOf(job.spec).some((action) => action.name === text)) {
    throw new TronError('NOT_FOUND', `${job.row.id} has no run and no action ${text}`)
  }
  const frame = frameOf(http)
  return answer(
    c,
    history.map((action) => historyJson(action, frame)),
  )
}

async function showAction(c: Context, http: HttpContext): Promise<Response> {
  const query = readQuery(c, actionQuery)
  const job = findJob(http.tron, c.req.param('job') ?? '')
  const asked = await findRun(http.tron, job, c.req.param('run') ?? '')
  const before = findAction(asked, c.req.param('action') ?? '')
  const streams = await readStreams(http, before, query)
  // Reading may have waited for the rest of the output: what the action is by now belongs to the lines that are shown.
  const run = (await http.tron.run(job.row.id, { number: asked.row.number })) ?? asked
  return answer(c, actionWithOutput(findAction(run, before.row.name), frameOf(http), streams))
}

async function readStreams(http: HttpContext, action: ActionView, query: ActionQuery): Promise<Streams> {
  const lines = query.num_lines === 0 ? LINES : query.num_lines
  const read = async (stream: 'stdout' | 'stderr'): Promise<OutputView> =>
    http.tron.output(action.row.run, action.row.name, { stream, lines })
  const [stdout, stderr] = await Promise.all([
    query.include_stdout ? read('stdout') : undefined,
    query.include_stderr ? read('stderr') : undefined,
  ])
  return {
    ...(stdout === undefined ? {} : { stdout }),
    ...(stderr === undefined ? {} : { stderr }),
    meta: query.include_meta,
  }
}
