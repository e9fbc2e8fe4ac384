import type { ApiConfig, ApiProblem } from '@tron/api/light'
import type { Paints } from '../color.ts'
import { EXIT } from '../exit.ts'
import type { Session } from '../session.ts'
import { problemView } from '../view/problem-view.ts'
import type { FigOptions } from './fig-options.ts'
import { type Answer, propose, showMeanwhile } from './propose.ts'
import { type Outcome, type Sent, send } from './send.ts'
import { namespaceOfSource, type Refusal, readSource, refusalOf, STDIN } from './source.ts'

/**
 * Uploads a file or standard input as a namespace, or has it checked. Somebody at a terminal is shown what it changes, and asked. Resolves with the exit
 * code.
 */
export async function upload(session: Session, fig: FigOptions, paints: Paints): Promise<number> {
  const source = await readSource(session.terminal, fig.source)
  if (source.kind === 'refused') return refuse(session, fig, source)
  const { text, file } = source
  const name = fig.namespace ?? namespaceOfSource(fig.source)
  const stored = await session.client.config(name)
  const sent = { name, config: text, hash: fig.hash ?? stored.hash, file }
  if (fig.isCheck) return check(session, { sent, fig, paints })
  if (!fig.isJson) return replace(session, { sent, stored, fig, paints })
  return tellJson(session, await send(session.client, 'upload', sent), file)
}

/** @throws the error, for people */
function refuse(session: Session, fig: FigOptions, { error, problems }: Refusal): number {
  if (!fig.isJson) throw error
  return printJson(session, { ok: false, problems })
}

async function check(
  session: Session,
  { sent, fig, paints }: { readonly sent: Sent; readonly fig: FigOptions; readonly paints: Paints },
): Promise<number> {
  const { client, terminal } = session
  const outcome = await send(client, 'check', sent)
  if (fig.isJson) return tellJson(session, outcome, sent.file)
  if (outcome.kind === 'stale') throw outcome.error
  const isValid = outcome.kind === 'accepted'
  terminal.err(problemView(outcome.problems, new Map([[sent.file, sent.config]]), paints.err))
  if (isValid) terminal.err('Configuration is valid; nothing was changed\n')
  return isValid ? EXIT.ok : EXIT.failure
}

function tellJson(session: Session, outcome: Outcome, file: string): number {
  const { problems } = outcome.kind === 'stale' ? refusalOf(file, outcome.error) : outcome
  return printJson(session, { ok: outcome.kind === 'accepted', problems })
}

function printJson(
  { terminal }: Session,
  said: { readonly ok: boolean; readonly problems: readonly ApiProblem[] },
): number {
  terminal.out(`${JSON.stringify(said)}\n`)
  return said.ok ? EXIT.ok : EXIT.failure
}

interface Replacement {
  readonly sent: Sent
  readonly stored: ApiConfig
  readonly fig: FigOptions
  readonly paints: Paints
}

/** Where somebody else changed the stored text meanwhile, shows that and asks again; not where the hash to replace was named. */
async function replace(session: Session, { sent, stored, fig, paints }: Replacement): Promise<number> {
  // Whoever typed the text itself has no more input to answer with.
  const isAsked = session.terminal.canAsk && !fig.isSure && fig.source !== STDIN
  const proposal = { sent, stored, isAsked, paints }
  const answer = await propose(session, proposal)
  if (answer.kind !== 'stale') return tell(session, sent, answer)
  if (!isAsked || fig.hash !== undefined) throw answer.error
  const now = await session.client.config(sent.name)
  await showMeanwhile(session, proposal, now)
  return replace(session, { sent: { ...sent, hash: now.hash }, stored: now, fig, paints })
}

function tell({ terminal }: Session, { name }: Sent, { kind }: Exclude<Answer, { kind: 'stale' }>): number {
  switch (kind) {
    case 'accepted':
      terminal.err('Configuration uploaded successfully\n')
      return EXIT.ok
    case 'same':
      terminal.err(`${name} is the same already; nothing was uploaded.\n`)
      return EXIT.ok
    case 'declined':
      terminal.err('Nothing was uploaded.\n')
      return EXIT.failure
    case 'refused':
      return EXIT.failure
    default:
      return kind satisfies never
  }
}
