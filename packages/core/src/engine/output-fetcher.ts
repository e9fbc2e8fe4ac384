import type { Executor } from '@tron/executor'
import { type AttemptId, isTronError, messageOf } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import type { Acting } from './acting.ts'
import { logKey, refOf } from './attempt-refs.ts'
import { createFetchQueue, type Wanted } from './fetch-queue.ts'

const FETCHES_AT_ONCE = 8
const FETCHES_A_TARGET = 2
/** Output of running commands that nobody watches is fetched this often at most. */
const FOLLOW_MS = 5_000
const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 60_000

const STREAMS = ['stdout', 'stderr'] as const

/**
 * Brings output from the nodes into the log store, by offset: a log's own length says where to go on. What has ended and what somebody watches comes first, the
 * rest every few seconds.
 */
export interface OutputFetcher {
  /** The attempt's output is final and not all here. */
  ended(id: AttemptId): void
  /** The running attempt's output has grown. */
  grown(id: AttemptId): void
  /** Fetches what there is now; resolves when that is done, or could not be. */
  watch(id: AttemptId): Promise<void>
  stop(): Promise<void>
  /** Attempts whose output is still to be fetched, or failed to be. */
  readonly size: number
}

export function createOutputFetcher(options: Acting): OutputFetcher {
  return new EngineOutputFetcher(options)
}

class EngineOutputFetcher implements OutputFetcher {
  readonly #options: Acting
  readonly #waiting = createFetchQueue()
  readonly #fetching = new Map<AttemptId, Promise<void>>()
  readonly #perTarget = new Map<string, number>()
  readonly #timers = new Map<AttemptId, () => void>()
  /** Attempts that could not be fetched, or were and are still short, and how often in a row. */
  readonly #failures = new Map<AttemptId, number>()
  readonly #stopping = new AbortController()

  constructor(options: Acting) {
    this.#options = options
  }

  get size(): number {
    const ids = new Set(this.#waiting.ids())
    for (const map of [this.#fetching, this.#timers, this.#failures]) for (const id of map.keys()) ids.add(id)
    return ids.size
  }

  ended(id: AttemptId): void {
    this.#want(id, true)
  }

  grown(id: AttemptId): void {
    if (!this.#waiting.has(id) && !this.#fetching.has(id)) this.#later(id, FOLLOW_MS)
  }

  watch(id: AttemptId): Promise<void> {
    return new Promise((resolve) => {
      this.#want(id, true, resolve)
    })
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    for (const cancel of this.#timers.values()) cancel()
    for (const wanted of this.#waiting.clear()) this.#giveUp(wanted)
    await Promise.allSettled(this.#fetching.values())
  }

  #want(id: AttemptId, urgent: boolean, done?: () => void): void {
    const wanted = { id, urgent, done: done === undefined ? [] : [done] }
    const row = this.#fetchable(id)
    if (row === undefined) this.#giveUp(wanted)
    else this.#waiting.add({ ...wanted, target: row.targetKey })
    this.#pump()
  }

  /** Undefined for what is history, and while nothing may be asked of targets. */
  #fetchable(id: AttemptId): AttemptRow | undefined {
    return this.#stopping.signal.aborted || !this.#options.mayAct() ? undefined : this.#options.read(id)
  }

  #giveUp({ id, done }: Pick<Wanted, 'id' | 'done'>): void {
    this.#failures.delete(id)
    for (const call of done) call()
  }

  #later(id: AttemptId, ms: number): void {
    if (this.#timers.has(id) || this.#stopping.signal.aborted) return
    const cancel = this.#options.clock.timer(ms, () => {
      this.#timers.delete(id)
      this.#want(id, false)
    })
    this.#timers.set(id, cancel)
  }

  #pump(): void {
    while (this.#fetching.size < FETCHES_AT_ONCE) {
      const wanted = this.#waiting.take({
        from: (target) => (this.#perTarget.get(target) ?? 0) < FETCHES_A_TARGET,
        one: (id) => !this.#fetching.has(id),
      })
      if (wanted === undefined) return
      const row = this.#fetchable(wanted.id)
      if (row === undefined) this.#giveUp(wanted)
      else this.#begin(row, wanted)
    }
  }

  #begin(row: AttemptRow, { target, done }: Wanted): void {
    this.#perTarget.set(target, (this.#perTarget.get(target) ?? 0) + 1)
    const fetch = this.#fetchAttempt(row).finally(() => {
      this.#perTarget.set(target, (this.#perTarget.get(target) ?? 1) - 1)
      this.#fetching.delete(row.id)
      for (const call of done) call()
      this.#pump()
    })
    this.#fetching.set(row.id, fetch)
  }

  /** Whatever fails on the way, in the log store and in the loop too, is tried again. */
  async #fetchAttempt(row: AttemptRow): Promise<void> {
    try {
      await this.#bring(row)
    } catch (error) {
      if (this.#stopping.signal.aborted) return
      this.#options.log.warn('output could not be fetched; trying again', {
        attempt: row.id,
        error: messageOf(error),
      })
      this.#laterEachTime(row.id)
    }
  }

  async #bring(row: AttemptRow): Promise<void> {
    try {
      let grown = false
      for (const stream of STREAMS) if (await this.#fetchStream(row, stream)) grown = true
      if (grown || row.output !== 'closed') this.#failures.delete(row.id)
    } catch (error) {
      if (!(error instanceof NotKept) || row.output !== 'closed') throw error
      await this.#options.submit({ kind: 'output', id: row.id, output: 'gone', note: error.message })
      this.#failures.delete(row.id)
      return
    }
    await this.#conclude(row.id)
  }

  /** Each time in a row twice as late, up to a minute: a target that holds less than it stated is asked for ever, but seldom. */
  #laterEachTime(id: AttemptId): void {
    const count = (this.#failures.get(id) ?? 0) + 1
    this.#failures.set(id, count)
    this.#later(id, Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(count - 1, 10)))
  }

  /** Returns whether there was more of it. */
  async #fetchStream(row: AttemptRow, stream: 'stdout' | 'stderr'): Promise<boolean> {
    const { logs, executors } = this.#options
    const key = logKey(row, stream)
    const before = await logs.length(key)
    let offset = before
    if (row.output === 'closed' && offset >= row[stream]) return false
    const executor = executors.get(row.target.executor)
    if (executor === undefined) return false
    const { signal } = this.#stopping
    for await (const bytes of readKept(executor, row, { stream, offset, signal })) {
      offset = await logs.append(key, offset, bytes)
    }
    return offset > before
  }

  /** An ended attempt whose log has its final size is complete. The record may have become `closed` while this ran. */
  async #conclude(id: AttemptId): Promise<void> {
    const row = this.#options.read(id)
    if (row?.output !== 'closed') {
      this.#failures.delete(id)
      return
    }
    const lengths = await Promise.all(STREAMS.map((stream) => this.#options.logs.length(logKey(row, stream))))
    const complete = STREAMS.every((stream, index) => (lengths[index] ?? 0) >= row[stream])
    if (!complete) {
      this.#laterEachTime(id)
      return
    }
    await this.#options.submit({ kind: 'output', id, output: 'complete', note: null })
    this.#failures.delete(id)
  }
}

/** The word of a target that it does not keep the output. Nobody else's counts: what it still keeps would be released for it, and lost. */
class NotKept extends Error {}

/** Reads on at a target, and tells its refusals from all that goes wrong where the bytes are written. */
async function* readKept(
  executor: Pick<Executor, 'read'>,
  row: AttemptRow,
  from: { readonly stream: 'stdout' | 'stderr'; readonly offset: number; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { stream, offset, signal } = from
  try {
    yield* executor.read(refOf(row), stream, offset, { signal })
  } catch (error) {
    throw isTronError(error, 'OUTPUT_UNAVAILABLE') ? new NotKept(error.message, { cause: error }) : error
  }
}
