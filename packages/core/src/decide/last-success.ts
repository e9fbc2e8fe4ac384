import type { JobRow, RunRow, TrashRow } from '@tron/store'
import type { Draft } from '../tables/tables.ts'
import type { DecideContext } from './context.ts'

/** A run ended, or ended anew with a verdict: its job names the newest one that succeeded, whichever ended last. */
export function noteEnd(draft: Draft, context: DecideContext, run: RunRow): void {
  const job = draft.view.jobs.get(run.job)
  if (job === undefined) return
  const named = job.lastSuccessNumber
  if (run.state === 'succeeded') {
    if (named === null || run.number >= named) nameSuccess(draft, job, run)
  } else if (run.number === named) {
    nameSuccess(draft, job, successBefore(draft, run, context.succeededBefore))
  }
}

/** A run is about to be removed. What is older goes before it or with it, but for runs that a node has yet to release: those are in memory. */
export function noteTrashed(draft: Draft, run: TrashRow): void {
  const job = draft.view.jobs.get(run.job)
  if (job?.lastSuccessNumber === run.number) nameSuccess(draft, job, successBefore(draft, run))
}

function nameSuccess(draft: Draft, job: JobRow, run: RunRow | undefined): void {
  const named = {
    lastSuccessNumber: run?.number ?? null,
    lastSuccessMs: run?.endedMs ?? null,
    lastSuccessRunMs: run?.runMs ?? null,
  }
  draft.put({ table: 'jobs', row: { ...job, ...named } })
}

/** The newest run before another that succeeded and is kept: of those in memory and the one that the store was asked for. */
function successBefore(
  draft: Draft,
  { job, number }: Pick<RunRow, 'job' | 'number'>,
  stored?: RunRow,
): RunRow | undefined {
  const known = draft.view.runs.by('jobState', `${job} succeeded`)
  // Of a run that is in memory, memory has the newest.
  const all =
    stored === undefined || draft.view.runs.get(stored.id) !== undefined ? known : [...known, stored]
  return all
    .filter((run) => run.number < number && draft.view.trash.get(run.id) === undefined)
    .toSorted((a, b) => b.number - a.number)[0]
}
