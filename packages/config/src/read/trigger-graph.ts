import type { JobId } from '@tron/model'
import type { ProblemList } from '../problems/problem-list.ts'
import type { JobsConfig } from './job-config.ts'
import { cyclesOf } from './requires-graph.ts'

/** The action that a text of `triggered_by` in a job waits for; null where only a run can tell. */
export function upstreamOf(text: string, job: JobId): string | null {
  const [namespace = ''] = job.split('.')
  const upstream = text.replaceAll('{name}', job).replaceAll('{namespace}', namespace)
  const action = upstream.split('.').slice(0, 3).join('.')
  return /[{}]/.test(action) ? null : action
}

/**
 * Remarks on triggers that nothing publishes, and on those that wait for themselves in the end. Neither is an error: an upstream may come later, and
 * what waits for what it published itself yesterday works.
 */
export function checkTriggers(
  namespaces: readonly (JobsConfig & { readonly problems: ProblemList })[],
): void {
  const wanted = namespaces.flatMap(({ triggers, problems }) =>
    triggers.map((trigger) => ({ ...trigger, problems })),
  )
  if (wanted.length === 0) return
  const waitsFor = requirementsOf(namespaces)
  for (const { by, upstream } of wanted) waitsFor.set(by, [...(waitsFor.get(by) ?? []), upstream])
  const cycleOf = cyclesOf(waitsFor)
  for (const { by, upstream, problems, ...place } of wanted) {
    if (!waitsFor.has(upstream)) {
      const near = () => problems.near.didYouMean(upstream, waitsFor.keys())
      problems.warning(place, () => `there is no action "${upstream}" that could publish this${near()}`)
    } else if (cycleOf(by) !== null && cycleOf(by) === cycleOf(upstream)) {
      const message = `${by} waits here for itself in the end; that works only if the date in it leads to an earlier run`
      problems.warning(place, message)
    }
  }
}

/** Every action, and those of its job that it requires. */
function requirementsOf(namespaces: readonly JobsConfig[]): Map<string, readonly string[]> {
  return new Map(
    namespaces.flatMap(({ jobs }) =>
      jobs.flatMap(({ id, actions, cleanup }) =>
        [...actions, ...(cleanup === undefined ? [] : [cleanup])].map(
          ({ name, requires }) => [`${id}.${name}`, requires.map((required) => `${id}.${required}`)] as const,
        ),
      ),
    ),
  )
}
