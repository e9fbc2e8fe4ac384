import type { JsonValue } from '@tron/model'
import { z } from 'zod'
import { asJsonObject } from '../unsafe-json.ts'
import { actionSchema, cleanupSchema, jobSchema } from './job.ts'
import { WITHOUT_NUL } from './keywords.ts'
import { masterSchema, namespaceSchema } from './master.ts'
import { nodeSchema, poolSchema } from './node.ts'

/** A JSON Schema, draft 7: the newest that all editors know. */
export type JsonSchema = Readonly<Record<string, JsonValue>>

/** What stands under names of its own, in the order of the reference. */
const DEFINITIONS = {
  Job: jobSchema,
  Action: actionSchema,
  CleanupAction: cleanupSchema,
  Node: nodeSchema,
  Pool: poolSchema,
} as const

/** What a name of the command context stands for: anything that a process can be given. */
const CONTEXT_VALUE = {
  pattern: WITHOUT_NUL,
  propertyNames: { pattern: WITHOUT_NUL },
  additionalProperties: { $ref: '#/definitions/ContextValue' },
  items: { $ref: '#/definitions/ContextValue' },
}

/**
 * The JSON Schema of a configuration file, made of the very schemas that files are checked with. Editors complete and check with it, for example after
 * the first line `# yaml-language-server: $schema=tron.json`. It tells forms, not references: whether a node exists only a check of the whole can say.
 *
 * @param document `MASTER` for the file of MASTER, `namespace` for that of any other namespace
 */
export function configJsonSchema(document: 'MASTER' | 'namespace' = 'MASTER'): JsonSchema {
  const names = document === 'MASTER' ? Object.keys(DEFINITIONS) : ['Job', 'Action', 'CleanupAction']
  const definitions = Object.entries(DEFINITIONS)
    .filter(([name]) => names.includes(name))
    .map(([name, schema]) => [name, convert(schema)] as const)
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: document === 'MASTER' ? 'MASTER of a Tron configuration' : 'A namespace of a Tron configuration',
    ...convert(document === 'MASTER' ? masterSchema : namespaceSchema),
    definitions: {
      ...Object.fromEntries(definitions),
      ...(document === 'MASTER' ? { ContextValue: CONTEXT_VALUE } : {}),
    },
  }
}

function convert(schema: z.ZodType): JsonSchema {
  const { $schema: _version, ...rest } = asJsonObject(
    z.toJSONSchema(schema, {
      target: 'draft-7',
      io: 'input',
      unrepresentable: 'any',
      reused: 'inline',
      override: restore,
    }),
  )
  return rest
}

/** Puts back what zod leaves out of schemas that change their value: ours change spellings only, so examples and defaults are right for both sides. */
function restore({
  zodSchema,
  jsonSchema,
}: {
  readonly zodSchema: z.core.$ZodTypes
  readonly jsonSchema: z.core.JSONSchema.BaseSchema
}): void {
  const examples = z.globalRegistry.get(zodSchema)?.['examples']
  if (Array.isArray(examples)) jsonSchema.examples = examples
  if (zodSchema instanceof z.ZodDefault) jsonSchema.default = zodSchema.def.defaultValue
}
