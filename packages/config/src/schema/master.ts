import { z } from 'zod'
import { volume } from './container.ts'
import {
  anyMapping,
  exitCode,
  flag,
  isEmpty,
  listOf,
  objectOf,
  oneOf,
  someText,
  text,
  timeZone,
  wholeNumber,
} from './values.ts'

/** Read by their own readers, since each has several forms. */
const anyForm = z.unknown().optional()

const sshOptions = objectOf({
  agent: flag.default(false),
  identities: listOf(someText).default([]),
  known_hosts_file: someText.optional(),
  connect_timeout: wholeNumber(1).default(30),
  idle_connection_timeout: wholeNumber(0).optional(),
  jitter_min_load: wholeNumber(0).optional(),
  jitter_max_delay: wholeNumber(0).optional(),
  jitter_load_factor: wholeNumber(0).optional(),
})

const actionRunner = objectOf({
  runner_type: oneOf(['none', 'subprocess']).optional(),
  remote_status_path: someText.optional(),
  remote_exec_path: text.optional(),
})

const statePersistence = objectOf({
  name: text,
  store_type: oneOf(['shelve', 'yaml', 'dynamodb']),
  buffer_size: wholeNumber(1).optional(),
  table_name: text.optional(),
  dynamodb_region: text.optional(),
  max_transact_write_items: wholeNumber(0).optional(),
}).check((context) => {
  const { value } = context
  if (value.store_type !== 'dynamodb') return
  for (const key of ['table_name', 'dynamodb_region'] as const) {
    if (value[key] === undefined) {
      context.issues.push({
        code: 'custom',
        message: 'text, with the store type dynamodb',
        path: [key],
        input: undefined,
      })
    }
  }
  const items = value.max_transact_write_items ?? 8
  if (items < 1 || items > 100) {
    const path = ['max_transact_write_items']
    context.issues.push({ code: 'custom', message: 'a whole number from 1 to 100', path, input: items })
  }
})

const MESOS_ADDRESS = 'a host, or http://host'

const mesosOptions = objectOf({
  master_address: z
    .string({ error: MESOS_ADDRESS })
    .regex(/^(?:http:\/\/)?[A-Za-z0-9._-]+\/?$/, { error: MESOS_ADDRESS })
    .optional(),
  master_port: wholeNumber(0, 65_535).optional(),
  secret_file: anyForm,
  role: text.optional(),
  principal: anyForm,
  enabled: flag.default(false),
  default_volumes: listOf(volume).optional(),
  dockercfg_location: text.optional(),
  offer_timeout: wholeNumber(0).optional(),
})

const kubernetesOptions = objectOf({
  kubeconfig_path: text.optional(),
  enabled: flag.default(false),
  non_retryable_exit_codes: listOf(exitCode).optional(),
  default_volumes: listOf(volume).optional(),
  watcher_kubeconfig_paths: listOf(text).optional(),
})

const emptyIsNothing = (value: unknown) => (value !== undefined && isEmpty(value) ? undefined : value)

export const masterSchema = objectOf({
  action_runner: actionRunner.nullish(),
  output_stream_dir: z.preprocess(emptyIsNothing, text.optional()).optional(),
  command_context: z.preprocess(emptyIsNothing, anyMapping.optional()).optional(),
  ssh_options: sshOptions.nullish(),
  time_zone: timeZone.optional(),
  state_persistence: statePersistence.optional(),
  nodes: anyForm,
  node_pools: anyForm,
  jobs: anyForm,
  mesos_options: mesosOptions.optional(),
  k8s_options: kubernetesOptions.nullish(),
  eventbus_enabled: flag.optional(),
  read_json: flag.optional(),
})

export type RawMaster = z.output<typeof masterSchema>

/** A namespace other than MASTER holds nothing but jobs. */
export const namespaceSchema = objectOf({ jobs: anyForm })
