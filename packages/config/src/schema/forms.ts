import type { JsonValue } from '@tron/model'

/** JSON Schema keywords for named objects of one kind: a mapping from name to object, or a list of objects with a `name`. */
export function namedForms(definition: string, inList?: JsonValue): Readonly<Record<string, JsonValue>> {
  const one = { $ref: `#/definitions/${definition}` }
  const listed = { allOf: [one], required: ['name'] }
  return {
    anyOf: [
      { type: 'object', additionalProperties: one },
      { type: 'array', items: inList ?? listed },
      { type: 'null' },
    ],
  }
}
