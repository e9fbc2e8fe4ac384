/** The time, and timers. `nowMs` is whole milliseconds since the epoch and may jump; `monotonicMs` never goes back and starts anywhere. */
export interface Clock {
  nowMs(): number
  monotonicMs(): number
  /** Resolves after `ms` on the monotonic clock; rejects with the signal's reason when aborted. */
  sleep(ms: number, options?: { readonly signal?: AbortSignal }): Promise<void>
  /** Calls once after `ms` on the monotonic clock, unless the returned function was called before. The timer keeps the process alive. */
  timer(ms: number, call: () => void): () => void
}

/** Chance. Never used for what must be decided alike twice: that is seeded from ids. */
export interface Random {
  /** A number in [0, 1). */
  next(): number
  bytes(length: number): Uint8Array
}

/** What varies in a line of the log, by name. */
export type LogFields = Readonly<Record<string, unknown>>

/** A structured log: the message is fixed text, what varies is in the fields. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
  /** A logger that adds these fields to every line. */
  child(fields: LogFields): Logger
}

/** Where a secret is to be found; the secret itself never stands in a record, a log or the API. */
export type SecretRef =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly exec: readonly [string, ...string[]] }

/** Reads secrets at the moment they are needed. */
export interface SecretResolver {
  /** Throws `SECRET`, naming the reference, when it cannot be read. */
  resolve(ref: SecretRef): Promise<string>
}
