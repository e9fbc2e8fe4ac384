import type { JobId } from '@tron/model'

/** The variables that every command finds in its environment; they go over the action's own. */
export function tronEnvironment(job: JobId, runNumber: number, action: string): Record<string, string> {
  const dot = job.indexOf('.')
  return {
    TRON_JOB_NAMESPACE: job.slice(0, dot),
    TRON_JOB_NAME: job.slice(dot + 1),
    TRON_RUN_NUM: String(runNumber),
    TRON_ACTION: action,
  }
}

/** The labels of a pod that runs an attempt, numbered from 0 when it has a number; they go over the action's own. */
export function tronLabels(runNumber: number, attempt: number | null): Record<string, string> {
  return {
    'tron.yelp.com/run_num': String(runNumber),
    ...(attempt === null ? {} : { 'tron.yelp.com/attempt_number': String(attempt) }),
  }
}
