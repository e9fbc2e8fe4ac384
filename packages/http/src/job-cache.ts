import type { JobView } from '@tron/core'
import type { JobId } from '@tron/model'
import { indexEntry, type JobParts, jobJson } from './job-json.ts'

/** JSON texts of jobs, kept for as long as the job's view stays the same, so that a list of thousands costs a join. */
export interface JobCache {
  /** The job as JSON text, without runs. */
  job(view: JobView, parts: JobParts): string
  /** The job's entry of the index as JSON text, name and all. */
  entry(view: JobView): string
  /** Forgets jobs other than these, so that memory does not grow with removed ones. */
  keep(views: readonly JobView[]): void
}

interface Kept {
  readonly view: JobView
  readonly texts: Map<string, string>
}

/** @param zone the server's */
export function createJobCache(zone: string): JobCache {
  const kept = new Map<JobId, Kept>()

  const textsOf = (view: JobView) => {
    const before = kept.get(view.row.id)
    if (before !== undefined && isSame(before.view, view)) return before.texts
    const texts = new Map<string, string>()
    kept.set(view.row.id, { view, texts })
    return texts
  }

  const remember = (view: JobView, key: string, make: () => string) => {
    const texts = textsOf(view)
    const before = texts.get(key)
    if (before !== undefined) return before
    const text = make()
    texts.set(key, text)
    return text
  }

  return {
    job: (view, parts) =>
      remember(view, `${parts.include_action_graph}/${parts.include_node_pool}`, () =>
        JSON.stringify(jobJson(view, zone, parts)),
      ),
    entry: (view) =>
      remember(
        view,
        'index',
        () => `${JSON.stringify(view.row.id)}:${JSON.stringify(indexEntry(view.spec))}`,
      ),
    keep(views) {
      if (kept.size <= views.length) return
      const ids = new Set(views.map((view) => view.row.id))
      for (const id of kept.keys()) if (!ids.has(id)) kept.delete(id)
    },
  }
}

/** Rows, specs and nodes are never changed in place: the same object means the same content. */
function isSame(a: JobView, b: JobView): boolean {
  return (
    a.row === b.row &&
    a.spec === b.spec &&
    a.status === b.status &&
    a.nextRunMs === b.nextRunMs &&
    areSame(a.nodes, b.nodes) &&
    areSame(a.held, b.held)
  )
}

function areSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a === b || (a.length === b.length && a.every((item, index) => item === b[index]))
}
