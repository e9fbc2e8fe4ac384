import { ROUTES } from '@tron/api'
import { isTronError, type Logger, messageOf, type Random } from '@tron/model'
import type { Context, ErrorHandler, MiddlewareHandler } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { answer, errorBody, statusOf } from './answer.ts'
import { isOwnHost } from './own-hosts.ts'

/** Bytes that any body but a configuration may have. */
const SMALL_BODY = 64 * 1024

/** Refuses bodies that are too large before they are in memory: small ones everywhere, `largest` for a configuration. */
export function limitBodies(largest: number): MiddlewareHandler {
  const small = limitBody(Math.min(SMALL_BODY, largest))
  const large = limitBody(largest)
  return async function limitBodyOf(c, next) {
    const isConfig = c.req.path === ROUTES.config.path || c.req.path === `${ROUTES.config.path}/`
    return isConfig ? large(c, next) : small(c, next)
  }
}

function limitBody(maxSize: number): MiddlewareHandler {
  return bodyLimit({
    maxSize,
    onError: (c) => answer(c, errorBody('BAD_REQUEST', `the body is larger than ${maxSize} bytes`), 413),
  })
}

/** Answers are of the moment and are what they say they are. */
export const markAnswers: MiddlewareHandler = async function markAnswers(c, next) {
  await next()
  c.res.headers.set('Cache-Control', 'no-store')
  c.res.headers.set('X-Content-Type-Options', 'nosniff')
}

/**
 * Refuses commands that a page of another origin makes a browser send: a form needs no permission of ours to be posted. So are those of a page under
 * a name that is not ours, which a stranger made point here. Clients that are no browsers send neither header, and may use any name.
 *
 * @param names of this daemon, beside `localhost` and addresses
 */
export function refuseForeignPages(names: ReadonlySet<string>): MiddlewareHandler {
  return async function refuseForeignPage(c, next) {
    if (c.req.method !== 'POST' || !isOfPage(c)) return next()
    if (isForeign(c)) {
      return answer(c, errorBody('BAD_REQUEST', 'commands are not taken from pages of another origin'), 403)
    }
    const host = hostAsked(c)
    if (isOwnHost(host, names)) return next()
    const error = `commands are not taken from pages under the name ${host}`
    const hint = 'If it is a name of this daemon, list it in allowed_hosts of trond.yaml.'
    return answer(c, { ...errorBody('BAD_REQUEST', error), hint }, 403)
  }
}

/** Browsers send one of these with every command of a page. */
function isOfPage(c: Context): boolean {
  return c.req.header('sec-fetch-site') !== undefined || c.req.header('origin') !== undefined
}

function isForeign(c: Context): boolean {
  const site = c.req.header('sec-fetch-site')
  if (site !== undefined) return site !== 'same-origin' && site !== 'none'
  const origin = c.req.header('origin')
  return origin !== undefined && hostOf(origin) !== hostAsked(c)
}

function hostAsked(c: Context): string {
  return c.req.header('host') ?? new URL(c.req.url).host
}

/** Null for `null`, which sandboxed pages send. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null
}

/** Turns whatever was thrown into JSON: ours with its code, all else with a reference to the log, never a stack. */
export function answerErrors(log: Logger, random: Random): ErrorHandler {
  return (error, c) => {
    if (isTronError(error) && statusOf(error.code) !== 500) {
      return answer(c, { error: error.message, code: error.code, hint: error.hint }, statusOf(error.code))
    }
    const reference = Buffer.from(random.bytes(6)).toString('hex')
    log.error('request failed', {
      reference,
      method: c.req.method,
      path: c.req.path,
      error: messageOf(error),
      stack: error.stack,
      ...(isTronError(error) ? { code: error.code, details: error.details } : {}),
    })
    if (isTronError(error)) {
      return answer(c, { error: error.message, code: error.code, hint: error.hint }, 500)
    }
    return answer(c, errorBody('INTERNAL', `internal error; the daemon log has it under ${reference}`), 500)
  }
}
