import type { Incident, Plan } from './plan.ts'
import { type Simulation, simulate } from './simulate.ts'
import type { RuleName } from './verdict.ts'

/** Simulations that a shrink may take. */
const MOST_TRIES = 160

export interface Shrunk {
  readonly simulation: Simulation
  /** How many simulations it took. */
  readonly tries: number
}

/**
 * Finds a small plan that breaks the same promise as one that does: without what happened later, without jobs and incidents that do not matter, without disorder.
 * @throws RangeError for a simulation that breaks none
 */
export async function shrink(failed: Simulation): Promise<Shrunk> {
  const { violation } = failed
  if (violation === null)
    throw new RangeError('a simulation in which all promises hold cannot be made smaller')
  const search = createSearch(failed, violation.rule)
  await search.attempt(endingAt(failed.plan, violation.atMs))
  await search.attempt({ ...search.best.plan, unruly: false })
  await search.attempt({ ...search.best.plan, schedulers: 'one' })
  await dropIncidents(search)
  await dropJobs(search)
  await dropIncidents(search)
  return { simulation: search.best, tries: search.tries }
}

interface Search {
  readonly best: Simulation
  readonly tries: number
  readonly spent: boolean
  /** Whether a plan breaks the promise, too: then it is the best from now on. */
  attempt(plan: Plan): Promise<boolean>
}

function createSearch(first: Simulation, rule: RuleName): Search {
  let best = first
  let tries = 0
  return {
    get best() {
      return best
    },
    get tries() {
      return tries
    },
    get spent() {
      return tries >= MOST_TRIES
    },
    async attempt(plan) {
      if (tries >= MOST_TRIES) return false
      tries += 1
      const result = await simulate(plan)
      if (result.violation?.rule !== rule) return false
      best = result
      return true
    },
  }
}

/** What happens after the promise was broken is of no interest. */
function endingAt(plan: Plan, atMs: number): Plan {
  const endMs = Math.min(plan.endMs, atMs + 1_000)
  return { ...plan, endMs, incidents: plan.incidents.filter((incident) => incident.atMs <= endMs) }
}

/** Leaves incidents out, in halves, then in ever smaller parts. */
async function dropIncidents(search: Search): Promise<void> {
  for (let size = Math.ceil(search.best.plan.incidents.length / 2); size >= 1 && !search.spent; ) {
    let removed = false
    for (let from = 0; from < search.best.plan.incidents.length && !search.spent; ) {
      const { plan } = search.best
      const incidents: readonly Incident[] = plan.incidents.filter(
        (_, index) => index < from || index >= from + size,
      )
      if (await search.attempt({ ...plan, incidents })) removed = true
      else from += size
    }
    if (size === 1 && !removed) return
    size = size === 1 ? 1 : Math.ceil(size / 2)
  }
}

async function dropJobs(search: Search): Promise<void> {
  for (const { name } of search.best.plan.jobs) {
    const { plan } = search.best
    await search.attempt({ ...plan, jobs: plan.jobs.filter((job) => job.name !== name) })
  }
}
