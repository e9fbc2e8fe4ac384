import { TronError } from '@tron/model'
import type { Change } from './contract.ts'

/** One commit as subscribers see it. */
export interface CommittedChanges {
  readonly seq: number
  readonly changes: readonly Change[]
}

/** The newest commits, kept in memory for `Store.changes`. */
export interface ChangeFeed {
  /** Commits go on after this seq. Where that is not the newest here, somebody else wrote meanwhile, and what is kept is forgotten. */
  reset(seq: number): void
  /** Takes the next commit. Its seq must be one more than that of the one before. */
  push(commit: CommittedChanges): void
  /** What `Store.changes` promises. */
  read(afterSeq: number, options: { readonly signal: AbortSignal }): AsyncIterable<CommittedChanges>
  /** Ends all readers, those to come as well. */
  close(): void
}

/** How much a feed keeps. */
export interface ChangeFeedOptions {
  /** Of the newest commits, at most this many are kept, */
  readonly maxCommits: number
  /** and at most this many changes in them; the newest commit is always kept. A reader that falls further behind gets NOT_FOUND and starts anew. */
  readonly maxChanges: number
}

/** What an embedded store keeps: a reader that cannot follow for so long is better off reading the records. */
const FEED_DEFAULTS: ChangeFeedOptions = { maxCommits: 1000, maxChanges: 10_000 }

/** A feed that goes on after `seq`. */
export function createChangeFeed(seq: number, options: ChangeFeedOptions = FEED_DEFAULTS): ChangeFeed {
  return new Feed(seq, options)
}

class Feed implements ChangeFeed {
  readonly #options: ChangeFeedOptions
  readonly #waiting = new Set<() => void>()
  /** From `#first` on; what is before it was let go, and is cut off from time to time. */
  #kept: (CommittedChanges | undefined)[] = []
  #first = 0
  #changes = 0
  #seq: number
  #closed = false

  constructor(seq: number, options: ChangeFeedOptions) {
    this.#seq = seq
    this.#options = options
  }

  reset(seq: number): void {
    if (seq === this.#seq) return
    this.#kept = []
    this.#first = 0
    this.#changes = 0
    this.#seq = seq
    this.#wake()
  }

  push(commit: CommittedChanges): void {
    if (commit.seq !== this.#seq + 1) {
      throw new TronError('INTERNAL', `the change feed is at ${this.#seq} and got ${commit.seq}`)
    }
    this.#kept.push(commit)
    this.#seq = commit.seq
    this.#changes += commit.changes.length
    while (this.#isOver()) this.#drop()
    if (this.#first > this.#options.maxCommits) {
      this.#kept = this.#kept.slice(this.#first)
      this.#first = 0
    }
    this.#wake()
  }

  async *read(
    afterSeq: number,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<CommittedChanges> {
    let seq = afterSeq
    while (!signal.aborted && !this.#closed) {
      if (seq < this.#oldest() - 1 || seq > this.#seq) throw this.#notKept(seq)
      const next = this.#kept[this.#first + seq + 1 - this.#oldest()]
      if (next === undefined) {
        await this.#changed(signal)
      } else {
        yield next
        seq = next.seq
      }
    }
  }

  close(): void {
    this.#closed = true
    this.#wake()
  }

  /** The oldest seq that is kept; one more than the newest where none is. */
  #oldest(): number {
    return this.#seq - (this.#kept.length - this.#first) + 1
  }

  #isOver(): boolean {
    const count = this.#kept.length - this.#first
    return count > 1 && (count > this.#options.maxCommits || this.#changes > this.#options.maxChanges)
  }

  #drop(): void {
    this.#changes -= this.#kept[this.#first]?.changes.length ?? 0
    this.#kept[this.#first] = undefined
    this.#first += 1
  }

  #wake(): void {
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const wake of waiting) wake()
  }

  async #changed(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const wake = () => resolve()
    this.#waiting.add(wake)
    signal.addEventListener('abort', wake)
    await promise
    this.#waiting.delete(wake)
    signal.removeEventListener('abort', wake)
  }

  #notKept(seq: number): TronError {
    return new TronError(
      'NOT_FOUND',
      `the changes after ${seq} are not kept: ${this.#oldest()} to ${this.#seq} are`,
      { hint: 'Read the records again and follow the changes from there.' },
    )
  }
}
