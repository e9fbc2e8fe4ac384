import { ACTOR_HEADER, CLIENT_NAME, IDEMPOTENCY_HEADER } from '@tron/api'
import { type Random, TronError } from '@tron/model'
import type { Context } from 'hono'
import type { z } from 'zod'

/** Reads the query by a schema; of a key given twice the first counts, as in Tron. @throws BAD_REQUEST naming the parameter and what is accepted */
export function readQuery<T>(c: Context, schema: z.ZodType<T>): T {
  return check(c.req.query(), schema)
}

/** Reads the fields of a POST, form-encoded or JSON; the query counts where the body is silent. @throws BAD_REQUEST */
export async function readBody<T>(c: Context, schema: z.ZodType<T>): Promise<T> {
  const text = decodeUtf8(await c.req.arrayBuffer())
  return check({ ...c.req.query(), ...parseFields(text, c.req.header('content-type') ?? '') }, schema)
}

/** Who commands, from where, and by which request. */
export interface Origin {
  readonly requestId: string
  /** The request came with an id of its own: it may be a repetition. */
  readonly isNamed: boolean
  readonly actor: string
  readonly source: string
}

/** @throws BAD_REQUEST for a request id or an actor that cannot be one */
export function readOrigin(c: Context, random: Random): Origin {
  const agent = c.req.header('user-agent') ?? ''
  const isClient = agent.startsWith(`${CLIENT_NAME}/`)
  const key = c.req.header(IDEMPOTENCY_HEADER)
  return {
    requestId: readRequestId(key, random),
    isNamed: key !== undefined,
    actor: readActor(c.req.header(ACTOR_HEADER)) ?? (isClient ? userOf(agent) : undefined) ?? 'anonymous',
    source: isClient ? 'cli' : c.req.header('sec-fetch-site') === undefined ? 'api' : 'web',
  }
}

const LONGEST = 255
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\u0000-\u001f\u007f]/

function readRequestId(given: string | undefined, random: Random): string {
  if (given === undefined) return Buffer.from(random.bytes(16)).toString('hex')
  if (given === '' || given.length > LONGEST || CONTROL.test(given)) {
    throw new TronError('BAD_REQUEST', `${IDEMPOTENCY_HEADER} must be a text of 1 to ${LONGEST} characters`)
  }
  return given
}

function readActor(given: string | undefined): string | undefined {
  const actor = given === undefined ? undefined : percentDecode(given)
  if (actor === undefined || actor === '') return undefined
  if (actor.length > LONGEST || CONTROL.test(actor)) {
    throw new TronError('BAD_REQUEST', `${ACTOR_HEADER} must be a text of at most ${LONGEST} characters`)
  }
  return actor
}

/** A header can carry ASCII only, so clients encode other names; what is not an encoding is taken as it stands. */
function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The user that Tron's command line puts at the end of its User-Agent. */
function userOf(agent: string): string | undefined {
  return /\(([^()]+)\)\s*$/.exec(agent)?.[1]
}

function decodeUtf8(bytes: ArrayBuffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', 'the body is not UTF-8', { cause })
  }
}

function parseFields(text: string, type: string): Record<string, string> {
  const kind = type.split(';')[0]?.trim().toLowerCase() ?? ''
  if (text.trim() === '') return {}
  if (kind === 'application/json') return parseJson(text)
  if (kind === '' || kind === 'application/x-www-form-urlencoded') return parseForm(text)
  throw new TronError(
    'BAD_REQUEST',
    `a body of type "${kind}" is not read; accepted are application/x-www-form-urlencoded and application/json`,
  )
}

/** By hand, because `URLSearchParams` silently replaces bytes that are not UTF-8. */
function parseForm(text: string): Record<string, string> {
  const fields = new Map<string, string>()
  for (const pair of text.split('&')) {
    const at = pair.indexOf('=')
    const name = formDecode(at < 0 ? pair : pair.slice(0, at))
    if (name !== '' && !fields.has(name)) fields.set(name, formDecode(at < 0 ? '' : pair.slice(at + 1)))
  }
  return Object.fromEntries(fields)
}

function formDecode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch (cause) {
    throw new TronError('BAD_REQUEST', 'the form is not percent-encoded UTF-8', { cause })
  }
}

function parseJson(text: string): Record<string, string> {
  const value = jsonOf(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new TronError('BAD_REQUEST', 'the body is JSON but not an object')
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== null)
      .map(([name, field]) => [name, scalar(name, field)]),
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', 'the body is not JSON', { cause })
  }
}

/** Fields are texts, as in a form; numbers and flags are taken for their text. */
function scalar(name: string, field: unknown): string {
  if (typeof field === 'string') return field
  if (typeof field === 'number') return String(field)
  if (typeof field === 'boolean') return field ? '1' : '0'
  throw new TronError('BAD_REQUEST', `${name}: accepted is a text, a number or a flag`)
}

/** Schemas of the contract carry what is accepted as their message. */
function check<T>(fields: Record<string, string>, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(fields)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const name = String(issue?.path[0] ?? '')
  const found = fields[name] === undefined ? 'is missing' : `"${fields[name].slice(0, 80)}" is not accepted`
  throw new TronError('BAD_REQUEST', `${name}: ${found}; accepted is ${issue?.message ?? 'another value'}`)
}
