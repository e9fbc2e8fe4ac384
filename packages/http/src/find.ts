import type { ActionView, JobView, RunSelector, RunView, Tron } from '@tron/core'
import { type JobId, jobId, TronError } from '@tron/model'

/** The job of that name. @throws NOT_FOUND, also for a name that no job can have */
export function findJob(tron: Tron, name: string): JobView {
  const id = idOf(name)
  const view = id === undefined ? undefined : tron.job(id)
  if (view === undefined) throw new TronError('NOT_FOUND', `Job ${name} not found`)
  return view
}

/** Reads which run is meant: a number, `HEAD` in any case, or `-k` for the k-th from the newest; undefined for another text. */
function runSelector(text: string): RunSelector | undefined {
  if (/^\d{1,15}$/.test(text)) return { number: Number(text) }
  if (text.toUpperCase() === 'HEAD') return { fromNewest: 0 }
  if (/^-[1-9]\d{0,8}$/.test(text)) return { fromNewest: Number(text.slice(1)) - 1 }
  return undefined
}

/** The run that the text selects; undefined when there is none. */
export async function lookUpRun(tron: Tron, job: JobView, text: string): Promise<RunView | undefined> {
  const selector = runSelector(text)
  return selector === undefined ? undefined : tron.run(job.row.id, selector)
}

/** @throws NOT_FOUND */
export async function findRun(tron: Tron, job: JobView, text: string): Promise<RunView> {
  const run = await lookUpRun(tron, job, text)
  if (run === undefined) throw new TronError('NOT_FOUND', `Run ${job.row.id}.${text} not found`)
  return run
}

/** @throws NOT_FOUND */
export function findAction(run: RunView, name: string): ActionView {
  const action = run.actions.find((one) => one.row.name === name)
  if (action === undefined) throw new TronError('NOT_FOUND', `Action ${run.row.id}.${name} not found`)
  return action
}

function idOf(name: string): JobId | undefined {
  try {
    return jobId(name)
  } catch {
    // The check of the id says no more than that no job has this name.
    return undefined
  }
}
