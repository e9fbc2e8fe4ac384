import { type AttemptId, type Clock, TRON_EXIT, TronError } from '@tron/model'
import type {
  ExecutorEvent,
  Fence,
  Holder,
  Outcome,
  RevokeReply,
  StartReply,
  StartRequest,
} from '../../contract.ts'
import { createKeyedTimers, type KeyedTimers } from './keyed-timers.ts'
import { bytesOf, type FakeScript } from './run.ts'
import {
  claim,
  closedEvent,
  exitEvent,
  type FakeAttempt,
  type FakeSpool,
  launchedAttempt,
  revokedAttempt,
} from './spool.ts'

/** One launch of a command: there is at most one for each id, or the once-only steps do not hold. */
export interface FakeLaunch {
  readonly id: AttemptId
  readonly startKey: string
  readonly node: string
  readonly command: string
  readonly env: Readonly<Record<string, string>>
  readonly atMs: number
}

/** How a stop is meant. */
export interface StopHow {
  readonly signal: 'TERM' | 'KILL'
  readonly graceMs: number
}

/** What runs on one spool: the node's side of the contract. All of it is at once; only commands take time. */
export interface FakeNode {
  readonly spool: FakeSpool
  /** Makes the fence the asker's, if it may be: null, or who holds it instead. */
  claim(fence: Fence, mayTakeOver: boolean): Holder | null
  start(request: StartRequest): StartReply
  revoke(id: AttemptId): RevokeReply
  /** Signals once. Answers what came of it, or null as long as something of it is left that may take another signal. */
  stop(id: AttemptId, signal: StopHow['signal']): ExecutorEvent | null
  /** Empties it when nothing more can come; answers whether it is empty now. */
  release(id: AttemptId): boolean
  /** Ends a command that runs. @throws ILLEGAL_STATE when it does not */
  finish(id: AttemptId, outcome: Outcome): void
  /** Ends all that runs without an exit status, as a power failure does. */
  reboot(): void
  /** Forgets its timers: its commands stand still. */
  halt(): void
}

export interface FakeNodeOptions {
  readonly spool: FakeSpool
  readonly clock: Clock
  readonly script: FakeScript
  readonly onLaunch: (launch: FakeLaunch) => void
  /** The journal grew. */
  readonly onChange: () => void
  /** The fence went from one holder to another. */
  readonly onClaim?: ((claim: FakeClaim) => void) | undefined
}

/** One change of a fence. */
export interface FakeClaim {
  readonly node: string
  readonly before: Holder | null
  readonly by: Fence
}

interface Bench extends FakeNodeOptions {
  readonly timers: KeyedTimers
}

/** Commands that the spool says are running go on. */
export function createFakeNode(options: FakeNodeOptions): FakeNode {
  const { spool } = options
  const bench: Bench = { ...options, timers: createKeyedTimers(options.clock) }
  for (const attempt of spool.attempts.values()) {
    if (attempt.phase === 'launched') armEnd(bench, attempt)
    else armLeft(bench, attempt)
  }
  return {
    spool,
    claim(fence, mayTakeOver) {
      const before = spool.holder
      const holder = claim(spool, fence, mayTakeOver)
      if (spool.holder !== before) {
        options.onClaim?.({ node: spool.node, before, by: fence })
        options.onChange()
      }
      return holder
    },
    start: (request) => start(bench, request),
    revoke: (id) => revoke(bench, id),
    stop: (id, signal) => stop(bench, id, signal),
    release: (id) => release(bench, id),
    finish(id, outcome) {
      if (end(bench, id, outcome)) return
      throw new TronError('ILLEGAL_STATE', `attempt ${id} does not run on node ${spool.node}`)
    },
    reboot() {
      for (const { id, phase } of spool.attempts.values()) {
        if (phase === 'launched')
          end(bench, id, { type: 'lost', cause: 'reboot', legacyCode: TRON_EXIT.lost })
        endLeft(bench, id)
        if (phase !== 'revoked') close(bench, id)
      }
    },
    halt() {
      bench.timers.clear()
    },
  }
}

function start(bench: Bench, request: StartRequest): StartReply {
  const { spool, clock } = bench
  const { id, startKey, command, env } = request
  const held = spool.attempts.get(id)
  if (held?.phase === 'revoked') {
    return {
      id,
      result: 'refused',
      retry: false,
      code: 'REVOKED',
      reason: 'it was revoked before it started',
    }
  }
  if (held !== undefined) return { id, result: 'exists' }
  const atMs = clock.nowMs()
  const run = bench.script(request)
  const output = { stdout: bytesOf(run.stdout), stderr: bytesOf(run.stderr), atMs }
  const attempt = put(bench, launchedAttempt(request, run, output))
  bench.onLaunch({ id, startKey, node: spool.node, command, env, atMs })
  journal(bench, { kind: 'started', id, atMs })
  armEnd(bench, attempt)
  const hasOutput = attempt.sizes.stdout + attempt.sizes.stderr > 0
  if (hasOutput && spool.attempts.get(id)?.phase === 'launched') {
    journal(bench, { kind: 'progress', id, sizes: attempt.sizes })
  }
  return { id, result: 'accepted' }
}

function revoke(bench: Bench, id: AttemptId): RevokeReply {
  const held = bench.spool.attempts.get(id)
  if (held === undefined) put(bench, revokedAttempt(id))
  return { id, result: held === undefined || held.phase === 'revoked' ? 'revoked' : 'started' }
}

function stop(bench: Bench, id: AttemptId, signal: StopHow['signal']): ExecutorEvent | null {
  const attempt = bench.spool.attempts.get(id)
  const atMs = bench.clock.nowMs()
  if (attempt === undefined) return { kind: 'absent', id, proof: 'none', reason: 'the node does not hold it' }
  const survivors = attempt.phase === 'launched' ? (attempt.run.survivors ?? []) : []
  if (survivors.length > 0) return { kind: 'stopped', id, atMs, signalled: survivors, survivors }
  strike(bench, attempt, signal)
  const after = bench.spool.attempts.get(id) ?? attempt
  if (isThere(after)) return null
  return { kind: 'stopped', id, atMs, signalled: isThere(attempt) ? [id] : [], survivors: [] }
}

function isThere({ phase, left }: FakeAttempt): boolean {
  return phase === 'launched' || left
}

function strike(bench: Bench, { id, run }: FakeAttempt, signal: StopHow['signal']): void {
  if (signal === 'KILL') {
    end(bench, id, { type: 'exited', code: 137 })
    endLeft(bench, id)
  } else if (run.ignoresTerm !== true) end(bench, id, { type: 'exited', code: 143 })
}

function release(bench: Bench, id: AttemptId): boolean {
  const attempt = bench.spool.attempts.get(id)
  // Nothing is left of it to be released.
  if (attempt === undefined) return true
  if (!attempt.closed && attempt.phase !== 'revoked') return false
  if (!attempt.released) {
    put(bench, { ...attempt, released: true, stdout: new Uint8Array(), stderr: new Uint8Array() })
  }
  return true
}

function armEnd(bench: Bench, attempt: FakeAttempt): void {
  const { id, startedMs, run } = attempt
  if (run.afterMs === null) return
  bench.timers.after(`end ${id}`, startedMs + run.afterMs - bench.clock.nowMs(), () => {
    end(bench, id, outcomeOf(attempt))
  })
}

/** What outlives a command that ended goes on for its time. */
function armLeft(bench: Bench, { id, left, endedMs, run }: FakeAttempt): void {
  const forMs = run.leavesForMs ?? null
  if (!left || forMs === null) return
  bench.timers.after(`left ${id}`, endedMs + forMs - bench.clock.nowMs(), () => {
    endLeft(bench, id)
  })
}

function endLeft(bench: Bench, id: AttemptId): void {
  const attempt = bench.spool.attempts.get(id)
  bench.timers.cancel(`left ${id}`)
  if (attempt?.left === true) put(bench, { ...attempt, left: false })
}

/** Answers whether it ran until now. */
function end(bench: Bench, id: AttemptId, outcome: Outcome): boolean {
  const attempt = bench.spool.attempts.get(id)
  if (attempt?.phase !== 'launched') return false
  bench.timers.cancel(`end ${id}`)
  const ended = put(bench, { ...attempt, phase: 'ended', outcome, endedMs: bench.clock.nowMs() })
  armLeft(bench, ended)
  journal(bench, exitEvent(ended, outcome))
  bench.timers.after(`close ${id}`, attempt.run.closesAfterMs ?? 0, () => {
    close(bench, id)
  })
  return true
}

function close(bench: Bench, id: AttemptId): void {
  const attempt = bench.spool.attempts.get(id)
  if (attempt === undefined || attempt.closed) return
  bench.timers.cancel(`close ${id}`)
  journal(bench, closedEvent(put(bench, { ...attempt, closed: true })))
}

function outcomeOf({ run }: FakeAttempt): Outcome {
  if (run.lost !== undefined) return { type: 'lost', cause: run.lost, legacyCode: TRON_EXIT.lost }
  return { type: 'exited', code: run.code ?? 0 }
}

function put(bench: Bench, attempt: FakeAttempt): FakeAttempt {
  bench.spool.attempts.set(attempt.id, attempt)
  return attempt
}

function journal(bench: Bench, event: ExecutorEvent): void {
  bench.spool.journal.push(event)
  bench.onChange()
}
