import { ROUTES } from '@tron/api'
import type { Tron } from '@tron/core'
import type { Clock, Logger, Random } from '@tron/model'
import { Hono } from 'hono'
import { answer, errorBody } from './answer.ts'
import { addCommandRoutes } from './command-routes.ts'
import { addConfigRoutes } from './config-routes.ts'
import { answerErrors, limitBodies, markAnswers, refuseForeignPages } from './guards.ts'
import type { HttpContext } from './http-context.ts'
import { createJobCache } from './job-cache.ts'
import { addJobRoutes } from './job-routes.ts'
import { addServiceRoutes } from './service-routes.ts'

export interface HttpAppOptions {
  readonly tron: Tron
  /** Shown by `/api/status`. */
  readonly version: string
  /** When the daemon started, milliseconds since the epoch. */
  readonly bootMs: number
  readonly clock: Pick<Clock, 'nowMs'>
  /** Names requests that come without an id of their own. */
  readonly random: Random
  readonly log: Logger
  /** The largest configuration that may be uploaded, in bytes; 16 MiB by default. Other bodies are limited to 64 KiB. */
  readonly maxBodyBytes?: number
  /** Names of this daemon, in lower case, under which its pages may command; beside them `localhost` and addresses. More may be added while it runs. */
  readonly hosts?: ReadonlySet<string>
  /** The IANA zone of dates that are not a job's; this process's by default. */
  readonly zone?: string
}

/** The API as a hono app: give its `fetch` to a server. It holds nothing that must be closed. */
export function createHttpApp(options: HttpAppOptions): Hono {
  const { tron, version, bootMs, clock, random, log, maxBodyBytes = 16 * 1024 * 1024 } = options
  const zone = options.zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  const http: HttpContext = { tron, version, bootMs, clock, random, log, zone, cache: createJobCache(zone) }
  const app = new Hono({ strict: false })
  app.use(markAnswers, limitBodies(maxBodyBytes), refuseForeignPages(options.hosts ?? new Set()))
  addServiceRoutes(app, http)
  addConfigRoutes(app, http)
  addJobRoutes(app, http)
  addCommandRoutes(app, http)
  addMethodRefusals(app)
  app.notFound((c) => answer(c, errorBody('NOT_FOUND', `${c.req.path} does not exist`), 404))
  app.onError(answerErrors(log, random))
  return app
}

/** Known paths answer other methods with what they offer. */
function addMethodRefusals(app: Hono): void {
  const routes = Object.values(ROUTES)
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map((route) => route.method)
    const allow = [...methods, 'OPTIONS'].join(', ')
    app.options(path, (c) => c.body(null, 204, { Allow: allow }))
    app.all(path, (c) => {
      c.header('Allow', allow)
      return answer(c, errorBody('BAD_REQUEST', `${c.req.path} takes ${allow}, not ${c.req.method}`), 405)
    })
  }
}
