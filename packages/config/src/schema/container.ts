import { z } from 'zod'
import {
  amount,
  anyList,
  anyMapping,
  listOf,
  mappingOf,
  objectOf,
  octalMode,
  oneOf,
  text,
  wholeNumber,
} from './values.ts'

export const volume = objectOf({
  container_path: text,
  host_path: text,
  mode: oneOf(['RO', 'RW']).optional(),
})

const secretItem = objectOf({ key: text, path: text, mode: octalMode.optional() })

const secretVolume = objectOf({
  secret_volume_name: text,
  secret_name: text,
  container_path: text,
  default_mode: octalMode.optional(),
  items: listOf(secretItem).optional(),
}).check((context) => {
  const { items = [], secret_name: name } = context.value
  if (items.length > 1) {
    context.issues.push({ code: 'custom', message: 'at most one item', path: ['items'], input: items })
  }
  const [item] = items
  if (item !== undefined && item.key !== name) {
    const path = ['items', 0, 'key']
    context.issues.push({ code: 'custom', message: `the secret_name "${name}"`, path, input: item.key })
  }
})

const constraint = objectOf({
  attribute: text,
  operator: oneOf(['==', 'EQUALS', '!=', 'NOTEQUALS', 'LIKE', 'UNLIKE']),
  value: text,
})

const affinity = objectOf({
  key: text,
  operator: oneOf(['In', 'NotIn', 'Exists', 'NotExists', 'Gt', 'Lt']),
  value: z.array(text, { error: 'a list of texts' }),
})

const someLabels = z
  .record(z.string(), text, { error: 'a mapping of texts' })
  .refine((labels) => Object.keys(labels).length > 0, { error: 'a mapping that is not empty' })

const spreadConstraint = objectOf({
  max_skew: wholeNumber(0),
  when_unsatisfiable: oneOf(['DoNotSchedule', 'ScheduleAnyway']),
  topology_key: text,
  label_selector: someLabels,
})

/** Keys of an action that only an executor for containers obeys. */
export const KUBERNETES_SHAPE = {
  cpus: amount.optional(),
  mem: amount.optional(),
  disk: amount.optional(),
  cap_add: anyList.optional(),
  cap_drop: anyList.optional(),
  constraints: listOf(constraint).optional(),
  docker_image: text.optional(),
  docker_parameters: listOf(objectOf({ key: text, value: text })).optional(),
  secret_env: mappingOf(objectOf({ secret_name: text, key: text })).optional(),
  secret_volumes: listOf(secretVolume.nullable()).optional(),
  projected_sa_volumes: listOf(
    objectOf({ container_path: text, audience: text, expiration_seconds: wholeNumber(0).optional() }),
  ).optional(),
  field_selector_env: mappingOf(objectOf({ field_path: text })).optional(),
  extra_volumes: listOf(volume).optional(),
  node_selectors: anyMapping.nullable().optional(),
  labels: anyMapping.nullable().optional(),
  annotations: anyMapping.optional(),
  node_affinities: listOf(affinity).optional(),
  topology_spread_constraints: listOf(spreadConstraint).optional(),
  service_account_name: text.optional(),
  ports: listOf(wholeNumber(0, 65_535)).optional(),
}
