import { type ApiHealth, type ApiStatus, ROUTES } from '@tron/api'
import type { Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { answer, answerText } from './answer.ts'
import { frontPage, frontText } from './front.ts'
import type { HttpContext } from './http-context.ts'
import { presentJobs } from './job-routes.ts'
import { mapWithPauses } from './unhurried.ts'

const TEXT = 'text/plain'

/** Adds the routes about the daemon itself: index, status, health. */
export function addServiceRoutes(app: Hono, http: HttpContext): void {
  app.get(ROUTES.root.path, (c) => {
    const kind = accepts(c, { header: 'Accept', supports: ['text/html', TEXT], default: TEXT })
    return kind === TEXT ? c.text(frontText(http)) : c.html(frontPage(http))
  })
  app.get(ROUTES.web.path, (c) => c.redirect(ROUTES.root.path, 302))
  app.get(ROUTES.index.path, async (c) => {
    const texts = await http.tron.config.texts()
    const entries = await mapWithPauses(presentJobs(http), (view) => http.cache.entry(view))
    return answerText(c, `{"jobs":{${entries.join(',')}},"namespaces":${JSON.stringify([...texts.keys()])}}`)
  })
  app.get(ROUTES.status.path, (c) => answer(c, statusJson(http)))
  app.get(ROUTES.live.path, (c) => answer(c, { status: 'alive', reason: null } satisfies ApiHealth))
  app.get(ROUTES.ready.path, (c) => {
    const { state, reason } = http.tron.status()
    return answer(c, { status: state, reason } satisfies ApiHealth, state === 'working' ? 200 : 503)
  })
}

function statusJson(http: HttpContext): ApiStatus {
  const { state, reason, installation, epoch, waitingFor, targets } = http.tron.status()
  return {
    status: "I'm alive.",
    version: http.version,
    boot_time: Math.floor(http.bootMs / 1_000),
    installation,
    state,
    reason,
    epoch,
    waiting_for: waitingFor,
    targets,
    config_errors: http.tron.config.faults().map(({ file, line, column, path, message, sinceMs }) => ({
      file,
      line,
      column,
      path,
      message,
      since: Math.floor(sinceMs / 1_000),
    })),
  }
}
