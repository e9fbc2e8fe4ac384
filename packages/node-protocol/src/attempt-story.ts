import type { ExecutorEvent, Outcome } from '@tron/executor'
import { TRON_EXIT } from '@tron/model'
import type { NodeAttempt } from './wire/listing.ts'

/** What a node's records say about an attempt now. */
export type Story =
  | { readonly kind: 'absent'; readonly proof: 'never-started' | 'none'; readonly reason: string }
  /** Its folder is there and nobody made the *go*. */
  | { readonly kind: 'reserved' }
  /** The *go* was made and is being written down, or whoever made it died in between. */
  | { readonly kind: 'launching' }
  | { readonly kind: 'running'; readonly startedMs: number }
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
  if (attempt.held === 'absent') return { kind: 'absent', proof: 'none', reason: 'the node does not hold it' }
  if (exit?.kind === 'never-ran') {
    return {
      kind: 'absent',
      proof: 'never-started',
      reason: 'it was not run, because the disk of the node is full',
    }
  }
  if (go === null) return { kind: 'reserved' }
  switch (go.kind) {
    case 'revoked':
      return { kind: 'absent', proof: 'never-started', reason: 'it was revoked before it started' }
    case 'pending':
      return { kind: 'launching' }
    case 'launched':
      break
  }
  const startedMs = go.atMs
  if (exit !== null) {
    const outcome: Outcome = { type: 'exited', code: exit.code }
    return { kind: 'ended', startedMs, endedMs: exit.atMs, outcome, closed: exit.closed }
  }
  if (go.boot !== boot) return lost('reboot', startedMs, nowMs)
  if (attempt.commandAlive || attempt.supervisorAlive) return { kind: 'running', startedMs }
  return lost('killed', startedMs, nowMs)
}

/** An end without an exit status. Nothing of its output can be written any more, so that is closed too. */
export function lost(cause: 'reboot' | 'killed' | 'unknowable', startedMs: number, endedMs: number): Story {
  const outcome: Outcome = { type: 'lost', cause, legacyCode: TRON_EXIT.lost }
  return { kind: 'ended', startedMs, endedMs, outcome, closed: { stdout: false, stderr: false } }
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
      return [{ kind: 'started', id, atMs: story.startedMs }]
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
