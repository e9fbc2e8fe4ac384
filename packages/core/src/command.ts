import type { JobId, RunId } from '@tron/model'

/** What may be asked of a job. */
export type JobVerb = 'start' | 'enable' | 'disable'
/** What may be asked of a run. */
export type RunVerb = 'start' | 'cancel' | 'stop'
/** What may be asked of an action of a run. */
export type ActionVerb = 'start' | 'success' | 'fail' | 'skip' | 'cancel' | 'stop' | 'kill'

/** An operator's command. */
export interface Command {
  /** Repeating a request is answered with the first answer and does nothing; another one under its id is refused. */
  readonly requestId: string
  readonly actor: string
  /** Where it came from: `api`, `cli`, `web`. */
  readonly source: string
  /**
   * What was asked, in the words of whoever sent it: a repetition has the same ones, whatever `HEAD` means by then. Made from the subject when left out.
   */
  readonly asked?: string
  readonly subject:
    | { readonly kind: 'job'; readonly job: JobId; readonly verb: JobVerb; readonly runMs?: number }
    | { readonly kind: 'run'; readonly run: RunId; readonly verb: RunVerb }
    | { readonly kind: 'action'; readonly run: RunId; readonly action: string; readonly verb: ActionVerb }
}

/**
 * `done` and `refused` carry Tron's sentence. `degraded`: the store cannot commit, nothing happened. `fenced`: another scheduler works.
 * `reused`: the request id belongs to another command, which the text names; nothing happened.
 */
export interface CommandReply {
  readonly outcome: 'done' | 'refused' | 'not-found' | 'fenced' | 'degraded' | 'reused'
  readonly text: string
  /** Runs that the command created. */
  readonly runs: readonly RunId[]
}
