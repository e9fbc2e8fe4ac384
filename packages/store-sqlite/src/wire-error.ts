import { ERROR_CODES, type ErrorCode, isTronError, messageOf, TronError } from '@tron/model'
import type { WireError } from './messages.ts'
import { type SqlFailure, sqlFailure } from './sqlite.ts'

const WORDS: Readonly<Record<SqlFailure, string>> = {
  full: 'the disk is full',
  busy: 'somebody else has locked it',
  corrupt: 'it is damaged, or not a database',
  duplicate: 'a key is there already',
  misfit: 'a row does not fit its table',
  io: 'it cannot be read or written',
  other: 'it refused a statement',
}

const CODES: Readonly<Record<SqlFailure, ErrorCode>> = {
  full: 'STORE_DEGRADED',
  busy: 'STORE_DEGRADED',
  corrupt: 'STORE_CORRUPT',
  duplicate: 'INTERNAL',
  misfit: 'INTERNAL',
  io: 'STORE_DEGRADED',
  other: 'STORE_DEGRADED',
}

/** What an error of a database means to people: which file, and what is wrong with it. */
export function describe(error: unknown, file: string): WireError {
  if (isTronError(error)) return { code: error.code, message: error.message, details: {} }
  const failure = sqlFailure(error)
  if (failure === undefined) return { code: 'INTERNAL', message: messageOf(error), details: { file } }
  return {
    code: CODES[failure],
    message: `${file}: ${WORDS[failure]} (${messageOf(error)})`,
    details: { file },
  }
}

/** The error that it was in the other thread. */
export function revive({ code, message, details }: WireError): TronError {
  return new TronError(isErrorCode(code) ? code : 'INTERNAL', message, { details })
}

function isErrorCode(code: string): code is ErrorCode {
  return code in ERROR_CODES
}
