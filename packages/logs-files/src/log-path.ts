import { join } from 'node:path'
import type { LogKey, LogRun } from '@tron/logs'
import { isIdentifier, TronError } from '@tron/model'

/** The folder of a run below the directory. @throws BAD_ID for names that are no identifiers: they could lead elsewhere */
export function runFolder(directory: string, { namespace, job, run }: LogRun): string {
  assertName(namespace)
  assertName(job)
  assertNumber(run)
  return join(directory, namespace, job, String(run))
}

/** `<directory>/<namespace>/<job>/<run>/<action>/<ordinal>.<stream>` */
export function logPath(directory: string, key: LogKey): string {
  assertName(key.action)
  assertNumber(key.ordinal)
  return join(runFolder(directory, key), key.action, `${key.ordinal}.${key.stream}`)
}

function assertName(name: string): void {
  if (!isIdentifier(name)) throw new TronError('BAD_ID', `"${name}" cannot name a folder of output`)
}

function assertNumber(number: number): void {
  if (Number.isSafeInteger(number) && number >= 0) return
  throw new TronError('BAD_ID', `${number} cannot name a folder of output`)
}
