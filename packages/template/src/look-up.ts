import type { JsonValue } from '@tron/model'
import { DATE_WORDS, evaluateDate, isDate } from './date-expression.ts'
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

const LAST = 'last_success#'

const RUN_STEP = /^runid([+-]\d+)?$/

/** What a command may refer to: built-in names, date words, and the keys of the command context that a field can name. */
export function knownNames(commandContext: RenderContext['commandContext']): readonly string[] {
  const configured = Object.keys(commandContext).filter(isReachable)
  return [...FIXED_NAMES, ...DATE_WORDS, `${LAST}shortdate`, ...configured]
}

function isReachable(key: string): boolean {
  if (!/^[^.[{}!:]+$/.test(key) || isPosition(key) || RUN_STEP.test(key)) return false
  if (FIXED_NAMES.some((known) => known === key)) return false
  return !isDate(key.startsWith(LAST) ? key.slice(LAST.length) : key)
}

/** What names no variable, but an argument by its position, of which there are none. */
function isPosition(name: string): boolean {
  return /^\d*$/.test(name)
}

/** Why a name has no value. */
export interface Unknown {
  readonly reason: string
  /** The name, when it is not known. */
  readonly variable?: string
  /** The part of it that is not known, and all that may stand in its place. */
  readonly among?: { readonly word: string; readonly words: readonly string[] }
}

export type LookedUp = { readonly value: JsonValue } | Unknown

/** The value of a name: the action run's first, then the run's, the job's, and last the command context's. */
export function lookUp(name: string, context: RenderContext): LookedUp {
  if (isPosition(name)) return { reason: `{${name}} names no variable; ${BRACES}` }
  const builtIn = ofActionRun(name, context) ?? ofRun(name, context) ?? ofJob(name, context)
  if (builtIn !== null) return builtIn
  const configured = Object.hasOwn(context.commandContext, name) ? context.commandContext[name] : undefined
  if (configured !== undefined) return { value: configured }
  return unknown(name, context)
}

const BRACES = 'write "{{" and "}}" for braces that the command itself needs'

/** What people write for a name that they remember otherwise, and what it is. */
const MEANT: ReadonlyMap<string, string> = new Map([
  ['action', '{actionname} is the name of the action'],
  ['job', '{name} is the name of the job'],
  ['jobname', '{name} is the name of the job'],
  ['job_name', '{name} is the name of the job'],
  ['run_num', '{runid} ends in the number of the run'],
  ['host', '{node} is the hostname of the node'],
  ['hostname', '{node} is the hostname of the node'],
  ['date', '{shortdate} is the day of the run'],
  ['minute', '{ymdhm} is the minute of the run'],
  ['last_success', 'write what is wanted of it, as in {last_success#shortdate}'],
])

function unknown(name: string, context: RenderContext): Unknown {
  const reason = `unknown variable "${name}"`
  const tight = name.replace(/\s/g, '')
  if (tight !== name && 'value' in lookUp(tight, context))
    return { reason: `${reason}; no blanks may stand in it, write {${tight}}`, variable: name }
  if (!tight.startsWith(LAST)) return { reason: `${reason}${hint(name)}`, variable: name }
  const [word = ''] = tight.slice(LAST.length).split(/[+-]/)
  return {
    reason: `${reason}; behind "${LAST}" stands one of ${DATE_WORDS.join(', ')}`,
    variable: name,
    among: { word, words: DATE_WORDS },
  }
}

function hint(name: string): string {
  const meant = MEANT.get(name.toLowerCase())
  if (meant !== undefined) return `; ${meant}`
  return /^[\w#+-]+$/.test(name) ? '' : `; ${BRACES}`
}

function ofActionRun(name: string, context: RenderContext): LookedUp | null {
  if (name === 'actionname') return { value: context.action }
  return name === 'node' ? { value: context.node } : null
}

function ofRun(name: string, context: RenderContext): LookedUp | null {
  const date = evaluateDate(name, { atMs: context.runMs, zone: context.zone })
  if (date !== null) return date
  const step = RUN_STEP.exec(name)
  if (step !== null) return otherRun(name, context, Number(step[1] ?? 0))
  if (name === 'manual') return { value: context.manual ? 'true' : 'false' }
  return name === 'cleanup_job_status' ? { value: context.cleanupJobStatus } : null
}

function otherRun(name: string, context: RenderContext, count: number): LookedUp {
  const number = context.runNumber + count
  if (!Number.isSafeInteger(number)) return { reason: `{${name}} is no number of a run` }
  return { value: `${context.job}.${number}` }
}

function ofJob(name: string, context: RenderContext): LookedUp | null {
  if (name.startsWith(LAST)) {
    const atMs = context.lastSuccessRunMs ?? context.nowMs
    return evaluateDate(name.slice(LAST.length), { atMs, zone: context.zone })
  }
  if (name === 'name') return { value: context.job }
  return name === 'namespace' ? { value: context.job.split('.')[0] ?? '' } : null
}
