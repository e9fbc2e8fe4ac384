import type { JsonValue } from '@tron/model'
import { pythonStr } from '@tron/template'
import { contextNumber } from './context-number.ts'
import { readYaml11, type Yaml11 } from './yaml-1-1.ts'

/** Keys whose value is true or false: there a plain yes, no, on or off means what Tron 3's YAML took it for. */
const FLAG_KEYS = new Set([
  'agent',
  'all_nodes',
  'allow_overlap',
  'enabled',
  'eventbus_enabled',
  'queueing',
  'read_json',
  'trigger_downstreams',
  'use_k8s',
])
/** Keys whose value is an octal mode: there the digits as written count. */
const MODE_KEYS = new Set(['default_mode', 'mode'])
/** Keys below which anything may stand, so that only a remark can tell that Tron 3 read a value differently. */
const FREE_KEYS = [
  'annotations',
  'command_context',
  'env',
  'labels',
  'monitoring',
  'node_selectors',
  'trigger_downstreams',
] as const

/** One of the keys below which anything may stand. */
export type FreeKey = (typeof FREE_KEYS)[number]

/** The key itself when anything may stand below it, else null. */
export function freeKey(key: string): FreeKey | null {
  return FREE_KEYS.find((free) => free === key) ?? null
}

export interface PlainScalar {
  readonly key: string
  readonly source: string
  readonly value: JsonValue
  /** The key somewhere above it that may hold anything. */
  readonly below: FreeKey | null
}

/** What a scalar without quotes means here; with a remark when Tron 3, which read YAML 1.1, took it for something else. */
export function readPlainScalar(scalar: PlainScalar): {
  readonly value: JsonValue
  readonly remark?: string
} {
  const { key, source, below } = scalar
  if (isFlag(key, below)) {
    const before = readYaml11(source)
    if (before.kind === 'truth') return { value: before.value }
  }
  if (below === null && MODE_KEYS.has(key) && typeof scalar.value === 'number') return { value: source }
  const value = exactly(scalar)
  // Where a text is due, what YAML 1.1 made of it was refused; only numbers are left that mean another one.
  if (below === null && typeof value !== 'number') return { value }
  const remark = differenceBelow(below, { source, value, before: readYaml11(source) })
  return remark === null ? { value } : { value, remark }
}

/** Below a key that may hold anything, names mean nothing; the value of such a key itself may be a truth value. */
function isFlag(key: string, below: FreeKey | null): boolean {
  return FLAG_KEYS.has(key) && (below === null || below === key)
}

/** A number that cannot be kept exactly stays the text that was written: it is put into commands as it is. */
function exactly({ value, source }: PlainScalar): JsonValue {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return !Number.isFinite(value) || /^[-+]?\d+$/.test(source) ? source : value
}

type Yaml11Number = Extract<Yaml11, { readonly kind: 'number' }>

/** A number as Tron 3 wrote it out. */
function textOfNumber(source: string, value: number): string {
  return Number.isSafeInteger(value) && source.includes('.') ? value.toFixed(1) : String(value)
}

interface Compared {
  readonly source: string
  readonly value: JsonValue
  readonly before: Yaml11
}

/** What a scalar is here, as commands get it where it is for them. */
function nowOf(below: FreeKey, { source, value }: Compared): string {
  const here = below === 'command_context' ? contextNumber(source, value) : value
  if (typeof here === 'string') return `"${source}" is a text here`
  const isForCommands = below === 'command_context' || below === 'trigger_downstreams'
  return `${source} is ${isForCommands ? pythonStr(here) : JSON.stringify(here)} here`
}

function differenceBelow(below: FreeKey | null, compared: Compared): string | null {
  if (below === null) return differenceOfNumber(compared)
  // Environments hold texts: what is written.
  return below === 'env' ? differenceOfText(compared) : differenceOf(compared, () => nowOf(below, compared))
}

/** What Tron 3 made of a scalar that is a text here, as it is written, whatever it looks like. */
function differenceOfText({ source, before }: Compared): string | null {
  if (before.kind === 'truth') {
    const wrote = before.value ? 'True' : 'False'
    return source === wrote
      ? null
      : `"${source}" is a text here; Tron 3 wrote ${wrote}. Write "${source}" or "${wrote}", with the quotes`
  }
  const isSame = before.kind === 'number' && textOfNumber(source, before.value) === source
  return isSame ? null : differenceOf({ source, value: source, before }, () => `"${source}" is a text here`)
}

/** What Tron 3 made of a scalar that is a number here, where no text is accepted. */
function differenceOfNumber({ source, value, before }: Compared): string | null {
  const now = `${source} is ${JSON.stringify(value)} here`
  if (before.kind === 'text') return `${now}; Tron 3 read the text. Write ${JSON.stringify(value)}`
  if (before.kind !== 'number' || sameNumber(value, source, before)) return null
  return `${now}; Tron 3 read ${before.how} ${before.value}. Write ${JSON.stringify(value)} or ${before.value}, whichever is meant`
}

function differenceOf({ source, value, before }: Compared, now: () => string): string | null {
  switch (before.kind) {
    case 'null':
      return null
    case 'truth':
      return value === before.value
        ? null
        : `${now()}; Tron 3 read ${before.value}. Write "${source}" or ${before.value}`
    case 'time':
      return `${now()}; Tron 3 read an instant and wrote it differently. Put it in quotes`
    case 'text':
      return typeof value === 'string' || value === null
        ? null
        : `${now()}; Tron 3 read the text. Put it in quotes if it is a text`
    case 'number':
      if (sameNumber(value, source, before)) return null
      return `${now()}; Tron 3 read ${before.how} ${before.value}. Put it in quotes if it is a text`
  }
}

function sameNumber(value: JsonValue, source: string, { value: before, how }: Yaml11Number): boolean {
  if (typeof value === 'number') return value === before
  // Kept as text because it is too large or no number at all, yet it was a number for both.
  return (
    value === source &&
    (!Number.isFinite(before) ||
      (!Number.isSafeInteger(before) && how === 'the number' && /^[-+]?\d+$/.test(source)))
  )
}
