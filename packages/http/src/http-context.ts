import type { Tron } from '@tron/core'
import type { Clock, Logger, Random } from '@tron/model'
import type { TimeFrame } from './action-json.ts'
import type { JobCache } from './job-cache.ts'

/** What every route has at hand. */
export interface HttpContext {
  readonly tron: Tron
  readonly version: string
  readonly bootMs: number
  readonly clock: Pick<Clock, 'nowMs'>
  readonly random: Random
  readonly log: Logger
  /** The zone of dates that are not a job's. */
  readonly zone: string
  readonly cache: JobCache
}

/** How dates are shown now. */
export function frameOf(http: HttpContext): TimeFrame {
  return { zone: http.zone, nowMs: http.clock.nowMs() }
}
