import type { AttemptRef, StartRequest } from '@tron/executor'
import type { LogKey } from '@tron/logs'
import { runParts } from '@tron/model'
import type { AttemptRow } from '@tron/store'

/** An attempt as executors know it. */
export function refOf(row: AttemptRow): AttemptRef {
  return row.handle === null
    ? { id: row.id, target: row.target }
    : { id: row.id, target: row.target, handle: row.handle }
}

/** The request that starts an attempt: the same every time it is asked. */
export function startRequest(row: AttemptRow): StartRequest {
  const { id, startKey, runNumber, configHash, target, command, env, spec } = row
  return { id, startKey, runNumber, configHash, target, command, env, spec }
}

/** Where an attempt's streams are kept; those without a byte are left out. */
export function logKeys(row: AttemptRow): readonly LogKey[] {
  return (['stdout', 'stderr'] as const)
    .filter((stream) => row[stream] > 0)
    .map((stream) => logKey(row, stream))
}

/** The log of one stream of an attempt. */
export function logKey(row: AttemptRow, stream: 'stdout' | 'stderr'): LogKey {
  const [namespace = '', job = ''] = row.job.split('.')
  const action = row.action.slice(row.run.length + 1)
  return { namespace, job, run: runParts(row.run).number, action, ordinal: row.ordinal, stream }
}
