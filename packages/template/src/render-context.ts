import type { JobId, JsonValue } from '@tron/model'

/** All that a command may refer to. */
export interface RenderContext {
  readonly job: JobId
  readonly runNumber: number
  /** The instant the run is for, and the zone its dates are in. */
  readonly runMs: number
  readonly zone: string
  readonly manual: boolean
  readonly action: string
  /** The hostname of the node. */
  readonly node: string
  readonly cleanupJobStatus: 'SUCCESS' | 'FAILURE' | 'UNKNOWN'
  /** The instant that the newest succeeded run was for; null when there is none (then now counts). */
  readonly lastSuccessRunMs: number | null
  readonly nowMs: number
  /** MASTER's `command_context`. */
  readonly commandContext: Readonly<Record<string, JsonValue>>
}

/** The text of a command, or why it has none. */
export type Rendered =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string }
