import type { LogKey } from '@tron/logs'
import { isEnded, type JsonValue, TRON_EXIT } from '@tron/model'
import type { ActionRow, AttemptRow } from '@tron/store'
import { logKey } from '../engine/attempt-refs.ts'
import type { Nodes } from './nodes.ts'
import type { Moved, Records, SeenCommit } from './records.ts'
import { awaitsProof } from './rules-of-acts.ts'
import type { Verdict } from './verdict.ts'

interface Judging {
  readonly seen: SeenCommit
  readonly records: Records
  readonly verdict: Verdict
  readonly nodes: Nodes
  readonly log: (key: LogKey) => Uint8Array
}

/** Statuses of what could not even be tried. */
const UNTRIED: ReadonlySet<number> = new Set([TRON_EXIT.invalidCommand, TRON_EXIT.nodeError])

/** Rules on attempts, and on what actions say of them, that one commit can break. */
export function judgeAttempts(judging: Judging): void {
  const { moved } = judging.seen
  for (const { after } of moved.actions.values()) {
    const ends = after?.exitStatuses.filter((status) => status === null || !UNTRIED.has(status)).length ?? 0
    if (after === undefined || ends <= after.starts) continue
    const text = `${after.id} has ${ends} exit statuses of ${after.starts} starts`
    judging.verdict.fail('true-outcome', text, [after.id])
  }
  for (const of of moved.attempts.values()) judgeAttempt(judging, of)
  for (const of of moved.actions.values()) {
    judgeEnd(judging, of)
    judgeStopped(judging, of)
  }
}

function judgeAttempt(judging: Judging, { before, after }: Moved<AttemptRow>): void {
  if (after === undefined) return
  judgeStop(judging, before, after)
  if (after.phase === 'ended' && before?.phase !== 'ended') judgeOutcome(judging, after)
  if (after.output === 'gone' && before?.output !== 'gone') judgeGone(judging, after)
  if (after.output === 'complete' && before?.output !== 'complete') judgeLogs(judging, after)
}

/** Output is given up only where its node does not have it any more. */
function judgeGone({ verdict, nodes }: Judging, attempt: AttemptRow): void {
  const truth = nodes.truth(attempt)
  if (truth === undefined || truth.released || truth.phase !== 'ended') return
  const text = `the output of ${attempt.action} is called gone, and its node has it`
  verdict.fail('logs-equal', text, [attempt.action, attempt.id])
}

function judgeStop({ verdict }: Judging, before: AttemptRow | undefined, after: AttemptRow): void {
  const about = [after.action, after.id]
  if (awaitsProof(after) && !after.live) {
    verdict.fail('stop-kept', `${after.action} is to be stopped, and is called history`, about)
  }
  if (before === undefined || after.phase === 'ended') return
  if (before.stopWanted !== null && after.stopWanted === null) {
    verdict.fail('stop-kept', `the stop of ${after.action} was forgotten`, about)
  }
  if (
    before.stopWanted === null &&
    after.stopWanted !== null &&
    after.phase === 'starting' &&
    !after.revokeWanted
  ) {
    verdict.fail('stop-kept', `${after.action} is to be stopped, and its start is not revoked`, about)
  }
}

function judgeOutcome({ verdict, nodes }: Judging, attempt: AttemptRow): void {
  const { type, code } = outcomeOf(attempt.outcome)
  const truth = nodes.truth(attempt)
  const said = `${attempt.action} is recorded as ${type}${code === null ? '' : ` ${code}`}`
  const about = [attempt.action, attempt.id, attempt.target.node]
  if (type === 'refused' || type === 'revoked') {
    if (mayNotHaveRun(nodes, attempt, type)) return
    verdict.fail('true-outcome', `${said}, and its command was started`, about)
    return
  }
  // A node that was rolled back, or is another machine, tells nothing of it.
  if (truth === undefined || nodes.wasRolledBack(attempt)) return
  if (type === 'absent') {
    verdict.fail('honest-unknown', `${said}, and its node holds it as ${truth.phase}`, about)
    return
  }
  const actual = truth.outcome
  if (actual === null) verdict.fail('true-outcome', `${said}, and its command still runs`, about)
  else if (actual.type !== type || (actual.type === 'exited' && actual.code !== code)) {
    verdict.fail('true-outcome', `${said}, and its node says ${wordsOf({ ...actual })}`, about)
  }
}

/** Also one that ran: a node whose disk went back to before the launch forgot it, and revokes it in good faith. */
function mayNotHaveRun(nodes: Judging['nodes'], attempt: AttemptRow, said: string): boolean {
  return !nodes.wasLaunched(attempt.id) || (said === 'revoked' && nodes.wasRolledBack(attempt))
}

function outcomeOf(outcome: JsonValue): { readonly type: string; readonly code: number | null } {
  if (typeof outcome !== 'object' || outcome === null) return { type: 'nothing', code: null }
  const type = 'type' in outcome ? outcome['type'] : null
  const code = 'code' in outcome ? outcome['code'] : null
  return { type: typeof type === 'string' ? type : 'nothing', code: typeof code === 'number' ? code : null }
}

/** An outcome for people. */
function wordsOf(outcome: JsonValue): string {
  const { type, code } = outcomeOf(outcome)
  return code === null ? type : `${type} with status ${code}`
}

function judgeLogs({ verdict, nodes, log }: Judging, attempt: AttemptRow): void {
  if (!nodes.wasLaunched(attempt.id)) return
  for (const stream of ['stdout', 'stderr'] as const) {
    const written = nodes.written(attempt.startKey, stream)
    if (Buffer.compare(log(logKey(attempt, stream)), written) === 0) continue
    const text = `${stream} of ${attempt.action} is called complete, and is not the ${written.length} bytes that it wrote`
    verdict.fail('logs-equal', text, [attempt.action, attempt.id])
  }
}

/** An action that ended by itself ended as its attempt did, or as cancelled where that was asked. */
function judgeEnd(judging: Judging, { before, after }: Moved<ActionRow>): void {
  const { seen, records, verdict } = judging
  if (before === undefined || after === undefined || seen.commanded.has(after.id)) return
  judgeCancel(verdict, before, after)
  if (!endedByItself(before, after)) return
  const attempt = after.attempt === null ? undefined : records.tables.attempts.get(after.attempt)
  const expected = attempt === undefined ? null : stateOf(attempt)
  if (attempt === undefined || expected === null || expected === after.state) return
  const outcome = JSON.stringify(attempt.outcome)
  verdict.fail('true-outcome', `${after.id} is ${after.state}, and its command ended as ${outcome}`, [
    after.id,
  ])
}

/** An action that was stopped goes on until nothing of it is there. */
function judgeStopped(judging: Judging, { before, after }: Moved<ActionRow>): void {
  const { seen, records, verdict, nodes } = judging
  if (before === undefined || after === undefined || isEnded(before.state) || !isEnded(after.state)) return
  if (isByOperator(seen, before, after)) return
  const attempt = after.attempt === null ? undefined : records.tables.attempts.get(after.attempt)
  if (attempt === undefined || attempt.stopWanted === null || nodes.wasRolledBack(attempt)) return
  if (nodes.truth(attempt)?.left !== true) return
  verdict.fail('stop-proved', `${after.id} was stopped and is ${after.state}, and a process of it goes on`, [
    after.id,
    attempt.id,
  ])
}

/** A verdict ends an action at once; so does an end that came before the stop, in the same commit. */
function isByOperator({ commanded }: SeenCommit, before: ActionRow, after: ActionRow): boolean {
  if (after.verdict !== before.verdict) return true
  return [after.id, after.run, after.job].some((subject) => commanded.has(subject))
}

function judgeCancel(verdict: Verdict, before: ActionRow, after: ActionRow): void {
  if (!before.cancelling || !isEnded(after.state) || after.state === 'cancelled') return
  if (after.verdict !== before.verdict) return
  verdict.fail('verdict-final', `${after.id} was being cancelled, and is ${after.state}`, [after.id])
}

function endedByItself(before: ActionRow, after: ActionRow): boolean {
  if (isEnded(before.state) || !isEnded(after.state)) return false
  return after.verdict === null && after.state !== 'cancelled' && after.attempt === before.attempt
}

function stateOf(attempt: AttemptRow): string | null {
  const { type, code } = outcomeOf(attempt.outcome)
  if (type === 'exited') return code === 0 ? 'succeeded' : 'failed'
  if (type === 'lost' || type === 'absent') return 'unknown'
  return type === 'nothing' ? 'not ended' : null
}
