import type { AttemptRow } from '@tron/store'
import { isBeingStopped, isProvedStopped, isStartInDoubt } from '../decide/stopping.ts'

/** What an attempt's record demands of its executor. */
export type Demand = 'start' | 'revoke' | 'adopt' | 'stop TERM' | 'stop KILL' | 'release'

/** What must be asked of an attempt's executor as long as its record stands as it does; null for nothing. */
export function demandOf(row: AttemptRow): Demand | null {
  if (!row.live) return null
  switch (row.phase) {
    case 'starting':
      if (row.revokeWanted) return 'revoke'
      // Nothing is started only to be stopped.
      return isStartInDoubt(row) ? 'adopt' : 'start'
    case 'running':
      // Where nothing of it survives, what is missing is the news of its end.
      return isProvedStopped(row) ? null : stopOf(row)
    case 'ended':
      // First: what was released is not there to be asked about.
      return isBeingStopped(row) ? stopOf(row) : releaseOf(row)
  }
}

export function isStop(demand: Demand): boolean {
  return demand === 'stop TERM' || demand === 'stop KILL'
}

function stopOf({ stopWanted }: AttemptRow): Demand | null {
  return stopWanted === null ? null : `stop ${stopWanted}`
}

function releaseOf({ released, output }: AttemptRow): Demand | null {
  return !released && (output === 'complete' || output === 'gone') ? 'release' : null
}
