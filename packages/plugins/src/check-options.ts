import type { StandardSchemaV1 } from '@standard-schema/spec'
import { TronError } from '@tron/model'

/**
 * A plugin's options as its own schema understands them, defaults filled in.
 * @param place where they stand in the settings, such as `executors.k8s.options`
 * @throws SETTINGS, naming each option that is wrong by its path
 */
export async function checkOptions(
  module: { readonly options: StandardSchemaV1 },
  options: unknown,
  place: string,
): Promise<unknown> {
  const result = await module.options['~standard'].validate(options)
  if (result.issues === undefined) return result.value
  const faults = result.issues.map(
    ({ message, path = [] }) => `${[place, ...path.map(keyOf)].join('.')}: ${message}`,
  )
  throw new TronError('SETTINGS', faults.join('; '), { details: { faults } })
}

function keyOf(part: PropertyKey | StandardSchemaV1.PathSegment): string {
  return String(typeof part === 'object' ? part.key : part)
}
