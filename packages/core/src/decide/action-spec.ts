import type { ActionSpec, JobSpec } from '@tron/model'

/** The name that a cleanup action always has. */
export const CLEANUP = 'cleanup'

/** Of each job's configuration, which never changes: a job may have thousands of actions, and every event and every view of a run looks for some. */
const byName = new WeakMap<JobSpec, ReadonlyMap<string, ActionSpec>>()

/** What a job's configuration says of an action, of the cleanup action too; undefined when it does not name it. */
export function actionSpec(job: JobSpec, name: string): ActionSpec | undefined {
  if (name === CLEANUP) return job.cleanup
  const known = byName.get(job) ?? new Map(job.actions.map((action) => [action.name, action]))
  byName.set(job, known)
  return known.get(name)
}
