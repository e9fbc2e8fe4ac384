import { hash } from 'node:crypto'
import { TronError } from './errors.ts'
import { brand } from './unsafe-brand.ts'

declare const idKind: unique symbol
type Branded<Name extends string> = string & { readonly [idKind]: Name }

/** `<namespace>.<job>` */
export type JobId = Branded<'JobId'>
/** `<namespace>.<job>.<number>` */
export type RunId = Branded<'RunId'>
/** `<namespace>.<job>.<number>.<action>` */
export type ActionRunId = Branded<'ActionRunId'>
/** 26 characters of lower-case base32: one start of one action run, of one installation. */
export type AttemptId = Branded<'AttemptId'>

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]{0,254}$/
const ATTEMPT = /^[a-z2-7]{26}$/

/** Whether a text may name a namespace, job, action or pool: ASCII, at most 255 characters. */
export function isIdentifier(text: string): boolean {
  return IDENTIFIER.test(text)
}

/** Checks `<namespace>.<job>`. @throws BAD_ID */
export function jobId(text: string): JobId {
  const parts = text.split('.')
  if (parts.length !== 2 || !parts.every(isIdentifier)) throw badId('job', text, '<namespace>.<job>')
  return brand(text)
}

/** The id of one run of a job. @throws BAD_ID when the number is not a whole number of 0 or more */
export function runId(job: JobId, number: number): RunId {
  if (!Number.isSafeInteger(number) || number < 0) throw badId('run', `${job}.${number}`, '<job>.<number>')
  return brand(`${job}.${number}`)
}

/** The id of one action of a run. @throws BAD_ID */
export function actionRunId(run: RunId, action: string): ActionRunId {
  if (!isIdentifier(action)) throw badId('action', action, 'an identifier')
  return brand(`${run}.${action}`)
}

/** Checks the id of an attempt that came from outside. @throws BAD_ID */
export function attemptId(text: string): AttemptId {
  if (!ATTEMPT.test(text)) throw badId('attempt', text, '26 characters of a-z and 2-7')
  return brand(text)
}

/** The job of a run, and its number in it. The id must have been made here. */
export function runParts(id: RunId): { readonly job: JobId; readonly number: number } {
  const dot = id.lastIndexOf('.')
  return { job: brand(id.slice(0, dot)), number: Number(id.slice(dot + 1)) }
}

/** The parts of an action run's id. The id must have been made here. */
export function actionRunParts(id: ActionRunId): {
  readonly job: JobId
  readonly run: RunId
  readonly number: number
  readonly action: string
} {
  const [namespace, job, number, action] = id.split('.')
  if (namespace === undefined || job === undefined || number === undefined || action === undefined) {
    throw badId('action run', id, '<namespace>.<job>.<number>.<action>')
  }
  const jobName = jobId(`${namespace}.${job}`)
  return { job: jobName, run: runId(jobName, Number(number)), number: Number(number), action }
}

/**
 * What one attempt is, in words that anybody holding the same state would choose: the job, what asked for the run (a slot or a request), the
 * node slot (0 unless the job runs on all nodes), the action, and which start of it.
 */
export interface StartKey {
  readonly job: JobId
  readonly cause: { readonly slotMs: number } | { readonly request: string }
  readonly nodeSlot: number
  readonly action: string
  /** 0 for the first start of the action in this run. */
  readonly ordinal: number
}

/** A start key as one line of text without blanks; `parseStartKey` reads it back. */
export function formatStartKey(key: StartKey): string {
  const cause = 'slotMs' in key.cause ? `s${key.cause.slotMs}` : `r${encodeURIComponent(key.cause.request)}`
  return [key.job, cause, key.nodeSlot, key.action, key.ordinal].join('/')
}

/** Reads a start key back. @throws BAD_ID */
export function parseStartKey(text: string): StartKey {
  const [job, cause, nodeSlot, action, ordinal, more] = text.split('/')
  const whole = /^\d+$/
  if (
    job === undefined ||
    cause === undefined ||
    action === undefined ||
    more !== undefined ||
    !isIdentifier(action)
  ) {
    throw badId('start key', text, '<job>/<cause>/<node slot>/<action>/<ordinal>')
  }
  if (!whole.test(nodeSlot ?? '') || !whole.test(ordinal ?? '')) {
    throw badId('start key', text, 'whole numbers as node slot and ordinal')
  }
  return {
    job: jobId(job),
    cause: parseCause(cause),
    nodeSlot: Number(nodeSlot),
    action,
    ordinal: Number(ordinal),
  }
}

function parseCause(text: string): StartKey['cause'] {
  if (/^s-?\d+$/.test(text)) return { slotMs: Number(text.slice(1)) }
  if (!text.startsWith('r')) throw badId('start key', text, 's<milliseconds> or r<request id>')
  try {
    return { request: decodeURIComponent(text.slice(1)) }
  } catch (cause) {
    throw new TronError('BAD_ID', `"${text}" is not a request id that was percent-encoded`, { cause })
  }
}

/**
 * The id of an attempt: the first 26 characters of the lower-case base32 SHA-256 of installation and start key. The same intent, decided twice
 * by anybody who holds this installation, is one start.
 */
export function attemptIdOf(installation: string, startKey: string): AttemptId {
  return brand(base32(hash('sha256', `${installation}\n${startKey}`, 'buffer')).slice(0, 26))
}

/** 128 random bits as 26 characters of lower-case base32: the name of an installation. @throws BAD_ID for other lengths */
export function installationId(random: Uint8Array): string {
  if (random.length !== 16) throw new TronError('BAD_ID', 'an installation needs 16 random bytes')
  return base32(random)
}

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let value = 0
  for (const byte of bytes) {
    value = (value << 8) | byte
    bits += 8
    while (bits >= 5) {
      bits -= 5
      text += BASE32[(value >> bits) & 31]
    }
    value &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + BASE32[(value << (5 - bits)) & 31]
}

/** A number in [0, below), the same for the same text everywhere: how a run draws its node. `below` is at least 1. */
export function drawFrom(seed: string, below: number): number {
  return hash('sha256', seed, 'buffer').readUIntBE(0, 6) % below
}

/** The SHA-256 of a text in hex: how configurations are addressed by content. */
export function contentHash(text: string): string {
  return hash('sha256', text, 'hex')
}

function badId(what: string, text: string, accepted: string): TronError {
  return new TronError('BAD_ID', `"${text}" is not the id of a ${what}: expected ${accepted}`)
}
