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
  return JSON.stringify(value, (_key, inner: JsonValue) => (isRecord(inner) ? sorted(inner) : inner))
}

function isRecord(value: JsonValue): value is { readonly [key: string]: JsonValue | undefined } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function sorted(record: { readonly [key: string]: JsonValue | undefined }): JsonValue {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => (a < b ? -1 : 1)))
}
