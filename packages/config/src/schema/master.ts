import { z } from 'zod'
import { volume } from './container.ts'
import { namedForms } from './forms.ts'
import {
  HOST_PATTERN,
  IDENTIFIER,
  type Keywords,
  NODE_NAME,
  orEmpty,
  WITHOUT_NUL,
  whole,
  wholeNumberKeywords,
} from './keywords.ts'
import {
  absolutePath,
  anyMapping,
  anything,
  exitCode,
  flag,
  isEmpty,
  key,
  listOf,
  objectOf,
  oneOf,
  someText,
  text,
  timeZone,
  wholeNumber,
} from './values.ts'

/** A day. Timers have a limit, and a node that is waited for longer holds up what others could do. */
const MOST_SECONDS_TO_CONNECT = 86_400

const sshSchema = objectOf({
  agent: key(
    flag.default(false),
    'Whether the keys of the SSH agent are used, whose socket `SSH_AUTH_SOCK` of the daemon names.',
    true,
  ),
  identities: key(listOf(someText).default([]), 'Files of private keys, tried in this order.', [
    '/home/tron/.ssh/id_ed25519',
  ]),
  known_hosts_file: key(
    someText.optional(),
    'The file that host keys are checked against.',
    '/home/tron/.ssh/known_hosts',
  ),
  connect_timeout: key(
    wholeNumber(1, MOST_SECONDS_TO_CONNECT).default(30),
    'Seconds after which a node counts as unreachable.',
    10,
  ),
  idle_connection_timeout: key(wholeNumber(0).optional(), 'Accepted for Tron 3.', 3600),
  jitter_min_load: key(wholeNumber(0).optional(), 'Accepted for Tron 3.', 4),
  jitter_max_delay: key(wholeNumber(0).optional(), 'Accepted for Tron 3.', 20),
  jitter_load_factor: key(wholeNumber(0).optional(), 'Accepted for Tron 3.', 1),
})

const runnerSchema = objectOf({
  runner_type: key(
    oneOf(['none', 'subprocess']).optional(),
    'With `subprocess` commands are run by `/bin/sh`, when left out by the shell of the login. Runs outlive their connection either way.',
    'subprocess',
  ),
  remote_status_path: key(
    absolutePath.optional(),
    'The folder on the nodes where runs leave what they wrote and how they ended; `$HOME/.tron-spool` when left out.',
    '/var/spool/tron',
  ),
  remote_exec_path: key(
    text.optional(),
    'Accepted for Tron 3: nothing has to be installed on a node.',
    '/usr/bin',
  ),
})

const stateSchema = objectOf({
  name: key(text, 'Accepted for Tron 3.', 'tron_state'),
  store_type: key(oneOf(['shelve', 'yaml', 'dynamodb']), 'Accepted for Tron 3.', 'shelve'),
  buffer_size: key(wholeNumber(1).optional(), 'Accepted for Tron 3.', 10),
  table_name: key(text.optional(), 'Accepted for Tron 3.', 'tron'),
  dynamodb_region: key(text.optional(), 'Accepted for Tron 3.', 'us-west-2'),
  max_transact_write_items: key(wholeNumber(0).optional(), 'Accepted for Tron 3.', 8),
})
  .check((context) => {
    const { value } = context
    if (value.store_type !== 'dynamodb') return
    for (const needed of ['table_name', 'dynamodb_region'] as const) {
      if (value[needed] === undefined) {
        context.issues.push({
          code: 'custom',
          message: 'text, with the store type dynamodb',
          path: [needed],
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
  .meta({
    if: { properties: { store_type: { const: 'dynamodb' } }, required: ['store_type'] },
    // oxlint-disable-next-line unicorn/no-thenable -- a keyword of JSON Schema
    then: {
      required: ['table_name', 'dynamodb_region'],
      properties: { max_transact_write_items: wholeNumberKeywords(1, 100) },
    },
  })

const MESOS_ADDRESS = 'a host, or http://host'

const mesosSchema = objectOf({
  master_address: key(
    z
      .string({ error: MESOS_ADDRESS })
      .regex(/^(?:http:\/\/)?[A-Za-z0-9._-]+\/?$/, { error: MESOS_ADDRESS })
      .meta({ errorMessage: `expected ${MESOS_ADDRESS}` })
      .optional(),
    'Accepted for Tron 3.',
    'mesos.example.com',
  ),
  master_port: key(wholeNumber(0, 65_535).optional(), 'Accepted for Tron 3.', 5050),
  secret_file: key(anything.optional(), 'Accepted for Tron 3.', '/etc/mesos-secret'),
  role: key(text.optional(), 'Accepted for Tron 3.', '*'),
  principal: key(anything.optional(), 'Accepted for Tron 3.', 'tron'),
  enabled: key(flag.default(false), 'Accepted for Tron 3.', true),
  default_volumes: key(listOf(volume).optional(), 'Accepted for Tron 3.', [
    { container_path: '/data', host_path: '/srv/data', mode: 'RO' },
  ]),
  dockercfg_location: key(text.optional(), 'Accepted for Tron 3.', 'file:///etc/dockercfg'),
  offer_timeout: key(wholeNumber(0).optional(), 'Accepted for Tron 3.', 300),
})

const kubernetesSchema = objectOf({
  kubeconfig_path: key(
    text.optional(),
    'The file that says where the cluster is.',
    '/etc/kubernetes/tron.conf',
  ),
  enabled: key(flag.default(false), 'Whether actions may run there.', true),
  non_retryable_exit_codes: key(
    listOf(exitCode).optional(),
    'Exit statuses after which an action is not started again.',
    [1, -7],
  ),
  default_volumes: key(listOf(volume).optional(), 'Folders of the host mounted in every container.', [
    { container_path: '/etc/ssl', host_path: '/etc/ssl', mode: 'RO' },
  ]),
  watcher_kubeconfig_paths: key(listOf(text).optional(), 'Files that say where further clusters are.', [
    '/etc/kubernetes/other.conf',
  ]),
})

const emptyIsNothing = (value: unknown) => (value !== undefined && isEmpty(value) ? undefined : value)

const jobs = key(
  anything.optional().meta(namedForms({ definition: 'Job', names: IDENTIFIER })),
  'The jobs, each under its name.',
)

/** A hostname alone, which is its name, too; or a node, which is called by its hostname when it has no name. */
const LISTED_NODE: Keywords = {
  anyOf: [
    { type: 'string', pattern: whole(NODE_NAME), allOf: [{ pattern: HOST_PATTERN }] },
    {
      allOf: [{ $ref: '#/definitions/Node' }],
      anyOf: [{ required: ['name'] }, { properties: { hostname: { pattern: whole(NODE_NAME) } } }],
    },
  ],
}

/** Names and values of any form that a process can be given. */
const CONTEXT_KEYWORDS: Keywords = {
  propertyNames: { pattern: WITHOUT_NUL },
  additionalProperties: { $ref: '#/definitions/ContextValue' },
}

export const masterSchema = objectOf({
  nodes: key(
    anything.optional().meta(namedForms({ definition: 'Node', names: NODE_NAME, inList: LISTED_NODE })),
    'The machines that jobs run on, each under its name; in a list a hostname alone will do. Without the key there is one, `localhost`.',
  ),
  node_pools: key(
    anything
      .optional()
      .meta(namedForms({ definition: 'Pool', names: NODE_NAME, inList: { $ref: '#/definitions/Pool' } })),
    'Groups of nodes. A job that names a pool takes one of its nodes for each run.',
  ),
  jobs,
  time_zone: key(
    timeZone.optional(),
    'The zone of all jobs that name none of their own; that of the machine when left out.',
    'Europe/Berlin',
  ),
  command_context: key(
    z
      .preprocess(emptyIsNothing, anyMapping.optional())
      .optional()
      .meta({ ...orEmpty('object'), ...CONTEXT_KEYWORDS, errorMessage: 'expected a mapping' }),
    'Names and values for commands: `{DATA}` in a command is the value of `DATA` here.',
    { DATA: '/srv/data' },
  ),
  ssh_options: key(sshSchema.nullish(), 'How nodes are logged in to.'),
  action_runner: key(runnerSchema.nullish(), 'How commands are run on the nodes.'),
  output_stream_dir: key(
    z
      .preprocess(emptyIsNothing, text.optional())
      .optional()
      .meta({ ...orEmpty('string'), errorMessage: 'expected text' }),
    'Accepted for Tron 3: where output is kept is one of the settings of the daemon.',
    '/var/log/tron',
  ),
  state_persistence: key(
    stateSchema.optional(),
    'Accepted for Tron 3: where state is kept is one of the settings of the daemon.',
  ),
  k8s_options: key(kubernetesSchema.nullish(), 'How Kubernetes is reached.'),
  mesos_options: key(mesosSchema.optional(), 'Accepted for Tron 3: Mesos is retired.'),
  eventbus_enabled: key(flag.optional(), 'Whether triggers are published and waited for.', true),
  read_json: key(flag.optional(), 'Accepted for Tron 3.', true),
})

export type RawMaster = z.output<typeof masterSchema>

/** A namespace other than MASTER holds nothing but jobs. */
export const namespaceSchema = objectOf({ jobs })
