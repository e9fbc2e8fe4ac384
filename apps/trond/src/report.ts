import { ERROR_CODES, isTronError, messageOf } from '@tron/model'

/** An error as a person at a terminal reads it: what is wrong, then what to do; no stack. */
export function describeError(error: unknown): string {
  if (isTronError(error)) return `trond: ${error.message}\n${error.hint}\n`
  return `trond: ${messageOf(error)}\n${ERROR_CODES.INTERNAL}\n`
}
