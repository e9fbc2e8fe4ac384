import type { LogStore } from '@tron/logs'
import { type Clock, type JobId, type JobSpec, type Logger, messageOf, type RunId } from '@tron/model'
import { type JobRow, type Lease, MOST_ROWS, type Page, type Store, type TrashRow } from '@tron/store'
import type { Input } from '../decide/input.ts'

const PRUNE_ROWS = 5_000
/** Runs beyond a job's limit that are looked at in one go. */
const LOOK_AHEAD = 200
const RETRY_MS = 30_000

export interface HousekeeperOptions {
  readonly store: Store
  readonly lease: Lease
  readonly logs: LogStore
  readonly clock: Clock
  readonly log: Logger
  /** The present configuration of a job; undefined when it has none. */
  spec(job: JobId): JobSpec | undefined
  /** Whether a run is in memory: then it is not over yet. */
  isLive(run: RunId): boolean
  trash(): readonly TrashRow[]
  /** Calls when nobody decides on rows of the run that were read before. */
  inTurn(run: RunId, remove: () => Promise<void>): Promise<void>
  submit(input: Input): Promise<unknown>
}

/** Keeps at most `run_limit` ended runs of each job: a run goes only when it ended, its output is complete and its node was released. */
export interface Housekeeper {
  /** A run of the job left memory. */
  note(job: JobId): void
  /** Goes on where a crash interrupted it, and looks at all jobs: which of them had a turn to come, memory alone knew. */
  start(jobs: readonly JobRow[]): void
  stop(): Promise<void>
}

export function createHousekeeper(options: HousekeeperOptions): Housekeeper {
  return new EngineHousekeeper(options)
}

class EngineHousekeeper implements Housekeeper {
  readonly #options: HousekeeperOptions
  readonly #jobs = new Set<JobId>()
  readonly #stopping = new AbortController()
  #working: Promise<void> | null = null
  #cancelRetry: (() => void) | null = null
  #looking: Promise<void> = Promise.resolve()

  constructor(options: HousekeeperOptions) {
    this.#options = options
  }

  note(job: JobId): void {
    this.#jobs.add(job)
    this.#wake()
  }

  start(jobs: readonly JobRow[]): void {
    if (this.#options.trash().length > 0) this.#wake()
    this.#looking = this.#lookAt(jobs).catch((error: unknown) => {
      if (!this.#stopping.signal.aborted)
        this.#options.log.warn('jobs could not be looked at for old runs', { error: messageOf(error) })
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#cancelRetry?.()
    await this.#looking
    await this.#working
  }

  #wake(): void {
    if (this.#working !== null || this.#stopping.signal.aborted) return
    this.#working = this.#work().finally(() => {
      this.#working = null
      if (this.#jobs.size > 0 && this.#cancelRetry === null) this.#wake()
    })
  }

  /** Notes the jobs that have runs older than the newest numbers that they may keep: few, so that thousands of jobs cost one small look each. */
  async #lookAt(jobs: readonly JobRow[]): Promise<void> {
    const { signal } = this.#stopping
    for (const { id, nextNumber } of jobs) {
      const limit = this.#options.spec(id)?.runLimit
      if (limit === undefined || nextNumber <= limit) continue
      const query = { name: 'runsOfJob', params: { job: id, before: nextNumber - limit }, limit: 1 } as const
      if ((await this.#options.store.query(query, { signal })).rows.length > 0) this.note(id)
      signal.throwIfAborted()
    }
  }

  /** What cannot be done for one job or one run does not hold up the others: it is tried again later. */
  async #work(): Promise<void> {
    const { signal } = this.#stopping
    const errors: unknown[] = []
    const attempt = async (turn: () => Promise<void>): Promise<void> => {
      if (signal.aborted) return
      try {
        await turn()
      } catch (error) {
        errors.push(error)
      }
    }
    for (const job of Array.from(this.#jobs)) await attempt(() => this.#chooseOrKeep(job))
    for (const row of this.#options.trash()) {
      await attempt(() => this.#options.inTurn(row.key, () => this.#remove(row)))
    }
    if (errors.length > 0 && !signal.aborted) this.#retry(errors[0])
  }

  #retry(error: unknown): void {
    this.#options.log.warn('old runs could not be removed; trying again', { error: messageOf(error) })
    this.#cancelRetry?.()
    this.#cancelRetry = this.#options.clock.timer(RETRY_MS, () => {
      this.#cancelRetry = null
      this.#wake()
    })
  }

  /** A job whose turn failed keeps its place; one that is noted meanwhile gets another turn. */
  async #chooseOrKeep(job: JobId): Promise<void> {
    this.#jobs.delete(job)
    try {
      await this.#choose(job)
    } catch (error) {
      this.#jobs.add(job)
      throw error
    }
  }

  async #choose(job: JobId): Promise<void> {
    const options = this.#options
    const limit = options.spec(job)?.runLimit
    if (limit === undefined) return
    const { rows, more } = await this.#beyond(job, limit)
    const old = rows
      .filter((row) => row.phase === 'ended' && !row.live && !options.isLive(row.id))
      .map((row) => ({ key: row.id, job: row.job, number: row.number }))
    if (old.length === 0) return
    await options.submit({ kind: 'trash', runs: old })
    if (more) this.#jobs.add(job)
  }

  /** Runs beyond the newest so many, newest first. They are counted and not told by their numbers, which a take-over leaves a gap in. */
  async #beyond(job: JobId, limit: number): Promise<Page<'runsOfJob'>> {
    const { signal } = this.#stopping
    let kept = limit
    let before: { readonly before?: number } = {}
    for (;;) {
      const wanted = Math.min(kept + LOOK_AHEAD, MOST_ROWS)
      const query = { name: 'runsOfJob', params: { job, ...before }, limit: wanted } as const
      const { rows, more } = await this.#options.store.query(query, { signal })
      const last = rows.at(-1)
      if (!more || last === undefined || rows.length > kept) return { rows: rows.slice(kept), more }
      kept -= rows.length
      before = { before: last.number }
    }
  }

  /** Output first, then rows, then the note that says so: whatever comes in between, the next start goes on here. */
  async #remove(row: TrashRow): Promise<void> {
    const { store, lease, logs } = this.#options
    const [namespace = '', job = ''] = row.job.split('.')
    await logs.remove({ namespace, job, run: row.number })
    while ((await store.prune(lease, { runs: [row.key], maxRows: PRUNE_ROWS })).more) {
      this.#stopping.signal.throwIfAborted()
    }
    await this.#options.submit({ kind: 'trashed', runs: [row.key] })
  }
}
