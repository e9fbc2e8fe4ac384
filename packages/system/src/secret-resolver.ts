import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { type SecretRef, type SecretResolver, TronError } from '@tron/model'

/** How long a program that prints a secret may take. */
const EXEC_TIMEOUT_MS = 30_000
const MAX_BYTES = 1024 * 1024

export interface SecretResolverOptions {
  /** The environment that `env` references are read from; that of this process when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

/**
 * Reads secrets where their references say, again each time: a variable, a file, or what a program prints (up to 1 MiB, within 30 s). One line
 * end at the end is not part of the secret. Errors carry SECRET and name the reference; what was read, or printed on the way, never stands in one.
 */
export function createSecretResolver(options: SecretResolverOptions = {}): SecretResolver {
  // oxlint-disable-next-line node/no-process-env -- this package is where the environment is read
  const env = options.env ?? process.env
  return {
    resolve: async (ref) => {
      if ('env' in ref) return fromEnvironment(ref.env, env)
      if ('file' in ref) return fromFile(ref.file)
      return fromProgram(ref.exec)
    },
  }
}

function fromEnvironment(name: string, env: Readonly<Record<string, string | undefined>>): string {
  const value = env[name]
  if (value === undefined) throw refused({ env: name }, 'it is not set')
  return value
}

async function fromFile(path: string): Promise<string> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    throw refused({ file: path }, codeOf(error))
  }
  return withoutLineEnd(text)
}

function fromProgram(command: readonly [string, ...string[]]): Promise<string> {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const options = {
      encoding: 'utf8',
      timeout: EXEC_TIMEOUT_MS,
      maxBuffer: MAX_BYTES,
      killSignal: 'SIGKILL',
    } as const
    const child = execFile(program, args, options, (error, stdout) => {
      // The error itself holds what the program printed, so only its code goes on.
      if (error !== null) reject(refused({ exec: command }, `it ended with ${error.signal ?? codeOf(error)}`))
      else resolve(withoutLineEnd(stdout))
    })
    child.stdin?.end()
  })
}

function refused(ref: SecretRef, why: string): TronError {
  return new TronError('SECRET', `the secret ${JSON.stringify(ref)} cannot be read: ${why}`, {
    details: { ref },
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'an unknown error'
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}
