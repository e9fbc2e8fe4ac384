/** Any JSON value: what crosses a contract or is kept in a record. */
export type JsonValue =
  | string
  | number
  | boolean
  | null
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined }

/** JSON with its keys sorted at every level, so that equal values have equal text (and equal hashes). */
export function canonicalJson(value: JsonValue): string {
  // Sorted first and printed then: printing that asks a function for each value takes several times as long.
  return JSON.stringify(sorted(value))
}

function sorted(value: JsonValue): JsonValue {
  if (isList(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value)
    .filter((key) => value[key] !== undefined)
    .toSorted()
  return Object.fromEntries(keys.map((key) => [key, sorted(value[key] ?? null)]))
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value)
}
