import type { Change, Row, Rows } from '@tron/store'
import type { CommandReply } from '../command.ts'
import { createDraft, type Draft, type View } from '../tables/tables.ts'
import { putAttempt } from './action-life.ts'
import { answerOnce, nameOf, recoveryWords, wordsOf } from './answers.ts'
import {
  takeEvents,
  takeOutput,
  takeReleased,
  takeRevoked,
  takeRevokeLost,
  takeStartReplies,
  takeStopTaken,
} from './attempt-events.ts'
import { decideCommand } from './commands.ts'
import { configure } from './configure.ts'
import type { DecideContext } from './context.ts'
import { importFound } from './import.ts'
import type { Input } from './input.ts'
import { noteTrashed } from './last-success.ts'
import { passOver, planNext } from './plan.ts'
import { fireRun, leaveMemory } from './run-life.ts'
import { isBeingStopped } from './stopping.ts'
import { putTakeOver, readTakeOver } from './take-over.ts'

export interface Decision {
  readonly changes: readonly Change[]
  /** The answer to a command; null for other inputs. */
  readonly reply: CommandReply | null
}

type InputOf<K extends Input['kind']> = Extract<Input, { kind: K }>

/** Decides what one input changes. Pure: it reads the view and the context, mutates neither, and gives the same changes for the same input. */
export function decide(view: View, input: Input, context: DecideContext): Decision {
  const draft = createDraft(view)
  const reply = take(draft, input, context)
  return { changes: draft.changes, reply }
}

// oxlint-disable-next-line complexity -- one line for each kind of input
function take(draft: Draft, input: Input, context: DecideContext): CommandReply | null {
  switch (input.kind) {
    case 'tick':
      takeTick(draft, input, context)
      return null
    case 'resume':
      takeResume(draft, input, context)
      return null
    case 'configure':
      configure(draft, { ...context, snapshot: input.snapshot }, input)
      return null
    case 'command':
      return takeCommand(draft, input, context)
    case 'events':
      takeEvents(draft, context, input.events)
      return null
    case 'start-replies':
      takeStartReplies(draft, context, input)
      return null
    case 'stop-taken':
      takeStopTaken(draft, context, input.id)
      return null
    case 'revoke-replies':
      takeRevokeReplies(draft, input, context)
      return null
    case 'output':
      takeOutput(draft, input)
      return null
    case 'released':
      for (const id of input.ids) takeReleased(draft, id)
      return null
    case 'import':
      importFound(draft, context, input)
      for (const job of draft.view.jobs.all()) planNext(draft, context, job.id)
      return null
    case 'recover-without':
      return takeRecovery(draft, input, context)
    case 'trash':
      for (const row of input.runs) trashRun(draft, row)
      return null
    case 'trashed':
      for (const id of input.runs) draft.remove({ table: 'trash', key: id })
      return null
  }
}

/** The instant up to which the clock was watched; slots after it passed while nobody did. */
function stamp(draft: Draft, nowMs: number): void {
  draft.put({ table: 'meta', row: { key: 'lastTick', value: nowMs } })
}

function takeTick(draft: Draft, input: InputOf<'tick'>, context: DecideContext): void {
  for (const id of input.due) {
    const run = draft.view.runs.get(id)
    if (run?.phase === 'pending' && run.dueMs !== null && run.dueMs <= context.nowMs) {
      fireRun(draft, context, run)
    }
  }
  stamp(draft, context.nowMs)
}

function takeResume(draft: Draft, input: InputOf<'resume'>, context: DecideContext): void {
  const reason = `the scheduler was not working from ${input.sinceMs} to ${context.nowMs}`
  for (const job of draft.view.jobs.all()) {
    if (!job.enabled || job.removed) continue
    passOver(draft, context, { job, untilMs: context.nowMs, outcome: 'missed', reason })
    planNext(draft, context, job.id)
  }
  stamp(draft, context.nowMs)
}

function takeCommand(draft: Draft, input: InputOf<'command'>, context: DecideContext): CommandReply {
  const { command, history, succeededBefore } = input
  const informed = succeededBefore === undefined ? context : { ...context, succeededBefore }
  const { requestId, actor, source, subject } = command
  const words = wordsOf(command)
  const asked = { requestId, actor, source, verb: subject.verb, subject: nameOf(subject), words }
  return answerOnce(draft, { ...asked, nowMs: context.nowMs }, () => {
    for (const row of history) draft.put(row)
    const reply = decideCommand(draft, informed, command)
    for (const row of history) leaveAgain(draft, row)
    return reply
  })
}

/** What was history and is not wanted any more by what was decided is history again. */
function leaveAgain(draft: Draft, { table, row }: Row): void {
  if (table === 'attempts') {
    const attempt = draft.view.attempts.get(row.id)
    if (attempt !== undefined && !isBeingStopped(attempt)) putAttempt(draft, { ...attempt, live: false })
    leaveMemory(draft, row.run)
  } else if (table === 'runs') leaveMemory(draft, row.id)
}

function takeRevokeReplies(draft: Draft, input: InputOf<'revoke-replies'>, context: DecideContext): void {
  for (const reply of input.replies) {
    if (reply.result === 'revoked') takeRevoked(draft, context, reply.id)
    else if (reply.result === 'started' || reply.result === 'unsupported') {
      takeRevokeLost(draft, context, reply.id)
    }
  }
}

function takeRecovery(draft: Draft, input: InputOf<'recover-without'>, context: DecideContext): CommandReply {
  const { node, actor, source, requestId } = input
  const words = recoveryWords(node)
  const asked = { requestId, actor, source, verb: 'recover', subject: node, words }
  return answerOnce(draft, { ...asked, nowMs: context.nowMs }, () => recoverWithout(draft, context, node))
}

function recoverWithout(draft: Draft, context: DecideContext, node: string): CommandReply {
  const takeOver = readTakeOver(draft.view)
  const { nodes, without } = takeOver
  if (!nodes.includes(node)) {
    const others = nodes.length === 0 ? 'nor for any other' : `only for ${nodes.join(', ')}`
    const text = `No take-over waits for node "${node}", ${others}`
    return { outcome: 'not-found', text, runs: [] }
  }
  const left = nodes.filter((other) => other !== node)
  putTakeOver(draft, context, { ...takeOver, nodes: left, without: [...without, node] })
  for (const job of draft.view.jobs.all()) planNext(draft, context, job.id)
  const more = left.length === 0 ? '' : `; ${left.join(', ')} are still waited for`
  const text = `Going on without ${node}: what ran there is not known to this scheduler unless it answers${more}`
  return { outcome: 'done', text, runs: [] }
}

function trashRun(draft: Draft, row: Rows['trash']): void {
  // A run that came back to life since it was chosen is kept.
  if (draft.view.runs.get(row.key) !== undefined) return
  draft.put({ table: 'trash', row })
  noteTrashed(draft, row)
}
