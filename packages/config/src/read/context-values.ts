import type { JsonValue } from '@tron/model'
import { exactNumber } from '@tron/template'
import type { Located, LocatedMap, LocatedScalar } from '../yaml/located.ts'
import { readYaml11 } from '../yaml/yaml-1-1.ts'

/**
 * The command context that a mapping holds. Its numbers are those that were written, also where JSON has none for them, since a command may ask for any
 * format of them. What stands in several places through an alias is one object, as in the mapping.
 */
export function contextOf(mapping: LocatedMap): Readonly<Record<string, JsonValue>> {
  return valuesOf(mapping, new Map())
}

type Known = Map<Located, JsonValue>

function valuesOf({ entries }: LocatedMap, known: Known): Readonly<Record<string, JsonValue>> {
  return Object.fromEntries(Array.from(entries, ([key, { value }]) => [key, valueOf(value, known)]))
}

function valueOf(located: Located, known: Known): JsonValue {
  const before = known.get(located)
  if (before !== undefined) return before
  const value = freshValue(located, known)
  known.set(located, value)
  return value
}

function freshValue(located: Located, known: Known): JsonValue {
  if (located.kind === 'scalar') return located.plain ? exactly(located) : located.json
  if (located.kind === 'list') return located.items.map((item) => valueOf(item, known))
  return valuesOf(located, known)
}

/** As YAML 1.2 has whole numbers. */
const WHOLE = /^(?:[-+]?\d+|0x[\da-fA-F]+|0o[0-7]+)$/

function exactly({ source, json }: LocatedScalar): JsonValue {
  const before = readYaml11(source)
  if (before.kind === 'number' && isPointed(source, before) && isJsonLess(before.value))
    return exactNumber({ float: before.value })
  if (Number.isSafeInteger(json) || !WHOLE.test(source)) return json
  return exactNumber({ int: BigInt(source.replace('+', '')) })
}

/** Written as a floating number, and no base-60 one. */
function isPointed(source: string, { how }: { readonly how: string }): boolean {
  return how === 'the number' && source.includes('.')
}

/** Such as `2.0`, which Tron 3 put into commands with its point and which JSON takes for 2, or `.inf`. */
function isJsonLess(value: number): boolean {
  return Number.isInteger(value) || !Number.isFinite(value)
}
