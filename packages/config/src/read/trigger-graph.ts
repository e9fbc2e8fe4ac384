import type { JobId } from '@tron/model'
import type { ProblemList } from '../problems/problem-list.ts'
import type { JobsConfig } from './job-config.ts'
import type { WantedTrigger } from './job-scope.ts'
import { cyclesOf } from './requires-graph.ts'

/** The action that a text of `triggered_by` in a job waits for, and for what of it; null where only a run can tell. */
export function upstreamOf(text: string, job: JobId): Pick<WantedTrigger, 'upstream' | 'trigger'> | null {
  const [namespace = ''] = job.split('.')
  const parts = text.replaceAll('{name}', job).replaceAll('{namespace}', namespace).split('.')
  const upstream = parts.slice(0, 3).join('.')
  return /[{}]/.test(upstream) ? null : { upstream, trigger: parts.slice(3).join('.') }
}

/**
 * Remarks on triggers that nothing publishes, and on those that wait for themselves in the end. Neither is an error: an upstream may come later, an
 * operator may publish what no action does, and what waits for what it published itself yesterday works.
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
  const publishedBy = new Map(
    namespaces.flatMap(({ published }) => published.map(({ action, triggers }) => [action, triggers])),
  )
  for (const { by, upstream, trigger, problems, ...place } of wanted) {
    const published = publishedBy.get(upstream)
    if (!waitsFor.has(upstream)) {
      const near = () => problems.near.didYouMean(upstream, waitsFor.keys())
      problems.warning(place, () => `there is no action "${upstream}" that could publish this${near()}`)
    } else if (cycleOf(by) !== null && cycleOf(by) === cycleOf(upstream)) {
      const message = `${by} waits here for itself in the end; that works only if the date in it leads to an earlier run`
      problems.warning(place, message)
    }
    if (published === undefined || published.some((template) => mayBeSame(template, trigger))) continue
    problems.warning(place, () => notPublished(upstream, published))
  }
}

function notPublished(upstream: string, published: readonly string[]): string {
  if (published.length === 0) return `${upstream} publishes nothing; give it the key "trigger_downstreams"`
  const more = published.length > MOST_NAMES ? `, and ${published.length - MOST_NAMES} more` : ''
  const names = published.slice(0, MOST_NAMES).map((template) => `${upstream}.${template}`)
  return `${upstream} does not publish this; it publishes ${names.join(', ')}${more}`
}

/** More names than these are not read in a message. */
const MOST_NAMES = 10

/** Whether two templates may become the same text: what each begins with, before its first variable, must leave that open. */
function mayBeSame(a: string, b: string): boolean {
  const [beginA, beginB] = [beginOf(a), beginOf(b)]
  if (beginA === beginB) return true
  return beginA.startsWith(beginB) ? beginB !== b : beginB.startsWith(beginA) && beginA !== a
}

function beginOf(template: string): string {
  return template.replace(/[{}].*$/s, '')
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
