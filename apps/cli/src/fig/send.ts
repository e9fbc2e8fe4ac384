import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import type { ApiConfig, ApiProblem } from '@tron/api/light'
import type { TronClient, Upload } from '@tron/api-client'
import { isTronError, type TronError } from '@tron/model'

/** What a check or an upload came to: the problems of a refusal are errors, others warnings. */
export type Outcome =
  | { readonly kind: 'accepted' | 'refused'; readonly problems: readonly ApiProblem[] }
  /** Somebody changed the stored text since its hash was read. */
  | { readonly kind: 'stale'; readonly error: TronError }

/** What to send, and the file that the person has, which problems are to name: the server knows the namespace only. */
export type Sent = Upload & { readonly file: string }

/** Checks or uploads a text. */
export async function send(client: TronClient, how: 'check' | 'upload', sent: Sent): Promise<Outcome> {
  const { name, config, hash } = sent
  try {
    const reply = await client[how]({ name, config, hash })
    const problems = reply.problems.map((problem) => inFile(problem, sent))
    return { kind: 'error' in reply ? 'refused' : 'accepted', problems }
  } catch (error) {
    if (isTronError(error, 'CONFIG_STALE')) return { kind: 'stale', error }
    throw error
  }
}

function inFile(problem: ApiProblem, { name, file }: Sent): ApiProblem {
  const isHere = problem.file === name || basename(problem.file) === `${name}.yaml`
  return isHere ? { ...problem, file } : problem
}

/** There is no such namespace: what the server gives is a text to start from. */
export function isAbsent({ hash }: ApiConfig): boolean {
  return hash === createHash('sha1').digest('hex')
}
