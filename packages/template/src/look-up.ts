import type { JsonValue } from '@tron/model'
import { DATE_WORDS, evaluateDate } from './date-expression.ts'
import type { RenderContext } from './render-context.ts'

/** Names that every command may use, beside the date words. */
const FIXED_NAMES = [
  'actionname',
  'node',
  'runid',
  'manual',
  'cleanup_job_status',
  'name',
  'namespace',
] as const

/** What a command may refer to: built-in names, date words, and the keys of the command context. */
export function knownNames(commandContext: RenderContext['commandContext']): readonly string[] {
  const last = 'last_success#shortdate'
  return [...new Set([...FIXED_NAMES, ...DATE_WORDS, last, ...Object.keys(commandContext)])]
}

export type LookedUp = { readonly value: JsonValue } | { readonly reason: string; readonly variable?: string }

/** The value of a name: the action run's first, then the run's, the job's, and last the command context's. */
export function lookUp(name: string, context: RenderContext): LookedUp {
  if (name.includes('.'))
    return { reason: `{${name}}: only plain names can be used, without dots`, variable: name }
  const builtIn = ofActionRun(name, context) ?? ofRun(name, context) ?? ofJob(name, context)
  if (builtIn !== null) return builtIn
  const configured = Object.hasOwn(context.commandContext, name) ? context.commandContext[name] : undefined
  if (configured !== undefined) return { value: configured }
  if (name === '' || /^\d+$/.test(name)) return { reason: `{${name}} names no variable; ${BRACES}` }
  const hint = /^[\w#+-]+$/.test(name) ? '' : `; ${BRACES}`
  return { reason: `unknown variable "${name}"${hint}`, variable: name }
}

const BRACES = 'write "{{" and "}}" for braces that the command itself needs'

function ofActionRun(name: string, context: RenderContext): LookedUp | null {
  if (name === 'actionname') return { value: context.action }
  return name === 'node' ? { value: context.node } : null
}

function ofRun(name: string, context: RenderContext): LookedUp | null {
  const date = evaluateDate(name, { atMs: context.runMs, zone: context.zone })
  if (date !== null) return date
  const step = /^runid([+-]\d+)?$/.exec(name)
  if (step !== null) return { value: `${context.job}.${context.runNumber + Number(step[1] ?? 0)}` }
  if (name === 'manual') return { value: context.manual ? 'true' : 'false' }
  return name === 'cleanup_job_status' ? { value: context.cleanupJobStatus } : null
}

function ofJob(name: string, context: RenderContext): LookedUp | null {
  const prefix = 'last_success#'
  if (name.startsWith(prefix)) {
    const atMs = context.lastSuccessRunMs ?? context.nowMs
    return evaluateDate(name.slice(prefix.length), { atMs, zone: context.zone })
  }
  if (name === 'name') return { value: context.job }
  return name === 'namespace' ? { value: context.job.split('.')[0] ?? '' } : null
}
