import { type Clock, type Logger, messageOf, TronError } from '@tron/model'
import type { Change, Commit, CommitResult, Lease, Store } from '@tron/store'
import type { CommandReply } from '../command.ts'
import type { DecideContext } from '../decide/context.ts'
import { decide } from '../decide/decide.ts'
import type { Input } from '../decide/input.ts'
import { createDraft, type LiveTables } from '../tables/tables.ts'
import type { EngineHealth } from './health.ts'

/** A batch ends at this many inputs, or when deciding took this long. */
const BATCH_INPUTS = 256
const BATCH_MS = 5

/** How long to wait before a commit is tried again. */
const RETRY_MS = 500

interface Entry {
  readonly input: Input
  readonly resolve: (reply: CommandReply | null) => void
  readonly reject: (error: unknown) => void
}

export interface LoopOptions {
  readonly tables: LiveTables
  readonly store: Store
  readonly lease: Lease
  /** The newest commit. */
  readonly seq: number
  readonly clock: Clock
  readonly log: Logger
  readonly health: EngineHealth
  /** The context for the next batch; `input` tells which specs it needs. */
  context(): DecideContext
  /** Sees every batch that was committed, before it is applied. */
  applying?(batch: CommittedBatch): void
  /** Sees every batch after it was committed and applied. */
  committed(batch: CommittedBatch): void
  /** Sees every input with the instant it is decided at, for a replay. */
  record?(input: Input, nowMs: number): void
}

export interface CommittedBatch {
  readonly seq: number
  readonly atMs: number
  readonly changes: readonly Change[]
  readonly inputs: readonly Input[]
}

/** The one owner of all mutable state: takes inputs in order, decides, commits, applies, and only then lets anybody act. */
export interface Loop {
  /** Resolves when what the input caused is committed; a command with its answer. Rejects when the engine can only read, or stopped. */
  submit(input: Input): Promise<CommandReply | null>
  readonly seq: number
  /** Waiting inputs. */
  readonly backlog: number
  /** Lets the commit in hand end, then stops. What is given is committed as the last thing, if the store takes it at the first attempt. */
  stop(last?: Input): Promise<void>
}

export function createLoop(options: LoopOptions): Loop {
  return new EngineLoop(options)
}

class EngineLoop implements Loop {
  readonly #options: LoopOptions
  readonly #queue: Entry[] = []
  readonly #stopping = new AbortController()
  readonly #worker: Promise<void>
  #seq: number
  #wake: (() => void) | undefined

  constructor(options: LoopOptions) {
    this.#options = options
    this.#seq = options.seq
    this.#worker = this.#work()
  }

  get seq(): number {
    return this.#seq
  }

  get backlog(): number {
    return this.#queue.length
  }

  submit(input: Input): Promise<CommandReply | null> {
    return new Promise((resolve, reject) => {
      if (this.#stopping.signal.aborted) {
        reject(stoppedError())
        return
      }
      this.#queue.push({ input, resolve, reject })
      this.#wake?.()
    })
  }

  async stop(last?: Input): Promise<void> {
    this.#stopping.abort()
    this.#wake?.()
    await this.#worker
    if (last === undefined || this.#options.health.state() !== 'working') return
    await this.#commitDecided(this.#decideBatch([{ input: last, resolve: () => {}, reject: () => {} }]))
  }

  async #work(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const batch = this.#takeBatch()
      if (batch.length > 0) await this.#settle(batch)
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    }
    for (const entry of this.#queue.splice(0)) entry.reject(stoppedError())
  }

  #takeBatch(): Entry[] {
    const first = this.#queue.shift()
    if (first === undefined) return []
    const batch = [first]
    // A new configuration changes the context, an import the ground under everything: each is a batch of its own.
    if (standsAlone(first.input)) return batch
    while (batch.length < BATCH_INPUTS) {
      const next = this.#queue[0]
      if (next === undefined || standsAlone(next.input)) break
      batch.push(next)
      this.#queue.shift()
    }
    return batch
  }

  /** Decides and commits a batch, as often as it takes. */
  async #settle(batch: readonly Entry[]): Promise<void> {
    let left = batch
    while (left.length > 0 && !this.#stopping.signal.aborted) {
      if (!this.#options.health.mayDecide()) break
      const decided = this.#decideBatch(left)
      const outcome = await this.#commitDecided(decided)
      // What did not fit into this batch goes back to the front.
      this.#queue.unshift(...decided.rest)
      if (outcome === 'apart') for (const entry of decided.entries) await this.#settle([entry])
      if (outcome !== 'retry') return
      left = await this.#waitForStore(decided.entries)
    }
    this.#refuse(left)
  }

  #decideBatch(entries: readonly Entry[]): Decided {
    const { clock, log, tables } = this.#options
    const context = this.#options.context()
    const draft = createDraft(tables.view)
    const atMs = context.nowMs
    const decided: Decided = { entries: [], rest: [], replies: new Map(), changes: [], cursors: {}, atMs }
    const startMs = clock.monotonicMs()
    for (const [index, entry] of entries.entries()) {
      if (index > 0 && clock.monotonicMs() - startMs > BATCH_MS) {
        decided.rest.push(...entries.slice(index))
        break
      }
      this.#options.record?.(entry.input, atMs)
      try {
        const { changes, reply } = decide(draft.view, entry.input, context)
        for (const change of changes) replay(draft, change)
        decided.changes.push(...changes)
        if (entry.input.kind === 'events') decided.cursors[entry.input.source] = entry.input.cursor
        decided.replies.set(entry, reply)
        decided.entries.push(entry)
      } catch (error) {
        log.error('a decision failed; its input is left out', {
          input: entry.input.kind,
          error: messageOf(error),
        })
        entry.reject(new TronError('INTERNAL', `a decision failed: ${messageOf(error)}`, { cause: error }))
      }
    }
    return decided
  }

  /** `apart`: a record of one of several inputs does not fit the store, and each has to be settled alone. */
  async #commitDecided(decided: Decided): Promise<'done' | 'retry' | 'refused' | 'apart'> {
    const { changes, cursors, atMs, entries } = decided
    if (changes.length > 0 || Object.keys(cursors).length > 0) {
      const verdict = await this.#commitOnce({ seq: this.#seq + 1, atMs, changes, cursors })
      if (verdict !== 'ours') return this.#failed(verdict, entries)
      this.#seq += 1
      const inputs = entries.map((entry) => entry.input)
      const batch = { seq: this.#seq, atMs, changes, inputs }
      this.#options.applying?.(batch)
      this.#options.tables.apply(changes)
      this.#options.health.storeWorks()
      this.#options.committed(batch)
    }
    for (const entry of entries) entry.resolve(decided.replies.get(entry) ?? null)
    return 'done'
  }

  #failed(verdict: 'retry' | 'fenced' | 'defect', entries: readonly Entry[]): 'retry' | 'refused' | 'apart' {
    if (verdict === 'retry') return 'retry'
    if (verdict === 'defect' && entries.length > 1) return 'apart'
    if (verdict === 'defect') for (const entry of entries) entry.reject(recordError())
    else this.#refuse(entries)
    return 'refused'
  }

  async #commitOnce(commit: Commit): Promise<'ours' | 'retry' | 'fenced' | 'defect'> {
    const { store, lease, log } = this.#options
    try {
      const result = await store.commit(lease, commit)
      return result.ok ? 'ours' : await this.#judge(result)
    } catch (error) {
      // A store throws only for records that do not fit its tables: trying again would not help.
      log.error('the store refused a record', { error: messageOf(error) })
      return 'defect'
    }
  }

  /** What a commit that failed means. An ambiguous one is settled by asking, never by guessing. */
  async #judge(result: Extract<CommitResult, { ok: false }>): Promise<'ours' | 'retry' | 'fenced'> {
    const { health, store, lease, log } = this.#options
    if (result.why === 'fenced' || result.why === 'conflict') {
      health.fenced(`the store refused a commit: ${result.error.message}`)
      return 'fenced'
    }
    health.storeFails(result.error.message)
    while (result.why === 'ambiguous' && !this.#stopping.signal.aborted) {
      try {
        return (await store.lastSeq(lease)) > this.#seq ? 'ours' : 'retry'
      } catch (error) {
        log.warn('the store does not say whether a commit was done', { error: messageOf(error) })
        await this.#pause()
      }
    }
    return 'retry'
  }

  async #pause(): Promise<void> {
    try {
      await this.#options.clock.sleep(RETRY_MS, { signal: this.#stopping.signal })
    } catch {
      // Stopping ends the wait.
    }
  }

  /** Who asked for something is answered that nothing happened; the rest waits and is decided anew. */
  async #waitForStore(entries: readonly Entry[]): Promise<readonly Entry[]> {
    const reason = this.#options.health.reason() ?? 'the store cannot commit'
    const left: Entry[] = []
    for (const entry of entries) {
      if (isAsked(entry.input)) entry.resolve({ outcome: 'degraded', text: reason, runs: [] })
      else left.push(entry)
    }
    await this.#pause()
    return left
  }

  #refuse(entries: readonly Entry[]): void {
    const reason = this.#options.health.reason() ?? 'the engine has stopped'
    for (const { input, resolve, reject } of entries) {
      if (isAsked(input)) resolve({ outcome: 'fenced', text: reason, runs: [] })
      else reject(new TronError('FENCED', reason))
    }
  }
}

function stoppedError(): TronError {
  return new TronError('INTERNAL', 'the engine has stopped')
}

function recordError(): TronError {
  return new TronError('INTERNAL', 'the store refused a record; see the daemon log')
}

interface Decided {
  readonly entries: Entry[]
  readonly rest: Entry[]
  readonly replies: Map<Entry, CommandReply | null>
  readonly changes: Change[]
  readonly cursors: Record<string, string>
  readonly atMs: number
}

/** Somebody waits for the answer. */
function isAsked(input: Input): boolean {
  return input.kind === 'command' || input.kind === 'recover-without'
}

function standsAlone(input: Input): boolean {
  return input.kind === 'configure' || input.kind === 'import'
}

function replay(draft: ReturnType<typeof createDraft>, change: Change): void {
  if (change.put !== undefined) draft.put(change.put)
  else if (change.remove !== undefined) draft.remove(change.remove)
  else draft.append(change.append.row)
}
