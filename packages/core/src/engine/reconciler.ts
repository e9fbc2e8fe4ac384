import type { AttemptRef, StartReply } from '@tron/executor'
import { type AttemptId, type LogFields, messageOf, type Target, targetKey } from '@tron/model'
import type { AttemptRow } from '@tron/store'
import type { Input } from '../decide/input.ts'
import type { Acting } from './acting.ts'
import { refOf, startRequest } from './attempt-refs.ts'
import { byExecutor } from './by-executor.ts'
import { type Demand, demandOf, isStop } from './demand.ts'
import type { GuardedExecutor } from './guard-executor.ts'
import { createReleaser, type Releaser } from './releaser.ts'

/** Between TERM and KILL. */
const STOP_GRACE_MS = 10_000
const RETRY_MIN_MS = 500
const RETRY_MAX_MS = 30_000

const NOT_TAKEN = 'an answer was not taken in'

interface Work {
  readonly demand: Demand
  /** What had been told of a stop when it was asked for. */
  stopped: AttemptRow['stopped']
  failures: number
  cancel: (() => void) | null
}

export interface ReconcilerOptions extends Acting {
  /** All that are live. */
  all(): readonly AttemptRow[]
  /** Whether a scheduler before this one may have started it, unknown to the records. */
  mayHaveStarted(row: AttemptRow): boolean
  /** A target answered that another scheduler holds it. */
  fenced(reason: string): void
}

/**
 * Keeps executors at what the records demand: a `starting` attempt wants a start, one to be stopped a stop, an ended one whose output is safe a release.
 * Level-triggered: what was asked before a crash is asked again, under the same id.
 */
export interface Reconciler {
  /** Looks at attempts that a commit changed. */
  consider(attempts: Iterable<AttemptRow>): void
  /** Looks at everything that is live: after a start, or when a store works again. Attempts that a start may already have reached are adopted. */
  resume(attempts: Iterable<AttemptRow>): void
  /** Asks what became of all that is, or may be, at a target. */
  adoptAll(target: Target): void
  stop(): void
  /** Attempts that something is still known or wanted of. */
  readonly size: number
}

export function createReconciler(options: ReconcilerOptions): Reconciler {
  return new EngineReconciler(options)
}

class EngineReconciler implements Reconciler {
  readonly #options: ReconcilerOptions
  readonly #works = new Map<AttemptId, Work>()
  /** Attempts whose start an earlier request, perhaps of an earlier process, may have delivered. */
  readonly #maybeSent = new Set<AttemptId>()
  readonly #timers = new Set<() => void>()
  readonly #releaser: Releaser
  #stopped = false

  constructor(options: ReconcilerOptions) {
    this.#options = options
    this.#releaser = createReleaser({
      ...options,
      submit: (input) => {
        this.#submit(input)
      },
      again: (id) => {
        this.#again(id, 'release')
      },
    })
  }

  get size(): number {
    return new Set([...this.#works.keys(), ...this.#maybeSent, ...this.#releaser.waiting]).size
  }

  consider(attempts: Iterable<AttemptRow>): void {
    if (this.#stopped || !this.#options.mayAct()) return
    const starts: AttemptRow[] = []
    const revokes: AttemptRow[] = []
    const adoptions: AttemptRow[] = []
    for (const row of attempts) {
      const demand = demandOf(row)
      if (!this.#take(row, demand) || demand === null) continue
      if (demand === 'start') starts.push(row)
      else if (demand === 'revoke') revokes.push(row)
      else if (demand === 'adopt') adoptions.push(row)
      else if (demand === 'release') this.#releaser.want(row.id)
      else this.#run(row.id, this.#askStop(row, demand))
    }
    for (const [executor, rows] of this.#byExecutor(starts)) void this.#askStart(executor, rows)
    for (const [executor, rows] of this.#byExecutor(revokes)) void this.#askRevoke(executor, rows)
    this.#adoptRows(adoptions)
  }

  resume(attempts: Iterable<AttemptRow>): void {
    const rows = [...attempts]
    for (const row of rows) this.#maybeSent.add(row.id)
    this.#adoptRows(rows.filter(isThere))
    for (const work of this.#works.values()) work.cancel?.()
    this.#works.clear()
    this.consider(rows)
  }

  adoptAll(target: Target): void {
    if (this.#stopped || !this.#options.mayAct()) return
    const key = targetKey(target)
    this.#adoptRows(this.#options.all().filter((row) => row.targetKey === key && isAsked(row)))
  }

  stop(): void {
    this.#stopped = true
    this.#releaser.stop()
    for (const cancel of this.#timers) cancel()
    for (const work of this.#works.values()) work.cancel?.()
  }

  /** Whether this demand is new, and notes it. */
  #take(row: AttemptRow, demand: Demand | null): boolean {
    const work = this.#works.get(row.id)
    if (demand === null) {
      work?.cancel?.()
      this.#works.delete(row.id)
      if (!row.live) this.#maybeSent.delete(row.id)
      return false
    }
    if (work?.demand === demand && this.#isUnderWay(work, row)) return false
    work?.cancel?.()
    this.#works.set(row.id, { demand, stopped: row.stopped, failures: 0, cancel: null })
    return true
  }

  /** Whether a demand needs no asking now. A stop that was told without being done is asked for again later, or at once when an operator repeats it. */
  #isUnderWay(work: Work, { id, stopped }: AttemptRow): boolean {
    if (!isStop(work.demand) || work.stopped === stopped) return true
    if (stopped === null) return false
    work.stopped = stopped
    this.#again(id, work.demand)
    return true
  }

  /** Asks again later, if the record still demands it then. */
  #again(id: AttemptId, demand: Demand): void {
    const work = this.#works.get(id)
    if (this.#stopped || work?.demand !== demand || work.cancel !== null) return
    const failures = work.failures + 1
    const delay = Math.min(RETRY_MAX_MS, RETRY_MIN_MS * 2 ** Math.min(work.failures, 10))
    work.cancel = this.#options.clock.timer(delay, () => {
      this.#works.delete(id)
      const row = this.#options.read(id)
      if (row !== undefined) this.consider([row])
      const next = this.#works.get(id)
      if (next !== undefined) next.failures = failures
    })
  }

  #run(id: AttemptId, call: Promise<void>): void {
    call.catch((error: unknown) => {
      this.#warn('an attempt could not be stopped; trying again', { attempt: id, error: messageOf(error) })
      const work = this.#works.get(id)
      if (work !== undefined) this.#again(id, work.demand)
    })
  }

  #warn(message: string, fields: LogFields): void {
    if (!this.#stopped) this.#options.log.warn(message, fields)
  }

  async #askStart(executor: GuardedExecutor, rows: readonly AttemptRow[]): Promise<void> {
    for (const row of rows) if (this.#options.mayHaveStarted(row)) this.#maybeSent.add(row.id)
    let replies: readonly StartReply[]
    try {
      replies = await executor.start(rows.map(startRequest))
    } catch (error) {
      this.#warn('starts were not confirmed; asking again', {
        executor: executor.name,
        error: messageOf(error),
      })
      for (const row of rows) this.#startUnsure(row.id)
      return
    }
    // Only now: another request may have been sent while this one was under way, and what became of that this answer does not tell.
    const maybeSent = rows.map((row) => row.id).filter((id) => this.#maybeSent.has(id))
    const byId = new Map(rows.map((row) => [row.id, row]))
    const exist: AttemptRef[] = []
    for (const reply of replies) {
      const row = byId.get(reply.id)
      byId.delete(reply.id)
      if (row === undefined) continue
      if (reply.result === 'refused') this.#refused(reply)
      else this.#noteSent(reply.id)
      if (reply.result === 'exists') exist.push(refOf(row))
    }
    for (const id of byId.keys()) this.#startUnsure(id)
    if (exist.length > 0) void this.#adopt(executor, exist)
    this.#submit({ kind: 'start-replies', replies, maybeSent })
  }

  /** An answer may come when all is over: then it is of no interest, and nobody would forget it. */
  #noteSent(id: AttemptId): void {
    if (this.#options.read(id)?.live === true) this.#maybeSent.add(id)
  }

  #startUnsure(id: AttemptId): void {
    this.#noteSent(id)
    this.#again(id, 'start')
  }

  #refused(reply: Extract<StartReply, { result: 'refused' }>): void {
    if (reply.code === 'FENCED') this.#options.fenced(reply.reason)
    else if (reply.retry) this.#again(reply.id, 'start')
  }

  async #askRevoke(executor: GuardedExecutor, rows: readonly AttemptRow[]): Promise<void> {
    try {
      const replies = await executor.revoke(rows.map(refOf))
      for (const reply of replies) {
        if (reply.result === 'unreachable') this.#again(reply.id, 'revoke')
      }
      this.#submit({ kind: 'revoke-replies', replies })
    } catch (error) {
      this.#warn('revokes were not confirmed; asking again', {
        executor: executor.name,
        error: messageOf(error),
      })
      for (const row of rows) this.#again(row.id, 'revoke')
    }
  }

  async #askStop(row: AttemptRow, demand: Demand): Promise<void> {
    const executor = this.#options.executors.get(row.target.executor)
    if (executor === undefined) return
    const signal = demand === 'stop KILL' ? 'KILL' : 'TERM'
    await executor.stop(refOf(row), { signal, graceMs: STOP_GRACE_MS })
    if (executor.capabilities.stop !== 'proved') this.#submit({ kind: 'stop-taken', id: row.id })
  }

  #adoptRows(rows: readonly AttemptRow[]): void {
    for (const [executor, some] of this.#byExecutor(rows)) void this.#adopt(executor, some.map(refOf))
  }

  async #adopt(executor: GuardedExecutor, refs: readonly AttemptRef[]): Promise<void> {
    try {
      await executor.adopt(refs)
    } catch (error) {
      this.#warn('attempts could not be adopted; asking again', {
        executor: executor.name,
        error: messageOf(error),
      })
      this.#later(RETRY_MIN_MS, () => {
        if (!this.#options.mayAct()) return
        const open = refs.filter((ref) => {
          const row = this.#options.read(ref.id)
          return row !== undefined && (row.phase !== 'ended' || wantsOutput(row))
        })
        if (open.length > 0) void this.#adopt(executor, open)
      })
    }
  }

  #later(ms: number, call: () => void): void {
    const cancel = this.#options.clock.timer(ms, () => {
      this.#timers.delete(cancel)
      if (!this.#stopped) call()
    })
    this.#timers.add(cancel)
  }

  #submit(input: Input): void {
    this.#options.submit(input).catch((error: unknown) => {
      const fields = { input: input.kind, error: messageOf(error) }
      if (this.#stopped || !this.#options.mayAct()) this.#options.log.debug(NOT_TAKEN, fields)
      else this.#options.log.error(NOT_TAKEN, fields)
    })
  }

  #byExecutor(rows: readonly AttemptRow[]): ReadonlyMap<GuardedExecutor, readonly AttemptRow[]> {
    return byExecutor(this.#options.executors, rows)
  }
}

/** Its target can tell what became of it. */
function isAsked(row: AttemptRow): boolean {
  return isThere(row) || demandOf(row) === 'adopt'
}

/** Its target holds it, and more is to come from there. */
function isThere(row: AttemptRow): boolean {
  return row.phase === 'running' || wantsOutput(row)
}

/** Ended, and the executor has yet to say that its output is final. */
function wantsOutput(row: AttemptRow): boolean {
  return row.phase === 'ended' && row.output === 'open'
}
