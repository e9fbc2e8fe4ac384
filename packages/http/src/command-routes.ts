import {
  ACTION_VERBS,
  type ApiResult,
  type CommandBody,
  commandBody,
  JOB_VERBS,
  ROUTES,
  RUN_VERBS,
} from '@tron/api'
import type { ActionVerb, Command, CommandReply, JobVerb, RunVerb } from '@tron/core'
import { type ErrorCode, TronError } from '@tron/model'
import type { Context, Hono } from 'hono'
import { answer, errorBody, statusOf } from './answer.ts'
import { findAction, findJob, findRun } from './find.ts'
import { parseRunTime } from './format-time.ts'
import type { HttpContext } from './http-context.ts'
import { readBody, readOrigin } from './request.ts'

const jobVerbs: readonly JobVerb[] = JOB_VERBS
const runVerbs: readonly RunVerb[] = RUN_VERBS
const actionVerbs: readonly ActionVerb[] = ACTION_VERBS

/** Adds the routes by which operators command jobs, runs and actions. */
export function addCommandRoutes(app: Hono, http: HttpContext): void {
  app.post(ROUTES.commandJobs.path, async (c) => {
    throw unknownCommand(await readBody(c, commandBody), 'JobCollection')
  })
  app.post(ROUTES.commandJob.path, async (c) => {
    const job = findJob(http.tron, c.req.param('job'))
    const body = await readBody(c, commandBody)
    const verb = wordOf(body, jobVerbs, `Job:${job.row.id}`)
    const runMs =
      body.run_time === undefined ? undefined : parseRunTime(body.run_time, job.spec.schedule.zone)
    return perform(c, http, {
      kind: 'job',
      job: job.row.id,
      verb,
      ...(runMs === undefined ? {} : { runMs }),
    })
  })
  app.post(ROUTES.commandRun.path, async (c) => {
    const run = await findRun(http.tron, findJob(http.tron, c.req.param('job')), c.req.param('run'))
    const verb = wordOf(await readBody(c, commandBody), runVerbs, `JobRun:${run.row.id}`)
    return perform(c, http, { kind: 'run', run: run.row.id, verb })
  })
  app.post(ROUTES.commandAction.path, async (c) => {
    const run = await findRun(http.tron, findJob(http.tron, c.req.param('job')), c.req.param('run'))
    const { row } = findAction(run, c.req.param('action'))
    const verb = wordOf(await readBody(c, commandBody), actionVerbs, `ActionRun: ${row.id}`)
    return perform(c, http, { kind: 'action', run: row.run, action: row.name, verb })
  })
}

async function perform(c: Context, http: HttpContext, subject: Command['subject']): Promise<Response> {
  const reply = await http.tron.command({ ...readOrigin(c, http.random), subject })
  return answerReply(c, reply)
}

/** What each outcome but `done` is called in an answer. */
const CODES = {
  refused: 'ILLEGAL_STATE',
  'not-found': 'NOT_FOUND',
  fenced: 'FENCED',
  degraded: 'STORE_DEGRADED',
} as const satisfies Record<Exclude<CommandReply['outcome'], 'done'>, ErrorCode>

function answerReply(c: Context, { outcome, text, runs }: CommandReply): Response {
  if (outcome === 'done') return answer(c, { result: text, runs } satisfies ApiResult)
  const code = CODES[outcome]
  const body = errorBody(code, text)
  return answer(c, outcome === 'refused' ? { ...body, result: text } : body, statusOf(code))
}

/** The body's command word, when the subject knows it. @throws UNKNOWN_COMMAND with Tron's sentence */
function wordOf<Verb extends string>(body: CommandBody, verbs: readonly Verb[], subject: string): Verb {
  const verb = verbs.find((one) => one === body.command)
  if (verb === undefined) throw unknownCommand(body, subject)
  return verb
}

/** `None` for a missing word is what Tron's clients know. */
function unknownCommand(body: CommandBody, subject: string): TronError {
  return new TronError('UNKNOWN_COMMAND', `Unknown command '${body.command ?? 'None'}' for '${subject}'`)
}
