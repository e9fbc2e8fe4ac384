import { type AttemptId, messageOf } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import type { Input } from '../decide/input.ts'
import type { Acting } from './acting.ts'
import { logKeys, refOf } from './attempt-refs.ts'
import { byExecutor } from './by-executor.ts'
import { demandOf } from './demand.ts'
import type { GuardedExecutor } from './guard-executor.ts'

/** Releases are not urgent: those of this long go together. */
const RELEASE_DELAY_MS = 250

export interface ReleaserOptions extends Omit<Acting, 'submit'> {
  /** What was found out, for a decision. */
  submit(input: Input): void
  /** The attempt could not be released, and is to be tried again. */
  again(id: AttemptId): void
}

/** Lets targets forget attempts whose output is safe here, many at a time. */
export interface Releaser {
  want(id: AttemptId): void
  /** Attempts that wait for the next time. */
  readonly waiting: ReadonlySet<AttemptId>
  stop(): void
}

export function createReleaser(options: ReleaserOptions): Releaser {
  return new EngineReleaser(options)
}

class EngineReleaser implements Releaser {
  readonly waiting = new Set<AttemptId>()
  readonly #options: ReleaserOptions
  #cancel: (() => void) | null = null

  constructor(options: ReleaserOptions) {
    this.#options = options
  }

  want(id: AttemptId): void {
    this.waiting.add(id)
    this.#cancel ??= this.#options.clock.timer(RELEASE_DELAY_MS, () => {
      this.#cancel = null
      this.#releaseAll()
    })
  }

  stop(): void {
    this.#cancel?.()
  }

  #releaseAll(): void {
    const rows = [...this.waiting].flatMap((id) => this.#releasable(id))
    this.waiting.clear()
    // All that is live is looked at again when it may be acted.
    if (!this.#options.mayAct()) return
    for (const [executor, some] of byExecutor(this.#options.executors, rows)) void this.#ask(executor, some)
  }

  async #ask(executor: GuardedExecutor, rows: readonly AttemptRow[]): Promise<void> {
    // What is about to be removed on the node must survive a loss of power here.
    const { whole, short } = await this.#sift(await this.#sync(rows))
    const released = await this.#release(
      executor,
      whole.flatMap(({ id }) => this.#releasable(id)),
    )
    for (const id of short) this.#options.submit({ kind: 'output', id, output: 'closed', note: null })
    for (const { id } of rows) if (!released.has(id) && !short.has(id)) this.#options.again(id)
    if (released.size > 0) this.#options.submit({ kind: 'released', ids: [...released] })
  }

  /** It may be wanted for something else since, as when what it left running is to be stopped. */
  #releasable(id: AttemptId): readonly AttemptRow[] {
    const row = this.#options.read(id)
    return row !== undefined && demandOf(row) === 'release' ? [row] : []
  }

  /** Those whose logs are synced now. A log that cannot be keeps its own attempt only from being released. */
  async #sync(rows: readonly AttemptRow[]): Promise<readonly AttemptRow[]> {
    try {
      await this.#options.logs.sync(rows.flatMap(logKeys))
      return rows
    } catch (error) {
      const [row, ...others] = rows
      if (row === undefined) return []
      if (others.length === 0) {
        this.#unreadable(row, error)
        return []
      }
    }
    const synced: AttemptRow[] = []
    for (const row of rows) synced.push(...(await this.#sync([row])))
    return synced
  }

  /** Tells logs that are whole from those that lost what they had: a loss of power takes what was not synced, while the record says that it is complete. These are fetched again. */
  async #sift(
    rows: readonly AttemptRow[],
  ): Promise<{ readonly whole: readonly AttemptRow[]; readonly short: ReadonlySet<AttemptId> }> {
    const whole: AttemptRow[] = []
    const short = new Set<AttemptId>()
    for (const row of rows) {
      try {
        if (await this.#isShort(row)) short.add(row.id)
        else whole.push(row)
      } catch (error) {
        this.#unreadable(row, error)
      }
    }
    return { whole, short }
  }

  async #isShort(row: AttemptRow): Promise<boolean> {
    if (row.output !== 'complete') return false
    for (const key of logKeys(row)) {
      if ((await this.#options.logs.length(key)) < row[key.stream]) return true
    }
    return false
  }

  #unreadable(row: AttemptRow, error: unknown): void {
    this.#options.log.warn('the log of an attempt is not safe, so it is not released; trying again', {
      attempt: row.id,
      error: messageOf(error),
    })
  }

  async #release(executor: GuardedExecutor, rows: readonly AttemptRow[]): Promise<ReadonlySet<AttemptId>> {
    if (rows.length === 0) return new Set()
    try {
      return new Set(await executor.release(rows.map(refOf)))
    } catch (error) {
      this.#options.log.warn('attempts could not be released; trying again', {
        executor: executor.name,
        error: messageOf(error),
      })
      return new Set()
    }
  }
}
