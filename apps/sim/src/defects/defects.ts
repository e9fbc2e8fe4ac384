import { ACTING_ON_NODES } from './acting-on-nodes.ts'
import { COMMITS_AND_RESTARTS } from './commits-and-restarts.ts'
import type { Defect } from './defect.ts'
import { ENDS_OF_ATTEMPTS } from './ends-of-attempts.ts'
import { FAKE_NODES } from './fake-nodes.ts'
import { JOBS_AND_CONFIGURATION } from './jobs-and-configuration.ts'
import { NODE_EVENTS_AND_OUTPUT } from './node-events-and-output.ts'
import { NODE_STARTS_AND_FENCE } from './node-starts-and-fence.ts'
import { RECORDS_AND_MEMORY } from './records-and-memory.ts'
import { SLOTS_AND_SCHEDULES } from './slots-and-schedules.ts'
import { STOPPING_OF_ATTEMPTS } from './stopping.ts'
import { STORES } from './stores.ts'
import { TAKE_OVER } from './take-over.ts'

/** Every defect there is. Each of them alone breaks a promise that a simulation checks. */
export const DEFECTS: readonly Defect[] = [
  ...ENDS_OF_ATTEMPTS,
  ...STOPPING_OF_ATTEMPTS,
  ...SLOTS_AND_SCHEDULES,
  ...JOBS_AND_CONFIGURATION,
  ...COMMITS_AND_RESTARTS,
  ...ACTING_ON_NODES,
  ...RECORDS_AND_MEMORY,
  ...TAKE_OVER,
  ...STORES,
  ...FAKE_NODES,
  ...NODE_STARTS_AND_FENCE,
  ...NODE_EVENTS_AND_OUTPUT,
]
