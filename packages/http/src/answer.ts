import type { ApiError } from '@tron/api'
import { ERROR_CODES, type ErrorCode, type TronError } from '@tron/model'
import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'

/** Answers with a JSON text that is ready. */
export function answerText(c: Context, text: string, status: ContentfulStatusCode = 200): Response {
  return c.body(text, status, { 'Content-Type': 'application/json; charset=utf-8' })
}

/** Answers with a value as JSON. Empty lists and objects have bodies too. */
export function answer(c: Context, value: unknown, status: ContentfulStatusCode = 200): Response {
  return answerText(c, JSON.stringify(value), status)
}

/** The body of a refusal, with the code's own hint. */
export function errorBody(code: ErrorCode, error: string): ApiError {
  return { error, code, hint: ERROR_CODES[code] }
}

/** The status that says best what an error's code means. */
export function statusOf(code: TronError['code']): ContentfulStatusCode {
  return STATUS[code] ?? 500
}

const STATUS: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  BAD_ID: 400,
  BAD_REQUEST: 400,
  CONFIG_INVALID: 400,
  NOT_FOUND: 404,
  CONFIG_STALE: 409,
  ILLEGAL_STATE: 409,
  KEY_REUSED: 409,
  UNKNOWN_COMMAND: 501,
  FENCED: 503,
  LEASE_LOST: 503,
  STORE_DEGRADED: 503,
  UNREACHABLE: 503,
  OUTPUT_UNAVAILABLE: 503,
  LOGS_FAILED: 503,
}
