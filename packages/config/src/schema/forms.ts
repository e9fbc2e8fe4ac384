import type { JsonValue } from '@tron/model'
import { type Keywords, whole } from './keywords.ts'

/** How objects of one kind may be named and written. */
export interface NamedKind {
  readonly definition: string
  /** The form of their names, as a regular expression. */
  readonly names: string
  /** What may stand in a list instead of an object with a `name`. */
  readonly inList?: JsonValue
  /** Whether there has to be one. */
  readonly isNeeded?: boolean
}

/** JSON Schema keywords for named objects of one kind: a mapping from name to object, or a list of objects with a `name`. */
export function namedForms({ definition, names, inList, isNeeded = false }: NamedKind): Keywords {
  const one = { $ref: `#/definitions/${definition}` }
  const listed = { allOf: [one], required: ['name'] }
  // A key that cannot be a name does no harm when the object has one of its own, which counts more.
  const otherKey = `^(?!${whole(names).slice(1)})`
  const mapping = { type: 'object', additionalProperties: one, patternProperties: { [otherKey]: listed } }
  const list = { type: 'array', items: inList ?? listed }
  return {
    anyOf: isNeeded
      ? [
          { ...mapping, minProperties: 1 },
          { ...list, minItems: 1 },
        ]
      : [mapping, list, { type: 'null' }],
  }
}

/** JSON Schema keywords of the key `name`. */
export function nameKeywords(names: string, accepted: string): Keywords {
  return { type: 'string', pattern: whole(names), errorMessage: `expected ${accepted}` }
}
