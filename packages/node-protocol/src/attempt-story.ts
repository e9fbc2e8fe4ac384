import type { ExecutorEvent, Outcome } from '@tron/executor'
import { TRON_EXIT } from '@tron/model'
import type { NodeAttempt } from './wire/listing.ts'

/** What a node's records say about an attempt now. */
export type Story =
  | { readonly kind: 'absent'; readonly proof: 'never-started' | 'none'; readonly reason: string }
  /** Its folder is there and nobody made the *go*. */
  | { readonly kind: 'reserved' }
  /** The *go* was made and is being written down. */
  | { readonly kind: 'launching' }
  /** With a reason where no record tells of it: then `startedMs` is when it was looked for, and how it ends will not be known. */
  | { readonly kind: 'running'; readonly startedMs: number; readonly reason?: string }
  | {
      readonly kind: 'ended'
      readonly startedMs: number
      readonly endedMs: number
      readonly outcome: Outcome
      /** Set when its writers had ended. */
      readonly closed: { readonly stdout: boolean; readonly stderr: boolean } | null
    }

/** Reads the records of one attempt. `nowMs` stands in where no record says when it ended. */
export function storyOf(attempt: NodeAttempt, boot: string, nowMs: number): Story {
  const { go, exit } = attempt
  if (hasOutlivedRecords(attempt)) return { kind: 'running', startedMs: nowMs, reason: OUTLIVED }
  if (attempt.held === 'absent') return { kind: 'absent', proof: 'none', reason: 'the node does not hold it' }
  if (exit?.kind === 'never-ran') return neverStarted('it was not run, because the disk of the node is full')
  if (go === null) return { kind: 'reserved' }
  if (go.kind === 'pending') return { kind: 'launching' }
  if (go.kind === 'revoked') return neverStarted('it was revoked before it started')
  const startedMs = go.atMs
  if (exit !== null) {
    const outcome: Outcome = { type: 'exited', code: exit.code }
    return { kind: 'ended', startedMs, endedMs: exit.atMs, outcome, closed: exit.closed }
  }
  // Of one without a record nobody lives; whether it ran, nobody knows.
  if (go.boot !== boot) return lost('reboot', startedMs, nowMs)
  if (isAlive(attempt)) return { kind: 'running', startedMs }
  return lost('killed', startedMs, nowMs)
}

function neverStarted(reason: string): Story {
  return { kind: 'absent', proof: 'never-started', reason }
}

function isAlive({ commandAlive, supervisorAlive }: NodeAttempt): boolean {
  return commandAlive || supervisorAlive
}

/** An end without an exit status. After a reboot nothing of its output can be written any more; else what the command left behind may still do so. */
export function lost(cause: 'reboot' | 'killed' | 'unknowable', startedMs: number, endedMs: number): Story {
  const outcome: Outcome = { type: 'lost', cause, legacyCode: TRON_EXIT.lost }
  const closed = cause === 'reboot' ? { stdout: false, stderr: false } : null
  return { kind: 'ended', startedMs, endedMs, outcome, closed }
}

const OUTLIVED =
  'the node lost its records, and it still runs there: how it ends will not be known, nor what it wrote'

/** A process carries its marker, and no record tells of its launch: its folder was removed, or one from before its start is there. */
function hasOutlivedRecords({ go, commandAlive }: NodeAttempt): boolean {
  return commandAlive && go?.kind !== 'launched'
}

/** The events that tell a story from its beginning, without the closing. */
export function eventsOf({ id, sizes }: NodeAttempt, story: Story): readonly ExecutorEvent[] {
  switch (story.kind) {
    case 'absent':
      return [{ kind: 'absent', id, proof: story.proof, reason: story.reason }]
    case 'reserved':
    case 'launching':
      return []
    case 'running':
      return [{ kind: 'started', id, atMs: story.startedMs, ...reasonOf(story) }]
    case 'ended': {
      const { startedMs, endedMs, outcome } = story
      const usage = { wallMs: Math.max(0, endedMs - startedMs) }
      return [
        { kind: 'started', id, atMs: startedMs },
        { kind: 'exit', id, atMs: endedMs, outcome, sizes, usage },
      ]
    }
  }
}

function reasonOf({ reason }: Extract<Story, { kind: 'running' }>): { readonly reason?: string } {
  return reason === undefined ? {} : { reason }
}
