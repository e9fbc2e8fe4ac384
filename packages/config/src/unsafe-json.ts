import type { JsonValue } from '@tron/model'

/** A value of our own types as JSON: interfaces lack the index signature that would make them assignable, though they hold nothing else. */
export function asJson(value: object): JsonValue {
  return value as JsonValue
}

/** An object that is known to be plain JSON, such as a JSON Schema that zod made. */
export function asJsonObject(value: object): Readonly<Record<string, JsonValue>> {
  return value as Readonly<Record<string, JsonValue>>
}
