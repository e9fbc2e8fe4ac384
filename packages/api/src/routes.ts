/** One route: `:name` stands for one segment of the path. */
export interface Route {
  readonly method: 'GET' | 'POST'
  readonly path: string
  /** What it is for, in a line. */
  readonly purpose: string
}

/** Every route of the API, by name. A server offers exactly these. */
export const ROUTES = {
  root: { method: 'GET', path: '/', purpose: 'For people: what answers here, and where to look' },
  web: { method: 'GET', path: '/web', purpose: 'Where Tron 3 has its dashboard: leads to /' },
  index: { method: 'GET', path: '/api', purpose: 'Jobs with their actions, and namespaces' },
  status: { method: 'GET', path: '/api/status', purpose: 'Version, state and targets of the daemon' },
  recover: {
    method: 'POST',
    path: '/api/recover',
    purpose: 'Go on without a node that a take-over waits for',
  },
  jobs: { method: 'GET', path: '/api/jobs', purpose: 'All jobs' },
  commandJobs: {
    method: 'POST',
    path: '/api/jobs',
    purpose: 'Commands to all jobs: none yet, each word is refused',
  },
  job: { method: 'GET', path: '/api/jobs/:job', purpose: 'One job and its runs' },
  commandJob: { method: 'POST', path: '/api/jobs/:job', purpose: 'start, enable, disable' },
  run: {
    method: 'GET',
    path: '/api/jobs/:job/:run',
    purpose: 'One run, by number, HEAD or -k; else the history of the action of that name',
  },
  commandRun: { method: 'POST', path: '/api/jobs/:job/:run', purpose: 'start, cancel, stop' },
  action: { method: 'GET', path: '/api/jobs/:job/:run/:action', purpose: 'One action run and its output' },
  commandAction: {
    method: 'POST',
    path: '/api/jobs/:job/:run/:action',
    purpose: 'start, success, fail, skip, cancel, stop, kill',
  },
  config: { method: 'GET', path: '/api/config', purpose: 'Text and hash of one namespace, or of all' },
  updateConfig: { method: 'POST', path: '/api/config', purpose: 'Upload, check or delete one namespace' },
  live: { method: 'GET', path: '/livez', purpose: 'Whether the process answers' },
  ready: { method: 'GET', path: '/readyz', purpose: 'Whether the engine is working' },
} as const satisfies Readonly<Record<string, Route>>

/** The name of a route. */
export type RouteName = keyof typeof ROUTES

/** Request id of a command: repeating it is answered with the first answer and does nothing. */
export const IDEMPOTENCY_HEADER = 'Idempotency-Key'

/** Who commands; percent-encoded where it is not plain ASCII. */
export const ACTOR_HEADER = 'X-Tron-Actor'

/** The beginning of the User-Agent of Tron's command line. */
export const CLIENT_NAME = 'Tron Command'

/** A route's path with its segments filled in, percent-encoded. Segments are taken in the order of the path. */
export function pathOf(route: Route, ...segments: readonly string[]): string {
  let next = 0
  return route.path.replaceAll(/:[a-z]+/g, () => {
    const segment = segments[next] ?? ''
    next += 1
    return encodeURIComponent(segment)
  })
}
