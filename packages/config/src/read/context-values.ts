import type { JsonValue } from '@tron/model'
import { contextNumber } from '../yaml/context-number.ts'
import type { Located, LocatedMap } from '../yaml/located.ts'

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
  if (located.kind === 'scalar')
    return located.plain ? contextNumber(located.source, located.json) : located.json
  if (located.kind === 'list') return located.items.map((item) => valueOf(item, known))
  return valuesOf(located, known)
}
