/** Every code an error of ours may carry, with the hint shown when the thrower has no better one. Codes are never reused. */
export const ERROR_CODES = {
  BAD_ID: 'Use names of letters, digits, _ and -, starting with a letter or _.',
  BAD_REQUEST: 'Correct the request and send it again.',
  CONFIG_INVALID: 'Correct the places named. A daemon that runs goes on with the configuration it has.',
  CONFIG_STALE: 'Read the configuration again, repeat your change on it, and send it with the new hash.',
  NOT_FOUND: 'List what exists with tronview.',
  ILLEGAL_STATE: 'Look at the state with tronview, then choose a command that applies to it.',
  KEY_REUSED: 'Send every command under an Idempotency-Key of its own.',
  UNKNOWN_COMMAND: 'Use one of the commands that the documentation lists.',
  ALREADY_RUNNING: 'Stop the other daemon first, or use another working directory.',
  FENCED:
    'Give the command to the scheduler that holds the nodes; or stop that one, and start this one with --take-over.',
  STORE_DEGRADED:
    'Mend what the message names. A daemon that runs retries by itself; start again one that has ended.',
  STORE_CORRUPT: 'Restore the state from a backup and start with --take-over.',
  STORE_VERSION: 'Start the version of Tron that wrote this state, or a newer one.',
  LEASE_LOST: 'Another scheduler took over the store; this one only reads.',
  EXECUTOR_FAILED: 'Look at the daemon log for what the executor reported.',
  UNREACHABLE: 'Check that the node is up and that the daemon may log in to it.',
  HOST_KEY: 'Check the host key of the node, then correct the known hosts file.',
  PROTOCOL: 'The node answered in a way this version does not understand; see the daemon log.',
  PLUGIN: 'Check the module named in the daemon settings, and its version.',
  SETTINGS: 'Correct the settings at the place named.',
  SECRET: 'Check that the secret named exists and may be read.',
  OUTPUT_UNAVAILABLE: 'The output is no longer kept, or its node cannot be asked now.',
  LOGS_FAILED: 'Mend what the message names; what is missing of output is then fetched by itself.',
  INTERNAL: 'This is a defect of Tron; report it with the message.',
} as const

/** A code of an error: what scripts look at. */
export type ErrorCode = keyof typeof ERROR_CODES

/** What an error may say beside its code and message. */
export interface TronErrorOptions {
  /** What to do next; the default hint of the code when left out. */
  readonly hint?: string
  readonly cause?: unknown
  /** Facts for logs and for `--json`: ids, paths, places. */
  readonly details?: Readonly<Record<string, unknown>>
}

/** The one error that a user can meet: a stable code, a message that names what is concerned, a hint that says what to do next. */
export class TronError extends Error {
  override readonly name = 'TronError'
  readonly code: ErrorCode
  readonly hint: string
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ErrorCode, message: string, options: TronErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.hint = options.hint ?? ERROR_CODES[code]
    this.details = options.details ?? {}
  }
}

/** Recognises an error of ours by its name and code, so that it works across copies of this package and after a structured clone. */
export function isTronError(error: unknown, code?: ErrorCode): error is TronError {
  if (!(error instanceof Error) || error.name !== 'TronError' || !('code' in error)) return false
  return code === undefined || error.code === code
}

/** The text of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown)
}
