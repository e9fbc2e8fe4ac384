import {
  type ActionQuery,
  type ApiAction,
  type ApiConfig,
  type ApiConfigAccepted,
  type ApiConfigRefused,
  type ApiConfigs,
  type ApiIndex,
  type ApiJob,
  type ApiJobList,
  type ApiResult,
  type ApiRun,
  type ApiStatus,
  type CommandBody,
  type HistoryQuery,
  type JobQuery,
  type JobsQuery,
  ROUTES,
  type Route,
  type RunQuery,
} from '@tron/api/light'
import { isTronError } from '@tron/model'
import { type Fetch, type Request, refusalOf, send, type TransportOptions, valueOf } from './transport.ts'

/** Which daemon to ask, as whom, and by what. */
export interface ClientOptions {
  /** Such as `http://localhost:8089`. */
  readonly baseUrl: string
  /** Who commands; shown in the audit. */
  readonly actor: string
  readonly userAgent: string
  readonly fetch?: Fetch
  /** Waits before a command is sent again; without it that happens at once. */
  readonly pause?: (ms: number) => Promise<void>
  /** How long an answer may take; a minute by default. */
  readonly timeoutMs?: number
}

/** An upload or a check of one namespace. An empty text deletes the namespace. */
export interface Upload {
  readonly name: string
  readonly config: string
  readonly hash: string
}

/** Tron's API. All methods throw a `TronError`: with the server's code, text and hint, or UNREACHABLE when there is no answer. */
export interface TronClient {
  readonly baseUrl: string
  index(): Promise<ApiIndex>
  status(): Promise<ApiStatus>
  jobs(query?: Partial<JobsQuery>): Promise<ApiJobList>
  job(job: string, query?: Partial<JobQuery>): Promise<ApiJob>
  /** @param run a number, `HEAD` or `-k` */
  run(job: string, run: string, query?: Partial<RunQuery>): Promise<ApiRun>
  action(path: ActionPath, query?: Partial<ActionQuery>): Promise<ApiAction>
  history(job: string, action: string, query?: Partial<HistoryQuery>): Promise<readonly ApiAction[]>
  config(name: string): Promise<ApiConfig>
  configs(): Promise<ApiConfigs>
  /** A refusal for what is wrong in the text is a value with its places, all else is thrown. Never sent twice. */
  upload(upload: Upload): Promise<ApiConfigAccepted | ApiConfigRefused>
  /** What an upload would answer. */
  check(upload: Upload): Promise<ApiConfigAccepted | ApiConfigRefused>
  /** Each call is one request, done at most once: after a broken connection it is sent again under the same key, three times in all. */
  commandJob(job: string, body: CommandBody): Promise<ApiResult>
  commandRun(job: string, run: string, body: CommandBody): Promise<ApiResult>
  commandAction(path: ActionPath, body: CommandBody): Promise<ApiResult>
  /** Goes on without a node that a take-over waits for. Sent as commands are. */
  recoverWithout(node: string): Promise<ApiResult>
}

/** Names an action of a run. */
export interface ActionPath {
  readonly job: string
  readonly run: string
  readonly action: string
}

/** Pauses before a command is sent again. */
const PAUSES = [200, 1_000]

/**
 * Makes a client of a daemon's HTTP API. Every answer is checked against its contract. @throws TronError with the code that the daemon gave, UNREACHABLE
 * where nobody answers
 */
export function createClient(options: ClientOptions): TronClient {
  const transport: TransportOptions = { fetch, timeoutMs: 60_000, ...options }
  const get = async <T>(route: Route, segments: readonly string[], query: Request['query']): Promise<T> =>
    valueOf(await send(transport, { route, segments, ...(query === undefined ? {} : { query }) }))
  const order = async (route: Route, segments: readonly string[], body: Record<string, string>) =>
    valueOf<ApiResult>(await sendAgain(transport, options.pause, { route, segments, body, key: freshKey() }))
  const command = (route: Route, segments: readonly string[], body: CommandBody) =>
    order(route, segments, textsOf(body))

  return {
    baseUrl: options.baseUrl,
    index: () => get(ROUTES.index, [], undefined),
    status: () => get(ROUTES.status, [], undefined),
    jobs: (query) => get(ROUTES.jobs, [], query),
    job: (job, query) => get(ROUTES.job, [job], query),
    run: (job, run, query) => get(ROUTES.run, [job, run], query),
    action: ({ job, run, action }, query) => get(ROUTES.action, [job, run, action], query),
    history: (job, action, query) => get(ROUTES.run, [job, action], query),
    config: (name) => get(ROUTES.config, [], { name }),
    configs: () => get(ROUTES.config, [], undefined),
    upload: (upload) => sendConfig(transport, { ...upload, check: '0' }),
    check: (upload) => sendConfig(transport, { ...upload, check: '1' }),
    commandJob: (job, body) => command(ROUTES.commandJob, [job], body),
    commandRun: (job, run, body) => command(ROUTES.commandRun, [job, run], body),
    commandAction: ({ job, run, action }, body) => command(ROUTES.commandAction, [job, run, action], body),
    recoverWithout: (node) => order(ROUTES.recover, [], { without: node }),
  }
}

async function sendConfig(
  transport: TransportOptions,
  body: Record<string, string>,
): Promise<ApiConfigAccepted | ApiConfigRefused> {
  const reply = await send(transport, { route: ROUTES.updateConfig, segments: [], body })
  return refusalOf(reply) ?? valueOf(reply)
}

async function sendAgain(
  transport: TransportOptions,
  pause: ClientOptions['pause'],
  request: Request,
): ReturnType<typeof send> {
  for (const ms of PAUSES) {
    try {
      return await send(transport, request)
    } catch (error) {
      if (!isTronError(error, 'UNREACHABLE')) throw error
      await pause?.(ms)
    }
  }
  return send(transport, request)
}

function textsOf(body: CommandBody): Record<string, string> {
  return {
    ...(body.command === undefined ? {} : { command: body.command }),
    ...(body.run_time === undefined ? {} : { run_time: body.run_time }),
  }
}

/** 128 random bits. Not `randomUUID`: browsers have that on secure pages only. */
function freshKey(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, '0'))
    .join('')
}
