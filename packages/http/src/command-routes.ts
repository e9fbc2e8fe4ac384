import {
  ACTION_VERBS,
  type ApiResult,
  type CommandBody,
  commandBody,
  JOB_VERBS,
  ROUTES,
  RUN_VERBS,
  recoverBody,
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
  app.post(ROUTES.recover.path, async (c) => {
    const { without } = await readBody(c, recoverBody)
    const { isNamed: _, ...by } = readOrigin(c, http.random)
    const reply = await http.tron.recoverWithout(without, by)
    if (reply.outcome !== 'not-found') return answerReply(c, reply)
    throw new TronError('NOT_FOUND', reply.text, { hint: 'List what is waited for with tron status.' })
  })
  app.post(ROUTES.commandJob.path, (c) =>
    perform(c, http, (body) => {
      const job = findJob(http.tron, c.req.param('job'))
      const verb = wordOf(body, jobVerbs, `Job:${job.row.id}`)
      const subject = { kind: 'job', job: job.row.id, verb } as const
      if (body.run_time === undefined) return subject
      return { ...subject, runMs: parseRunTime(body.run_time, job.spec.schedule.zone) }
    }),
  )
  app.post(ROUTES.commandRun.path, (c) =>
    perform(c, http, async (body) => {
      const run = await findRun(http.tron, findJob(http.tron, c.req.param('job')), c.req.param('run'))
      return { kind: 'run', run: run.row.id, verb: wordOf(body, runVerbs, `JobRun:${run.row.id}`) }
    }),
  )
  app.post(ROUTES.commandAction.path, (c) =>
    perform(c, http, async (body) => {
      const run = await findRun(http.tron, findJob(http.tron, c.req.param('job')), c.req.param('run'))
      const { row } = findAction(run, c.req.param('action'))
      const verb = wordOf(body, actionVerbs, `ActionRun: ${row.id}`)
      return { kind: 'action', run: row.run, action: row.name, verb }
    }),
  )
}

type Subject = Command['subject']

/** Reads a command, and gives it unless it is a repetition: that has its answer also where what it named is gone, or another run is `HEAD` by now. */
async function perform(
  c: Context,
  http: HttpContext,
  subjectOf: (body: CommandBody) => Subject | Promise<Subject>,
): Promise<Response> {
  const { tron } = http
  const body = await readBody(c, commandBody)
  const { isNamed, ...origin } = readOrigin(c, http.random)
  const asked = askedOf(c, body)
  const before = isNamed ? await tron.answered({ requestId: origin.requestId, asked }) : null
  if (before !== null) return answerReply(c, before)
  return answerReply(c, await tron.command({ ...origin, asked, subject: await subjectOf(body) }))
}

/** What is asked, in the words of the request. */
function askedOf(c: Context, { command, run_time }: CommandBody): string {
  const { job, run, action } = c.req.param()
  const name = [job, run, action].filter((part) => part !== undefined).join('.')
  return `${command ?? 'None'} ${name}${run_time === undefined ? '' : ` for ${run_time}`}`
}

/** What each outcome but `done` is called in an answer. */
const CODES = {
  refused: 'ILLEGAL_STATE',
  'not-found': 'NOT_FOUND',
  fenced: 'FENCED',
  degraded: 'STORE_DEGRADED',
  reused: 'KEY_REUSED',
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
