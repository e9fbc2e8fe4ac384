import type { ApiIndex } from '@tron/api/light'
import { nearest } from './nearest.ts'

/** What an identifier means. */
export type Subject =
  | { readonly kind: 'job'; readonly job: string }
  | { readonly kind: 'run'; readonly job: string; readonly run: string }
  | { readonly kind: 'action'; readonly job: string; readonly run: string; readonly action: string }

export type Resolution = Subject | { readonly kind: 'unknown'; readonly suggestions: readonly string[] }

/**
 * Finds what is meant: the text itself, then with MASTER in front, then with each namespace in the server's order. The job must exist; the run must be
 * a number, `HEAD` or `-1`, `-2`, … and is the server's to find.
 */
export function resolveId(text: string, index: ApiIndex): Resolution {
  const readings = readingsOf(text, index)
  for (const { job, run, action } of readings) {
    if (run === undefined) return { kind: 'job', job }
    if (RUN.test(run))
      return action === undefined ? { kind: 'run', job, run } : { kind: 'action', job, run, action }
  }
  return {
    kind: 'unknown',
    suggestions: actionOf(readings, index) ?? suggest(text, Object.keys(index.jobs)),
  }
}

/** A number, the newest, or so many before it. The server takes the name of an action in this place, too, and answers with its history. */
const RUN = /^(?:\d+|-[1-9]\d*|HEAD)$/i

interface Reading {
  readonly job: string
  readonly run: string | undefined
  readonly action: string | undefined
}

/** What the text may be read as, in the order in which that counts: the job exists, and no part is empty. */
function readingsOf(text: string, index: ApiIndex): readonly Reading[] {
  return Array.from(frontsOf(index), (front) => `${front}${text}`.split('.')).flatMap((parts) => {
    const [namespace, name, run, action, ...more] = parts
    const job = `${namespace}.${name}`
    if (more.length > 0 || run === '' || action === '' || !Object.hasOwn(index.jobs, job)) return []
    return [{ job, run, action }]
  })
}

/** How an action is asked for that was named without a run. */
function actionOf(readings: readonly Reading[], index: ApiIndex): readonly string[] | undefined {
  const found = readings.find(
    ({ job, run, action }) => action === undefined && index.jobs[job]?.some(({ name }) => name === run),
  )
  return found === undefined ? undefined : [`${found.job}.HEAD.${found.run}`]
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
