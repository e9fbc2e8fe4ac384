import { type ConfigSnapshot, type JobId, type RunId, runId } from '@tron/model'
import {
  type ActionRow,
  type AttemptRow,
  MOST_ROWS,
  type Query,
  type Row,
  type RunRow,
  type Store,
} from '@tron/store'
import type { Specs } from '../engine/specs.ts'
import type { View } from '../tables/tables.ts'
import type { ActionView, RunSelector, RunView } from '../tron.ts'
import { actionView, runView } from './views.ts'

export interface RunReaderOptions {
  readonly store: Store
  readonly view: View
  readonly specs: Specs
  snapshot(): ConfigSnapshot
}

interface RunPage {
  readonly limit: number
  readonly before?: number
}

/** Reads runs: live ones from memory, history from the store when asked for. */
export interface RunReader {
  runs(job: JobId, page: RunPage): Promise<readonly RunView[]>
  run(job: JobId, which: RunSelector): Promise<RunView | undefined>
  byId(id: RunId): Promise<RunView | undefined>
  actionHistory(job: JobId, action: string, page: { readonly limit: number }): Promise<readonly ActionView[]>
  /** The rows of a run that is history, made live, so that a command can be decided on it; nothing for one that is in memory or unknown. */
  hydrate(id: RunId): Promise<readonly Row[]>
  /** The newest run of the same job that succeeded before it and is kept, as the store has it. */
  succeededBefore(id: RunId): Promise<RunRow | undefined>
  /** The attempts of a run that left memory and processes behind, made live, so that a stop can be decided on them. */
  leftBehind(id: RunId): Promise<readonly Row[]>
}

export function createRunReader(options: RunReaderOptions): RunReader {
  return new StoreRunReader(options)
}

class StoreRunReader implements RunReader {
  readonly #options: RunReaderOptions
  readonly #ask = { signal: new AbortController().signal }

  constructor(options: RunReaderOptions) {
    this.#options = options
  }

  async byId(id: RunId): Promise<RunView | undefined> {
    const row = await this.#readRun(id)
    return row === undefined ? undefined : this.#complete(row)
  }

  async runs(job: JobId, page: RunPage): Promise<readonly RunView[]> {
    const rows = await this.#runRows(job, page)
    return Promise.all(rows.map((row) => this.#complete(row)))
  }

  async run(job: JobId, which: RunSelector): Promise<RunView | undefined> {
    if ('number' in which) return this.byId(runId(job, which.number))
    const rows = await this.#runRows(job, { limit: which.fromNewest + 1 })
    const row = rows[which.fromNewest]
    return row === undefined ? undefined : this.#complete(row)
  }

  async actionHistory(
    job: JobId,
    name: string,
    { limit }: { readonly limit: number },
  ): Promise<readonly ActionView[]> {
    const params = { job, name }
    const query: Query<'actionHistory'> = { name: 'actionHistory', params, limit: Math.min(limit, MOST_ROWS) }
    const { rows } = await this.#options.store.query(query, this.#ask)
    return Promise.all(rows.map((row) => this.#actionView(this.#options.view.actions.get(row.id) ?? row)))
  }

  async leftBehind(id: RunId): Promise<readonly Row[]> {
    const query = { name: 'attemptsOfRun', params: { run: id }, limit: MOST_ROWS } as const
    const { rows } = await this.#options.store.query(query, this.#ask)
    return rows
      .filter((row) => row.leftRunning > 0 && this.#options.view.attempts.get(row.id) === undefined)
      .map((row) => ({ table: 'attempts', row: { ...row, live: true } }))
  }

  async succeededBefore(id: RunId): Promise<RunRow | undefined> {
    const run = await this.#readRun(id)
    if (run === undefined) return undefined
    const params = { job: run.job, before: run.number, state: 'succeeded' }
    const { rows } = await this.#options.store.query({ name: 'runsOfJob', params, limit: 1 }, this.#ask)
    return rows[0]
  }

  async hydrate(id: RunId): Promise<readonly Row[]> {
    if (this.#options.view.runs.get(id) !== undefined) return []
    const run = await this.#readRun(id)
    if (run === undefined) return []
    await this.#needSpec(run.specHash)
    const actions = await this.#actionsOf(run)
    return [
      { table: 'runs', row: { ...run, live: true } },
      ...actions.map((row): Row => ({ table: 'actions', row: { ...row, live: true } })),
    ]
  }

  async #needSpec(hash: string): Promise<void> {
    const { store, specs } = this.#options
    if (specs.has(hash)) return
    const page = await store.query({ name: 'specs', params: { hashes: [hash] }, limit: 1 }, this.#ask)
    for (const row of page.rows) specs.add(row.hash, row.body)
  }

  async #actionsOf(run: RunRow): Promise<readonly ActionRow[]> {
    const live = this.#options.view.actions.by('run', run.id)
    if (live.length > 0) return live
    const query = { name: 'actionsOfRun', params: { run: run.id }, limit: MOST_ROWS } as const
    return (await this.#options.store.query(query, this.#ask)).rows
  }

  /** Attempts leave memory one by one: those of a live run may be in both places. */
  async #attemptsOf(run: RunId): Promise<readonly AttemptRow[]> {
    const live = this.#options.view.attempts.by('run', run)
    const query = { name: 'attemptsOfRun', params: { run }, limit: MOST_ROWS } as const
    const page = await this.#options.store.query(query, this.#ask)
    const known = new Set(live.map((row) => row.id))
    return [...page.rows.filter((row) => !known.has(row.id)), ...live]
  }

  async #complete(row: RunRow): Promise<RunView> {
    await this.#needSpec(row.specHash)
    const [actions, attempts] = await Promise.all([
      this.#actionsOf(row),
      row.phase === 'pending' ? [] : this.#attemptsOf(row.id),
    ])
    const spec = this.#options.specs.spec(row.specHash)
    return runView(this.#options.snapshot(), { row, actions, attempts, spec })
  }

  async #actionView(action: ActionRow): Promise<ActionView> {
    const run = await this.#readRun(action.run)
    const hash = run?.specHash ?? ''
    await this.#needSpec(hash)
    const all = await this.#attemptsOf(action.run)
    const attempts = all.filter((attempt) => attempt.action === action.id)
    return actionView(this.#options.snapshot(), { action, spec: this.#options.specs.spec(hash), attempts })
  }

  async #readRun(id: RunId): Promise<RunRow | undefined> {
    const live = this.#options.view.runs.get(id)
    if (live !== undefined) return live
    return (await this.#options.store.query({ name: 'run', params: { id }, limit: 1 }, this.#ask)).rows[0]
  }

  async #runRows(job: JobId, page: RunPage): Promise<readonly RunRow[]> {
    if (page.limit < 1) return []
    const params = page.before === undefined ? { job } : { job, before: page.before }
    const query: Query<'runsOfJob'> = { name: 'runsOfJob', params, limit: Math.min(page.limit, MOST_ROWS) }
    const { rows } = await this.#options.store.query(query, this.#ask)
    return rows.map((row) => this.#options.view.runs.get(row.id) ?? row)
  }
}
