import type { ApiConfig, ApiProblem } from '@tron/api/light'
import { isTronError, messageOf } from '@tron/model'
import type { Paints } from '../color.ts'
import { EXIT } from '../exit.ts'
import type { Session } from '../session.ts'
import { createDraft, type Draft } from './draft.ts'
import { openEditor } from './editor.ts'
import type { FigOptions } from './fig-options.ts'
import { type Answer, propose, showMeanwhile } from './propose.ts'
import { isAbsent } from './send.ts'
import { MASTER } from './source.ts'

/*
 * Editing goes round: the editor is opened, then its text is proposed. An accepted text ends it, and so does one that nobody changed. After a refusal, a no,
 * a change by somebody else or a failure the person decides whether to go on; whoever does not keeps the draft, and is told its name.
 */

/** One namespace being edited. */
interface Work {
  readonly session: Session
  readonly name: string
  readonly draft: Draft
  /** What the text is to replace. */
  readonly base: ApiConfig
  readonly isSure: boolean
  readonly paints: Paints
}

/** Where to go from here: into the editor again, or out with an exit code. */
type Next =
  | { readonly go: 'edit'; readonly work: Work; readonly line?: number | undefined }
  | { readonly go: 'out'; readonly code: number }

/** Opens a namespace in the person's editor and uploads what becomes of it. The text is never lost. Resolves with the exit code. */
export async function edit(session: Session, fig: FigOptions, paints: Paints): Promise<number> {
  const name = fig.namespace ?? (fig.source === '' ? MASTER : fig.source)
  const base = await session.client.config(name)
  const draft = createDraft(session.terminal.env, name, base.config)
  const isNew = isAbsent(base) ? `There is no namespace ${name} yet: uploading makes it. ` : ''
  // At once, so that the name is known whatever ends this process.
  session.terminal.err(`${isNew}Editing ${name} in ${draft.file}\n`)
  let next: Next = { go: 'edit', work: { session, name, draft, base, isSure: fig.isSure, paints } }
  while (next.go === 'edit') next = await round(next.work, next.line)
  return next.code
}

async function round(work: Work, line: number | undefined): Promise<Next> {
  const { session, name, draft, base } = work
  try {
    const status = await openEditor(session.terminal, draft.file, line)
    const text = draft.read()
    if (text === base.config && status === 0) return { go: 'out', code: leaveUntouched(work) }
    if (status !== 0) {
      session.terminal.err(`The editor ended with status ${status}.\n`)
      return keep(work)
    }
    if (text.trim() !== '') return await submit(work, text)
    session.terminal.err(`An empty text would delete ${name}; tronfig -d ${name} does that.\n`)
  } catch (error) {
    tellFailure(work, error)
  }
  return again(work)
}

async function submit(work: Work, text: string): Promise<Next> {
  const { session, name, draft, base, paints } = work
  const sent = { name, config: text, hash: base.hash, file: draft.file }
  const proposal = { sent, stored: base, isAsked: session.terminal.canAsk && !work.isSure, paints }
  try {
    const answer = await propose(session, proposal)
    if (answer.kind !== 'stale') return await after(work, answer)
    const now = await session.client.config(name)
    // An upload whose answer was lost, tried again.
    if (now.config === text) return uploaded(work)
    await showMeanwhile(session, proposal, now)
    return await startOver(work, { text, now })
  } catch (error) {
    tellFailure(work, error)
    return (await ask(work, 'Try again?')) ? submit(work, text) : keep(work)
  }
}

async function after(work: Work, answer: Exclude<Answer, { kind: 'stale' }>): Promise<Next> {
  switch (answer.kind) {
    case 'accepted':
      return uploaded(work)
    case 'refused':
      return again(work, lineOf(answer.problems, work.draft.file))
    case 'same':
    case 'declined':
      return again(work)
    default:
      return answer satisfies never
  }
}

function uploaded({ session, draft }: Work): Next {
  draft.remove()
  session.terminal.err('Configuration uploaded successfully\n')
  return { go: 'out', code: EXIT.ok }
}

/** The stored text is another one now: the person's changes are repeated on it where that can be done. */
async function startOver(
  work: Work,
  { text, now }: { readonly text: string; readonly now: ApiConfig },
): Promise<Next> {
  const { session, draft, base } = work
  if (!(await ask(work, 'Go on editing?'))) return keep(work)
  const { carryOver } = await import('./text-changes.ts')
  const carried = carryOver({ base: base.config, mine: text, theirs: now.config })
  if (carried === undefined) {
    const file = draft.putBeside('stored', now.config)
    session.terminal.err(
      `Both changed the same lines. The editor has your text; what is stored now is in ${file}\n`,
    )
  } else {
    draft.putBeside('mine', text)
    draft.write(carried)
    session.terminal.err('Your changes were made on what is stored now.\n')
  }
  return { go: 'edit', work: { ...work, base: now } }
}

async function again(work: Work, line?: number): Promise<Next> {
  return (await ask(work, 'Edit again?')) ? { go: 'edit', work, line } : keep(work)
}

/** No where nobody can be asked, or nobody wants to be. */
async function ask({ session: { terminal }, isSure }: Work, question: string): Promise<boolean> {
  return terminal.canAsk && !isSure && terminal.confirm(question)
}

function keep(work: Work): Next {
  const { session, name, draft } = work
  if (isUntouched(work)) leaveUntouched(work)
  else {
    session.terminal.err(
      `Nothing was uploaded. Your text is kept in ${draft.file}\nTo go on with it: tronfig -n ${name} ${draft.file}\n`,
    )
  }
  return { go: 'out', code: EXIT.failure }
}

function isUntouched({ draft, base }: Work): boolean {
  try {
    return draft.read() === base.config
  } catch {
    // Not UTF-8: that is a change.
    return false
  }
}

function leaveUntouched({ session, draft }: Work): number {
  draft.remove()
  session.terminal.err('Nothing was changed, so nothing was uploaded.\n')
  return EXIT.ok
}

/** @throws what is no error for people, after saying where the text is */
function tellFailure({ session, draft }: Work, error: unknown): void {
  if (!isTronError(error)) {
    session.terminal.err(`Your text is kept in ${draft.file}\n`)
    throw error
  }
  session.terminal.err(`Error: ${messageOf(error)}\n${error.hint}\n`)
}

function lineOf(problems: readonly ApiProblem[], file: string): number | undefined {
  return problems.find((problem) => problem.severity === 'error' && problem.file === file)?.line
}
