import type { ApiConfig, ApiProblem } from '@tron/api/light'
import { TronError } from '@tron/model'
import type { Paints } from '../color.ts'
import type { Session } from '../session.ts'
import { problemView } from '../view/problem-view.ts'
import { type Outcome, type Sent, send } from './send.ts'

/** A text that is to replace what is stored. */
export interface Proposal {
  readonly sent: Sent
  readonly stored: ApiConfig
  /** Somebody is there to see what it changes, and to agree. */
  readonly isAsked: boolean
  readonly paints: Paints
}

/** An outcome of the server, or what came before: there is nothing to change, or the person said no. */
export type Answer = Outcome | { readonly kind: 'same' | 'declined' }

/** Checks a text, shows what is wrong or what it changes, asks, and uploads it. */
export async function propose(session: Session, proposal: Proposal): Promise<Answer> {
  const { client, terminal } = session
  const { sent, isAsked } = proposal
  if (isAsked) {
    const early = await staleText(session, proposal)
    if (early !== undefined) return early
    const checked = await send(client, 'check', sent)
    if (checked.kind === 'stale') return checked
    terminal.err(problemsText(proposal, checked.problems))
    if (checked.kind === 'refused') return checked
    if (sent.config === proposal.stored.config) return { kind: 'same' }
    if (!(await agree(session, proposal))) return { kind: 'declined' }
  }
  const late = await staleText(session, proposal)
  if (late !== undefined) return late
  const uploaded = await send(client, 'upload', sent)
  if (uploaded.kind === 'stale') return uploaded
  if (!isAsked || uploaded.kind === 'refused') terminal.err(problemsText(proposal, uploaded.problems))
  return uploaded
}

/** The hash is of what the text means: that somebody else changed a comment is seen in the text alone. */
async function staleText(
  { client }: Session,
  { sent: { name }, stored }: Proposal,
): Promise<Answer | undefined> {
  const now = await client.config(name)
  if (now.config === stored.config) return undefined
  return { kind: 'stale', error: new TronError('CONFIG_STALE', `${name} was changed meanwhile`) }
}

function problemsText({ sent, paints }: Proposal, problems: readonly ApiProblem[]): string {
  return problemView(problems, new Map([[sent.file, sent.config]]), paints.err)
}

async function agree({ terminal }: Session, { sent, stored, paints }: Proposal): Promise<boolean> {
  const { diffView } = await import('../view/diff-view.ts')
  const names = [`${sent.name} as stored`, sent.file] as const
  await terminal.page(diffView({ before: stored.config, after: sent.config, names }, paints.out))
  return terminal.confirm(`Upload this as ${sent.name}?`)
}

/** Shows what somebody else made of the stored text. */
export async function showMeanwhile(
  { terminal }: Session,
  { sent: { name }, stored, paints }: Proposal,
  now: ApiConfig,
): Promise<void> {
  const { diffView } = await import('../view/diff-view.ts')
  terminal.err(`${name} was changed by somebody else meanwhile:\n`)
  const names = [`${name} before`, `${name} now`] as const
  await terminal.page(diffView({ before: stored.config, after: now.config, names }, paints.out))
}
