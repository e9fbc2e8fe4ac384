import { createHash } from 'node:crypto'
import {
  type ApiConfig,
  type ApiConfigAccepted,
  type ApiConfigRefused,
  type ApiConfigs,
  type ConfigBody,
  configBody,
  configQuery,
  problemText,
  ROUTES,
} from '@tron/api'
import { type ConfigProblem, isIdentifier, isTronError, TronError } from '@tron/model'
import type { Context, Hono } from 'hono'
import { answer, errorBody, statusOf } from './answer.ts'
import type { HttpContext } from './http-context.ts'
import { readBody, readOrigin, readQuery } from './request.ts'

/** Shown for a namespace that does not exist: something to start from, and the hash of no text, as in Tron. */
const ABSENT: ApiConfig = { config: 'jobs: {}\n', hash: createHash('sha1').update('').digest('hex') }

/** Adds the routes that read and change the configuration. */
export function addConfigRoutes(app: Hono, http: HttpContext): void {
  app.get(ROUTES.config.path, async (c) => {
    const { name } = readQuery(c, configQuery)
    const texts = await http.tron.config.texts()
    if (name === undefined) return answer(c, configsOf(texts))
    const found = texts.get(name)
    return answer(c, found === undefined ? ABSENT : { config: found.text, hash: found.hash })
  })
  app.post(ROUTES.updateConfig.path, async (c) => change(c, http, await readBody(c, configBody)))
}

function configsOf(texts: Awaited<ReturnType<HttpContext['tron']['config']['texts']>>): ApiConfigs {
  return Object.fromEntries([...texts].map(([name, { text, hash }]) => [name, { config: text, hash }]))
}

async function change(c: Context, http: HttpContext, body: ConfigBody): Promise<Response> {
  const { name, config, hash } = body
  if (!isIdentifier(name)) {
    throw new TronError('BAD_ID', `name: "${name}" is not accepted; accepted is the name of a namespace`)
  }
  const { actor } = readOrigin(c, http.random)
  try {
    const repository = http.tron.config
    const result = await (body.check
      ? repository.check(name, config, hash)
      : repository.update(name, config, hash))
    if (!result.ok) return refused(c, result.problems)
    if (!body.check)
      http.log.info('configuration changed', { namespace: name, actor, deleted: config === '' })
    return answer(c, { status: 'Active', problems: result.problems } satisfies ApiConfigAccepted)
  } catch (error) {
    // Tron's client looks for `status` beside `error` on every refusal of an upload.
    if (!isTronError(error) || statusOf(error.code) === 500) throw error
    const refusal: ApiConfigRefused = {
      status: 'Active',
      error: error.message,
      code: error.code,
      hint: error.hint,
      problems: [],
    }
    return answer(c, refusal, statusOf(error.code))
  }
}

function refused(c: Context, problems: readonly ConfigProblem[]): Response {
  const errors = problems.filter((problem) => problem.severity === 'error')
  const text = errors.map(problemText).join('\n')
  const refusal: ApiConfigRefused = {
    status: 'Active',
    ...errorBody('CONFIG_INVALID', text),
    problems,
  }
  return answer(c, refusal, 400)
}
