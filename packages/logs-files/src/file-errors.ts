import { messageOf, TronError } from '@tron/model'

const HINTS: Readonly<Record<string, string>> = {
  ENOSPC:
    'Free space on the disk that holds it, or shorten how long output is kept; fetching then goes on by itself.',
  EDQUOT: "Raise the quota of the daemon's user there, or free space; fetching then goes on by itself.",
  EROFS: 'Mount the disk for writing; fetching then goes on by itself.',
  EACCES: "Give the daemon's user the right to read and write there; fetching then goes on by itself.",
  EPERM: "Give the daemon's user the right to read and write there; fetching then goes on by itself.",
  EMFILE: "Raise the limit of open files of the daemon's user (ulimit -n).",
  ENFILE: 'Raise the limit of open files of this machine (fs.file-max).',
  EIO: 'Check the disk; the kernel log says more.',
}

/** The code of an error of the file system; empty for other errors. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

/** What a user is told when a file cannot be used: what was tried, where, and what to do about it. */
export function fileError(what: 'read' | 'written' | 'removed', path: string, cause: unknown): TronError {
  const hint = HINTS[codeOf(cause)]
  const message = `the output at ${path} cannot be ${what}: ${messageOf(cause)}`
  const details = { path }
  return new TronError(
    'LOGS_FAILED',
    message,
    hint === undefined ? { cause, details } : { cause, details, hint },
  )
}
