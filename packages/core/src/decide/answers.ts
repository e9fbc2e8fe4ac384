import type { Rows } from '@tron/store'
import type { Command, CommandReply } from '../command.ts'
import type { Draft } from '../tables/tables.ts'

/** Who asks for what, under a request of its own. */
export interface Asked {
  readonly requestId: string
  readonly actor: string
  readonly source: string
  readonly verb: string
  readonly subject: string
  /** What a repetition has to repeat. */
  readonly words: string
  readonly nowMs: number
}

/** Decides a request and notes its answer; one that was answered is not decided again, and gets the same answer. */
export function answerOnce(draft: Draft, asked: Asked, answer: () => CommandReply): CommandReply {
  const answered = draft.view.audit.get(asked.requestId)
  if (answered !== undefined) return answerAgain(answered, asked.words)
  const reply = answer()
  draft.append(auditOf(asked, reply))
  return reply
}

function auditOf(asked: Asked, reply: CommandReply): Rows['audit'] {
  const { requestId: request, nowMs: atMs, actor, source, verb, subject, words } = asked
  const ok = reply.outcome === 'done'
  return { request, atMs, actor, source, verb, subject, ok, reply: { ...reply, asked: words } }
}

/** The answer that a request got the first time, or that its id was used for something else. */
export function answerAgain(row: Rows['audit'], words: string): CommandReply {
  const { outcome, text, runs, asked } = row.reply
  if (asked !== undefined && asked !== words) {
    const other = `The request id "${row.request}" was used for another command: ${asked}`
    return { outcome: 'reused', text: other, runs: [] }
  }
  return { outcome: row.ok ? 'done' : outcome === 'not-found' ? 'not-found' : 'refused', text, runs }
}

/** The name of what a command is about. */
export function nameOf(subject: Command['subject']): string {
  switch (subject.kind) {
    case 'job':
      return subject.job
    case 'run':
      return subject.run
    case 'action':
      return `${subject.run}.${subject.action}`
  }
}

/** What a command asks for, in words. */
export function wordsOf({ asked, subject }: Pick<Command, 'asked' | 'subject'>): string {
  if (asked !== undefined) return asked
  const words = `${subject.verb} ${nameOf(subject)}`
  return subject.kind === 'job' && subject.runMs !== undefined ? `${words} for ${subject.runMs}` : words
}

/** What giving a node up asks for, in words. */
export function recoveryWords(node: string): string {
  return `recover without ${node}`
}
