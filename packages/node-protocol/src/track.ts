import type { Sizes } from '@tron/executor'
import type { AttemptId } from '@tron/model'

/** What has been told about one attempt of a node. It goes once: started, exit, closed. */
export interface Track {
  readonly id: AttemptId
  told: 'nothing' | 'started' | 'exit' | 'closed'
  sizes: Sizes
  startedMs: number
  /** Why its end will not be known, as it was told; null while its records tell of it. */
  reason: string | null
  /** Its supervisor is gone, so its exit status will never be known. */
  isOrphan: boolean
  /** Where the journal must be read from again to hear of its end again; null when nothing of that is owed. */
  since: number | null
  cancelDrain: (() => void) | null
}

/** An attempt of which nothing has been told. */
export function newTrack(id: AttemptId): Track {
  const sizes: Sizes = { stdout: 0, stderr: 0 }
  return {
    id,
    told: 'nothing',
    sizes,
    startedMs: 0,
    reason: null,
    isOrphan: false,
    since: null,
    cancelDrain: null,
  }
}

/** Whether its exit was told. */
export function hasExit({ told }: Track): boolean {
  return told === 'exit' || told === 'closed'
}
