import type { ApiIndex } from '@tron/api/light'
import { nearest } from './nearest.ts'

/** What an identifier means. */
export type Subject =
  | { readonly kind: 'job'; readonly job: string }
  | { readonly kind: 'run'; readonly job: string; readonly run: string }
  | { readonly kind: 'action'; readonly job: string; readonly run: string; readonly action: string }

export type Resolution = Subject | { readonly kind: 'unknown'; readonly suggestions: readonly string[] }

/**
 * Finds what is meant: the text itself, then with MASTER in front, then with each namespace in the server's order. The job must exist; the run may be a
 * number, `HEAD` or `-1`, `-2`, … and is the server's to find.
 */
export function resolveId(text: string, index: ApiIndex): Resolution {
  for (const front of frontsOf(index)) {
    const [namespace, name, run, action, ...more] = `${front}${text}`.split('.')
    const job = `${namespace}.${name}`
    if (more.length > 0 || run === '' || action === '' || !Object.hasOwn(index.jobs, job)) continue
    if (run === undefined) return { kind: 'job', job }
    return action === undefined ? { kind: 'run', job, run } : { kind: 'action', job, run, action }
  }
  return { kind: 'unknown', suggestions: suggest(text, Object.keys(index.jobs)) }
}

/** What may stand in front of a text. A namespace whose file is bad just now still has the jobs that it had. */
function frontsOf(index: ApiIndex): ReadonlySet<string> {
  const namespaces = [...index.namespaces, ...Object.keys(index.jobs).map((job) => job.split('.')[0] ?? '')]
  return new Set(['', 'MASTER.', ...namespaces.map((name) => `${name}.`)])
}

/** What to say of an identifier that means nothing. */
export function unknownText(text: string, suggestions: readonly string[]): string {
  const [first, ...more] = suggestions
  const hint =
    first === undefined
      ? ''
      : more.length === 0
        ? `\nDid you mean: ${first}?`
        : `\nDid you mean one of: ${suggestions.join(', ')}?`
  return `Unknown job identifier: ${text}${hint}`
}

const MOST_SUGGESTIONS = 6

/** Jobs with a name like that, with or without the namespace. */
function suggest(text: string, jobs: readonly string[]): readonly string[] {
  const parts = text.split('.')
  const wanted = [parts.slice(0, 2).join('.'), parts[0] ?? '']
  return nearest(wanted, jobs, {
    most: MOST_SUGGESTIONS,
    names: (job) => [job, job.slice(job.indexOf('.') + 1)],
  })
}
