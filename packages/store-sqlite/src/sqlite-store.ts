import { type Clock, type Logger, TronError } from '@tron/model'
import type {
  Commit,
  CommitResult,
  IssuedPair,
  Lease,
  Owner,
  Page,
  PrunePlan,
  Query,
  QueryName,
  Row,
  Store,
  StoreHost,
} from '@tron/store'
import {
  type ChangeFeed,
  type CommittedChanges,
  checkCommit,
  createChangeFeed,
  duplicateKey,
  leaseLost,
  outOfTurn,
  planQuery,
  refusal,
  rowsFor,
  storeClosed,
} from '@tron/store/adapter'
import { decodeFields, decodeRow, encodeChange, encodeText } from './encode.ts'
import { createLeases, type Leases } from './leases.ts'
import type { Lock } from './lock.ts'
import type {
  CommitArgs,
  CommitReply,
  RawQuery,
  ReaderCalls,
  WorkerSettings,
  WriterCalls,
} from './messages.ts'
import { revive } from './wire-error.ts'
import { createWorkerClient, type StartWorker, type WorkerClient, WorkerCrashed } from './worker-client.ts'

const READER_IDLE_MS = 60_000

export interface SqliteParts {
  readonly file: string
  readonly settings: WorkerSettings
  /** The newest commit when it was opened. */
  readonly seq: number
  readonly lock: Lock
  readonly writer: WorkerClient<WriterCalls>
  readonly host: StoreHost
  readonly startWorker: StartWorker
  readonly onCrash: (error: Error) => void
}

/** What was decided on this side of the two threads: checks, leases, the change feed. */
export class SqliteStore implements Store {
  readonly shared = false
  readonly #writer: WorkerClient<WriterCalls>
  readonly #reader: WorkerClient<ReaderCalls>
  readonly #leases: Leases
  readonly #feed: ChangeFeed
  /** Commits whose answer was lost: the feed gets them once it is known that they were taken. */
  #unsettled: readonly CommittedChanges[] = []
  readonly #ended = new AbortController()
  readonly #clock: Clock
  readonly #log: Logger
  /** Puts off the end of a reader that has nothing to do. */
  #keepReader: () => void = () => undefined
  /** Queries and backups that it has in hand. */
  #reading = 0
  /** Of loads and backups. */
  #lastId = 0
  #closing: Promise<void> | null = null

  constructor(parts: SqliteParts) {
    const { settings, onCrash, writer, seq, startWorker } = parts
    this.#writer = writer
    this.#reader = createWorkerClient({ module: 'reader-worker', settings, onCrash, startWorker })
    this.#clock = parts.host.clock
    this.#log = parts.host.log
    this.#leases = createLeases(parts)
    this.#feed = createChangeFeed(seq)
  }

  async acquire(
    who: Owner,
    options: { readonly ttlMs: number; readonly atLeastEpoch?: number; readonly signal: AbortSignal },
  ): Promise<Lease> {
    options.signal.throwIfAborted()
    this.#assertOpen()
    const lease = await this.#leases.acquire(who, options.atLeastEpoch ?? 0)
    this.#unsettled = []
    this.#feed.reset(lease.seq)
    return lease
  }

  async *load(lease: Lease): AsyncGenerator<readonly Row[], void> {
    this.#assertHeld(lease)
    const id = (this.#lastId += 1)
    if (!(await this.#writer.call('loadStart', { ...pairOf(lease), id }))) throw leaseLost(lease)
    try {
      for (;;) {
        const page = await this.#writer.call('loadNext', { id })
        if (page === null) return
        yield page.rows.map((values) => decodeRow(page.table, values))
      }
    } finally {
      if (this.#closing === null) await this.#writer.call('loadEnd', { id })
    }
  }

  async commit(lease: Lease, commit: Commit): Promise<CommitResult> {
    const checked = checkCommit(commit)
    if (this.#closing !== null) return refusal('unavailable', storeClosed())
    if (!this.#leases.holds(lease)) return refusal('fenced', leaseLost(lease))
    const { seq, atMs, changes } = checked
    const reply = await this.#send({
      ...pairOf(lease),
      seq,
      atMs,
      changes: changes.map(encodeChange),
      cursors: Object.entries(checked.cursors).map((pair) => [encodeText(pair[0]), encodeText(pair[1])]),
    })
    return this.#answer(lease, { seq, changes }, reply)
  }

  async lastSeq(lease: Lease): Promise<number> {
    this.#assertHeld(lease)
    const seq = await this.#writer.call('lastSeq', pairOf(lease))
    if (seq === null) throw leaseLost(lease)
    this.#settle(seq)
    return seq
  }

  async query<Q extends QueryName>(
    query: Query<Q>,
    { signal }: { readonly signal: AbortSignal },
  ): Promise<Page<Q>> {
    signal.throwIfAborted()
    this.#assertOpen()
    const { parts, ...rest } = planQuery(query)
    const plan: RawQuery = {
      ...rest,
      parts: parts.map(({ column, op, values }) => ({
        column,
        op,
        values: values.map((value) => (typeof value === 'string' ? encodeText(value) : value)),
      })),
    }
    const { rows, more } = await unlessAborted(this.#read('query', { plan }), signal)
    return { rows: rowsFor<Q>(rows.map((values) => decodeFields(plan.table, values))), more }
  }

  changes(afterSeq: number, options: { readonly signal: AbortSignal }): AsyncIterable<CommittedChanges> {
    return this.#feed.read(afterSeq, options)
  }

  async prune(lease: Lease, plan: PrunePlan): Promise<{ readonly rows: number; readonly more: boolean }> {
    this.#assertHeld(lease)
    const { runs, maxRows } = plan
    const pruned = await this.#writer.call('prune', { ...pairOf(lease), runs: runs.map(encodeText), maxRows })
    if (pruned === null) throw leaseLost(lease)
    return pruned
  }

  async backup(to: string, { signal }: { readonly signal: AbortSignal }): Promise<void> {
    signal.throwIfAborted()
    this.#assertOpen()
    const ended = AbortSignal.any([signal, this.#ended.signal])
    const id = (this.#lastId += 1)
    const copied = this.#read('backup', { to, id })
    const giveUp = () => {
      this.#reader.call('abortBackup', { id }).catch(() => undefined)
    }
    ended.addEventListener('abort', giveUp)
    try {
      await copied
    } catch (error) {
      ended.throwIfAborted()
      throw error
    } finally {
      ended.removeEventListener('abort', giveUp)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#leases.end()
    this.#feed.close()
    this.#ended.abort(storeClosed())
    this.#keepReader()
    await this.#reader.stop()
    await this.#writer.stop()
    // Last, so that nobody else finds the database while this process still writes.
    this.#leases.free()
  }

  async #send(args: CommitArgs): Promise<CommitReply> {
    try {
      return await this.#writer.call('commit', args)
    } catch (error) {
      if (!(error instanceof TronError)) throw error
      const { code, message } = error
      const why = error instanceof WorkerCrashed ? 'ambiguous' : 'unavailable'
      return { ok: false, why, error: { code, message, details: {} } }
    }
  }

  #answer(lease: Lease, commit: CommittedChanges, reply: CommitReply): CommitResult {
    if (reply.ok) {
      this.#settle(commit.seq - 1)
      this.#feed.push(commit)
      return { ok: true, seq: commit.seq }
    }
    switch (reply.why) {
      case 'fenced':
        return refusal('fenced', leaseLost(lease))
      case 'conflict':
        return refusal('conflict', outOfTurn(commit.seq, reply.newest))
      case 'duplicate':
        throw duplicateKey(reply.table, reply.key)
      case 'ambiguous':
        return this.#ambiguous(commit, revive(reply.error))
      case 'full':
      case 'unavailable':
        return refused(reply.why, revive(reply.error))
    }
  }

  #ambiguous(commit: CommittedChanges, error: TronError): CommitResult {
    this.#unsettled = [...this.#unsettled, commit]
    return refusal('ambiguous', error)
  }

  /** The newest commit is known again: those whose answers were lost were taken, or were not. */
  #settle(newest: number): void {
    for (const commit of this.#unsettled) if (commit.seq <= newest) this.#feed.push(commit)
    this.#unsettled = []
  }

  /** Asks the reader, and lets its thread go once nobody has asked for a while: it is quick to start and holds some 10 MB. */
  async #read<K extends 'query' | 'backup'>(
    kind: K,
    args: ReaderCalls[K]['args'],
  ): Promise<ReaderCalls[K]['result']> {
    this.#keepReader()
    this.#reading += 1
    try {
      return await this.#reader.call(kind, args)
    } finally {
      this.#reading -= 1
      // A backup may take longer than any query beside it.
      if (this.#reading === 0 && this.#closing === null)
        this.#keepReader = this.#clock.timer(READER_IDLE_MS, () => this.#rest())
    }
  }

  #rest(): void {
    this.#reader.stop().catch((error: unknown) => this.#log.error('the reader did not end', { error }))
  }

  #assertOpen(): void {
    if (this.#closing !== null) throw storeClosed()
  }

  #assertHeld(lease: IssuedPair): void {
    this.#assertOpen()
    if (!this.#leases.holds(lease)) throw leaseLost(lease)
  }
}

/** A defect is thrown: trying again would not help. */
function refused(why: 'full' | 'unavailable', error: TronError): CommitResult {
  if (error.code === 'INTERNAL') throw error
  return refusal(why, error)
}

function pairOf({ epoch, nonce }: IssuedPair): IssuedPair {
  return { epoch, nonce }
}

async function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const abort = () => reject(toError(signal.reason))
  signal.addEventListener('abort', abort)
  try {
    return await Promise.race([answer, aborted])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}

function toError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error(String(reason))
}
