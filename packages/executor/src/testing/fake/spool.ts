import type { AttemptId } from '@tron/model'
import type {
  ExecutorEvent,
  Fence,
  FencePair,
  Holder,
  InventoryEntry,
  Outcome,
  Sizes,
  StartRequest,
  Tail,
  TailPart,
} from '../../contract.ts'
import type { FakeRun } from './run.ts'

/** The most of each stream that `closed` carries along. */
const TAIL_BYTES = 64 * 1024

/** An attempt as a node's disk holds it. Replaced as a whole when it changes, so that a copy of a spool stays as it was. */
export interface FakeAttempt {
  readonly id: AttemptId
  readonly startKey: string
  readonly runNumber: number
  readonly configHash: string
  readonly command: string
  readonly phase: InventoryEntry['phase']
  readonly run: FakeRun
  readonly stdout: Uint8Array
  readonly stderr: Uint8Array
  /** Final once the attempt was closed; kept when the output is released. */
  readonly sizes: Sizes
  readonly startedMs: number
  readonly endedMs: number
  readonly outcome: Outcome | null
  readonly closed: boolean
  readonly released: boolean
  /** A process of it is there that outlives, or has outlived, its command. */
  readonly left: boolean
}

/** What one node keeps of one installation: who holds its fence, the attempts, and the journal of what happened. */
export interface FakeSpool {
  readonly node: string
  readonly installation: string
  holder: Holder | null
  readonly attempts: Map<AttemptId, FakeAttempt>
  /** Cursors of another generation are too old. */
  generation: number
  readonly journal: ExecutorEvent[]
}

export function createSpool(node: string, installation: string): FakeSpool {
  return { node, installation, holder: null, attempts: new Map(), generation: 1, journal: [] }
}

/** An independent copy: what a backup of the disk holds. */
export function copySpool(spool: FakeSpool): FakeSpool {
  return { ...spool, attempts: new Map(spool.attempts), journal: [...spool.journal] }
}

function samePair(a: FencePair, b: FencePair): boolean {
  return a.epoch === b.epoch && a.nonce === b.nonce
}

/**
 * Makes the fence that of the asker if it may: nobody holds it, the asker does, the asker's store issued the pair found, or an operator said so
 * (`mayTakeOver`). Answers null, or who holds it instead.
 */
export function claim(spool: FakeSpool, fence: Fence, mayTakeOver: boolean): Holder | null {
  const found = spool.holder
  if (found !== null && samePair(found, fence)) return null
  const ours = found === null || fence.issued.some((pair) => samePair(pair, found))
  if (!ours && !mayTakeOver) return found
  spool.holder = { epoch: fence.epoch, nonce: fence.nonce, holder: fence.holder }
  return null
}

/** The claim of an id: a start's directory. */
export function launchedAttempt(
  request: StartRequest,
  run: FakeRun,
  output: { stdout: Uint8Array; stderr: Uint8Array; atMs: number },
): FakeAttempt {
  const { id, startKey, runNumber, configHash, command } = request
  const { stdout, stderr, atMs } = output
  const sizes = { stdout: stdout.length, stderr: stderr.length }
  return {
    id,
    startKey,
    runNumber,
    configHash,
    command,
    phase: 'launched',
    run,
    stdout,
    stderr,
    sizes,
    startedMs: atMs,
    endedMs: 0,
    outcome: null,
    closed: false,
    released: false,
    left: run.leavesForMs !== undefined,
  }
}

/** A tombstone: the id was claimed so that it never starts. */
export function revokedAttempt(id: AttemptId): FakeAttempt {
  return {
    id,
    startKey: '',
    runNumber: 0,
    configHash: '',
    command: '',
    phase: 'revoked',
    run: { afterMs: null },
    stdout: new Uint8Array(),
    stderr: new Uint8Array(),
    sizes: { stdout: 0, stderr: 0 },
    startedMs: 0,
    endedMs: 0,
    outcome: null,
    closed: false,
    released: false,
    left: false,
  }
}

/** What adopt answers for an id, and what a scheduler with too old a cursor is told: everything that happened to it, in order. */
export function historyOf(spool: FakeSpool, id: AttemptId): readonly ExecutorEvent[] {
  const attempt = spool.attempts.get(id)
  if (attempt === undefined)
    return [{ kind: 'absent', id, proof: 'none', reason: 'the node does not hold it' }]
  if (attempt.phase === 'revoked') {
    return [{ kind: 'absent', id, proof: 'never-started', reason: 'it was revoked before it started' }]
  }
  const events: ExecutorEvent[] = [{ kind: 'started', id, atMs: attempt.startedMs }]
  if (attempt.outcome !== null) events.push(exitEvent(attempt, attempt.outcome))
  if (attempt.closed) events.push(closedEvent(attempt))
  return events
}

export function exitEvent(attempt: FakeAttempt, outcome: Outcome): ExecutorEvent {
  return {
    kind: 'exit',
    id: attempt.id,
    atMs: attempt.endedMs,
    outcome,
    sizes: attempt.sizes,
    usage: { wallMs: attempt.endedMs - attempt.startedMs },
  }
}

export function closedEvent(attempt: FakeAttempt): ExecutorEvent {
  const { id, sizes, run } = attempt
  return {
    kind: 'closed',
    id,
    sizes,
    leftRunning: attempt.left ? 1 : (run.leftRunning ?? 0),
    ...(run.lostBytes === undefined ? {} : { lost: run.lostBytes }),
    ...(attempt.released ? {} : { tail: tailOf(attempt) }),
  }
}

function tailOf(attempt: FakeAttempt): Tail {
  return { stdout: lastPart(attempt.stdout), stderr: lastPart(attempt.stderr) }
}

function lastPart(bytes: Uint8Array): TailPart {
  const from = Math.max(0, bytes.length - TAIL_BYTES)
  return { from, bytes: bytes.slice(from) }
}

export function inventoryEntry(attempt: FakeAttempt): InventoryEntry {
  const { id, startKey, runNumber, configHash, phase, sizes, released, outcome } = attempt
  return {
    id,
    startKey,
    runNumber,
    configHash,
    phase,
    sizes,
    released,
    ...(phase === 'launched' || phase === 'ended' ? { startedMs: attempt.startedMs } : {}),
    ...(outcome === null ? {} : { endedMs: attempt.endedMs, outcome }),
  }
}
