import { z } from 'zod'
import {
  amount,
  anyList,
  anyMapping,
  isMapping,
  key,
  listOf,
  mappingOf,
  objectOf,
  octalMode,
  oneOf,
  text,
  wholeNumber,
} from './values.ts'

export const volume = objectOf({
  container_path: key(text, 'Where it is in the container.'),
  host_path: key(text, 'The folder of the host.'),
  mode: key(oneOf(['RO', 'RW']).optional(), 'Whether it may be written to.'),
})

const secretItem = objectOf({
  key: key(text, 'The same as `secret_name`.'),
  path: key(text, 'The file below `container_path`.'),
  mode: key(octalMode.optional(), 'The mode of the file; `default_mode` when left out.'),
})

const secretVolume = objectOf({
  secret_volume_name: key(text, 'What the volume is called.'),
  secret_name: key(text, 'The secret that is mounted.'),
  container_path: key(text, 'Where it is in the container.'),
  default_mode: key(octalMode.optional(), 'The mode of its files; "0644" when left out.'),
  items: key(
    listOf(secretItem).optional().meta({ maxItems: 1 }),
    'At most one file, with a path and a mode of its own.',
  ),
}).superRefine(
  ({ items, secret_name: name }, context) => {
    if (!Array.isArray(items)) return
    if (items.length > 1) {
      context.addIssue({ code: 'custom', message: 'at most one item', path: ['items'], input: items })
    }
    const named = items[0]?.key
    if (typeof named === 'string' && typeof name === 'string' && named !== name) {
      const path = ['items', 0, 'key']
      context.addIssue({ code: 'custom', message: `the secret_name "${name}"`, path, input: named })
    }
  },
  // Also where one of the keys is wrong in itself.
  { when: ({ value }) => isMapping(value) },
)

const constraint = objectOf({
  attribute: key(text, 'An attribute of the host.'),
  operator: key(oneOf(['==', 'EQUALS', '!=', 'NOTEQUALS', 'LIKE', 'UNLIKE']), 'How it is compared.'),
  value: key(text, 'What it is compared with.'),
})

const affinity = objectOf({
  key: key(text, 'A label of the Kubernetes node.'),
  operator: key(oneOf(['In', 'NotIn', 'Exists', 'NotExists', 'Gt', 'Lt']), 'How it is compared.'),
  value: key(
    z.array(text, { error: 'a list of texts' }).meta({ errorMessage: 'expected a list of texts' }),
    'What it is compared with.',
  ),
})

const someLabels = z
  .record(z.string(), text, { error: 'a mapping of texts' })
  .refine((labels) => Object.keys(labels).length > 0, { error: 'a mapping that is not empty' })
  .meta({ minProperties: 1, errorMessage: 'expected a mapping that is not empty' })

const spreadConstraint = objectOf({
  max_skew: key(wholeNumber(0), 'By how many pods domains may differ.'),
  when_unsatisfiable: key(oneOf(['DoNotSchedule', 'ScheduleAnyway']), 'What happens when they would.'),
  topology_key: key(text, 'The label that tells domains apart.'),
  label_selector: key(someLabels, 'The labels of the pods that count.'),
})

const secretSource = objectOf({
  secret_name: key(text, 'The secret.'),
  key: key(text, 'The key in the secret.'),
})

const serviceAccountVolume = objectOf({
  container_path: key(text, 'Where it is in the container.'),
  audience: key(text, 'Who the token is for.'),
  expiration_seconds: key(wholeNumber(0).optional(), 'How long the token is good; 1800 when left out.'),
})

const fieldSource = objectOf({ field_path: key(text, 'A field of the pod, such as `status.podIP`.') })

const parameter = objectOf({ key: key(text, 'Its name.'), value: key(text, 'Its value.') })

/** Whether what an action names as its executor runs it in a container. */
export function isOfContainers(executor: string | undefined): executor is 'kubernetes' | 'spark' {
  return executor === 'kubernetes' || executor === 'spark'
}

/** Keys of an action that only an executor for containers obeys. */
export const CONTAINER_SHAPE = {
  docker_image: key(
    text.optional(),
    'The image of the container. Kubernetes and Spark need it.',
    'registry.example.com/load:3',
  ),
  cpus: key(amount.optional(), 'Processors that are reserved. Kubernetes and Spark need it.', 0.5),
  mem: key(amount.optional(), 'Memory that is reserved, in MB. Kubernetes and Spark need it.', 512),
  disk: key(amount.optional(), 'Disk that is reserved, in MB; 1024 when left out.', 2048),
  cap_add: key(anyList.optional(), 'Linux capabilities that the container gets.', ['KILL']),
  cap_drop: key(anyList.optional(), 'Linux capabilities that the container loses.', ['CHOWN']),
  constraints: key(listOf(constraint).optional(), 'Which hosts may run it.', [
    { attribute: 'pool', operator: 'LIKE', value: 'batch' },
  ]),
  docker_parameters: key(listOf(parameter).optional(), 'Parameters of the container.', [
    { key: 'init', value: 'true' },
  ]),
  secret_env: key(mappingOf(secretSource).optional(), 'Environment variables taken from secrets.', {
    PASSWORD: { secret_name: 'database', key: 'password' },
  }),
  secret_volumes: key(listOf(secretVolume.nullable()).optional(), 'Secrets mounted as files.', [
    { secret_volume_name: 'keys', secret_name: 'tls', container_path: '/keys', default_mode: '0400' },
  ]),
  projected_sa_volumes: key(
    listOf(serviceAccountVolume).optional(),
    'Tokens of the service account, mounted as files.',
    [{ container_path: '/var/run/token', audience: 'vault' }],
  ),
  field_selector_env: key(mappingOf(fieldSource).optional(), 'Environment variables taken from the pod.', {
    POD_IP: { field_path: 'status.podIP' },
  }),
  extra_volumes: key(listOf(volume).optional(), 'Folders of the host mounted in the container.', [
    { container_path: '/data', host_path: '/srv/data', mode: 'RO' },
  ]),
  node_selectors: key(anyMapping.nullable().optional(), 'Labels that the Kubernetes node must have.', {
    'kubernetes.io/arch': 'amd64',
  }),
  node_affinities: key(listOf(affinity).optional(), 'Labels of Kubernetes nodes, compared in other ways.', [
    { key: 'zone', operator: 'In', value: ['a', 'b'] },
  ]),
  topology_spread_constraints: key(
    listOf(spreadConstraint).optional(),
    'How pods are spread over the cluster.',
    [
      {
        max_skew: 1,
        when_unsatisfiable: 'ScheduleAnyway',
        topology_key: 'zone',
        label_selector: { app: 'load' },
      },
    ],
  ),
  labels: key(anyMapping.nullable().optional(), 'Labels of the pod.', { team: 'data' }),
  annotations: key(anyMapping.optional(), 'Annotations of the pod.', { note: 'nightly load' }),
  service_account_name: key(text.optional(), 'The service account of the pod.', 'loader'),
  ports: key(listOf(wholeNumber(0, 65_535)).optional(), 'Ports that the container opens.', [8080]),
}
