import type { JsonValue } from '@tron/model'
import { z } from 'zod'

/** What of the configuration's `access` concerns the protocol; transports read the rest. */
export interface NodeSettings {
  /** Null stands for `.tron-spool` in the login's home. */
  readonly spoolRoot: string | null
  readonly connectTimeoutMs: number
  readonly shell: CommandShell
}

/** Who runs commands: the login's own shell, or /bin/sh. */
export type CommandShell = 'login' | 'sh'

const nodeSettings = z.object({
  spoolRoot: z
    .string()
    .startsWith('/')
    .regex(/^[^\n\0]*$/)
    .optional(),
  connectTimeoutMs: z.number().int().positive().default(30_000),
  shell: z.enum(['login', 'sh']).default('login'),
})

const startSpec = z.object({ shell: z.enum(['login', 'sh']).optional() })

const DEFAULTS: NodeSettings = { spoolRoot: null, connectTimeoutMs: 30_000, shell: 'login' }

/** Reads a target's settings. @returns the settings, or what is wrong with them */
export function parseSettings(settings: JsonValue): NodeSettings | string {
  if (settings === null) return DEFAULTS
  const parsed = nodeSettings.safeParse(settings)
  if (!parsed.success) return z.prettifyError(parsed.error)
  const { spoolRoot = null, connectTimeoutMs, shell } = parsed.data
  return { spoolRoot, connectTimeoutMs, shell }
}

/** What a start says about the shell, else what the settings say. */
export function shellOf(spec: JsonValue, settings: NodeSettings): CommandShell {
  const parsed = startSpec.safeParse(spec)
  return (parsed.success ? parsed.data.shell : undefined) ?? settings.shell
}

/** How long connecting may take, from settings that may not have been checked yet; Tron's 30 s when they do not say. */
export function connectTimeoutOf(settings: JsonValue): number {
  const isRecord = typeof settings === 'object' && settings !== null && 'connectTimeoutMs' in settings
  const timeout = isRecord ? settings['connectTimeoutMs'] : undefined
  return typeof timeout === 'number' && timeout > 0 ? timeout : 30_000
}
