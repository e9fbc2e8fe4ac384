import {
  ACTOR_HEADER,
  type ApiConfigRefused,
  type ApiError,
  IDEMPOTENCY_HEADER,
  pathOf,
  type Route,
} from '@tron/api/light'
import { ERROR_CODES, type ErrorCode, messageOf, TronError } from '@tron/model'
import { trustJson } from './unsafe-json.ts'

/** The part of `fetch` that the client needs. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

export interface TransportOptions {
  readonly baseUrl: string
  readonly actor: string
  readonly userAgent: string
  readonly fetch: Fetch
  readonly timeoutMs: number
}

export interface Request {
  readonly route: Route
  readonly segments: readonly string[]
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  readonly body?: Readonly<Record<string, string>>
  /** Of a command: what makes sending it again safe. */
  readonly key?: string
}

/** What came back: a status and a text that is JSON. */
export interface Reply {
  readonly status: number
  readonly text: string
}

/** Sends one request, once. @throws UNREACHABLE when there is no answer, or none of ours */
export async function send(options: TransportOptions, request: Request): Promise<Reply> {
  const url = new URL(pathOf(request.route, ...request.segments), options.baseUrl)
  for (const [name, value] of Object.entries(request.query ?? {})) {
    if (value !== undefined) url.searchParams.set(name, textOf(value))
  }
  try {
    const response = await options.fetch(url.href, {
      method: request.route.method,
      headers: headersOf(options, request),
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(options.timeoutMs),
    })
    const reply = { status: response.status, text: await response.text() }
    if (response.headers.get('content-type')?.startsWith('application/json') === true) return reply
    throw new Error(`it answered ${response.status} with something that is not JSON`)
  } catch (error) {
    throw unreachable(options, error)
  }
}

/** The value of a reply that says it was done. @throws the error that the server states, by its code */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller's return type says which shape
export function valueOf<T>(reply: Reply): T {
  if (reply.status < 300) return trustJson<T>(reply.text)
  throw errorOf(reply)
}

/** The refusal of an upload for what is wrong in it; undefined for any other reply. */
export function refusalOf(reply: Reply): ApiConfigRefused | undefined {
  if (reply.status !== 400) return undefined
  const body = trustJson<ApiConfigRefused>(reply.text)
  return body.code === 'CONFIG_INVALID' && body.problems.length > 0 ? body : undefined
}

function errorOf(reply: Reply): TronError {
  const { error, code, hint } = trustJson<Partial<ApiError>>(reply.text)
  const known = code !== undefined && isCode(code) ? code : codeOf(reply.status)
  return new TronError(known, error ?? `the server answered ${reply.status}`, {
    ...(hint === undefined ? {} : { hint }),
    details: { status: reply.status },
  })
}

function isCode(code: string): code is ErrorCode {
  return Object.hasOwn(ERROR_CODES, code)
}

/** A Tron 3 server sends no code: its status has to do. */
function codeOf(status: number): ErrorCode {
  if (status === 404) return 'NOT_FOUND'
  if (status === 409) return 'ILLEGAL_STATE'
  if (status === 501) return 'UNKNOWN_COMMAND'
  return status < 500 ? 'BAD_REQUEST' : 'INTERNAL'
}

function headersOf(options: TransportOptions, request: Request): Record<string, string> {
  return {
    Accept: 'application/json',
    'User-Agent': options.userAgent,
    ...(request.route.method === 'POST' ? { [ACTOR_HEADER]: encodeURIComponent(options.actor) } : {}),
    ...(request.body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(request.key === undefined ? {} : { [IDEMPOTENCY_HEADER]: request.key }),
  }
}

function unreachable(options: TransportOptions, error: unknown): TronError {
  return new TronError(
    'UNREACHABLE',
    `Error connecting to the tron server (${options.baseUrl}): ${whyOf(error, options)}`,
    { hint: 'Check that trond runs there and that the address is right.', cause: error },
  )
}

/** `fetch` itself only says that it failed; why is in its causes, one for each address that was tried. */
function whyOf(error: unknown, options: TransportOptions): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${options.timeoutMs / 1_000} s`
  const { cause } = error
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join('; ')
  return cause === undefined ? error.message : messageOf(cause)
}

/** Flags are digits, as Tron reads them. */
function textOf(value: string | number | boolean): string {
  return typeof value === 'boolean' ? String(Number(value)) : String(value)
}
