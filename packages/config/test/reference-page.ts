import { DEPTH_APART } from '../src/thread/config-parser.ts'
import { DEFAULT_LIMITS } from '../src/yaml/compose-document.ts'
import { describeBytes, MOST_NODES } from '../src/yaml/read-yaml.ts'
import { type Described, keyTable, mappingAt, remarks } from './reference.ts'
import type { Example } from './reference-examples.ts'

/** Keys of MASTER with a table of their own. */
const PARTS = ['ssh_options', 'action_runner', 'state_persistence', 'k8s_options', 'mesos_options'] as const

const EXAMPLE = `\`\`\`yaml config
nodes:
  batch1: { hostname: batch1.example.com, username: batch }
  batch2: { hostname: batch2.example.com, username: batch }
node_pools:
  batch: { nodes: [batch1, batch2] }
ssh_options:
  identities: [/home/tron/.ssh/id_ed25519]
  known_hosts_file: /home/tron/.ssh/known_hosts
time_zone: Europe/Berlin
command_context:
  DATA: /srv/data

jobs:
  sales:
    node: batch
    schedule: cron 0 3 * * *
    description: Loads what the shops sold the day before.
    owner: data-team@example.com
    actions:
      extract:
        command: extract --day {shortdate-1} >{DATA}/{shortdate-1}.csv
      load:
        command: load {DATA}/{shortdate-1}.csv
        requires: [extract]
    cleanup_action:
      command: rm -f {DATA}/{shortdate-1}.csv
\`\`\``

const INTRODUCTION = `# Configuration

A configuration is a folder of YAML files, by default \`DIR/config\`: \`MASTER.yaml\` with the machines, the settings for all and, if you like, jobs; and beside it a file for each further namespace, which holds nothing but jobs. \`sales.yaml\` is the namespace \`sales\`, and its job \`nightly\` is \`sales.nightly\` wherever one is named. \`_manifest.yaml\` lists the files and is kept by the daemon: it is made of what is there when it is missing, and a file that it does not list is not read, with a warning.

${EXAMPLE}

\`tron validate\` checks it without a daemon, \`tronfig\` edits and uploads it; [running trond](operations.md#changing-the-configuration) tells both. All use the same code, and so does the daemon when it starts or gets a SIGHUP. All errors are told at once, each with its place; [a page](mistakes.md) shows what is said about the usual mistakes. A namespace with errors, or whose file cannot be read, changes nothing and blocks no other: what ran of it goes on.

With \`# yaml-language-server: $schema=tron.json\` as its first line, and what \`tron schema\` prints as \`tron.json\`, editors that know the YAML language server complete and check a file. This page is made of the same schema.

## Forms

Names of namespaces, jobs and actions are letters, digits, \`_\` and \`-\`, begin with a letter or \`_\`, and have at most 255 characters, those of namespaces 246: their files are named after them. Those of nodes and pools may have dots, and begin with a digit.

Jobs, actions, nodes and pools are mappings from name to content, or, as in older files, lists whose entries have a \`name\`. A node in a list may be a hostname alone, and a pool without a name is called by its nodes, joined with \`_\`:

\`\`\`yaml config
nodes: [batch1.example.com, { name: b2, hostname: batch2.example.com }]
node_pools: [{ name: all, nodes: [batch1.example.com, b2] }]
jobs:
  - name: hello
    node: all
    schedule: { start_time: "04:00:00", days: MWF }
    actions: [{ name: greet, command: echo hello }]
\`\`\`

Files are YAML 1.2, whatever a \`%YAML\` line says, with anchors, aliases and \`<<\`; the top level of a file takes no other keys than those below, so an anchor stands where it is used first:

\`\`\`yaml config
nodes: [batch1]
jobs:
  first: &nightly
    node: batch1
    schedule: daily 03:00
    actions: { work: { command: work first } }
  second:
    <<: *nightly
    actions: { work: { command: work second } }
\`\`\`

Tron 3 read YAML 1.1, in which some scalars without quotes mean something else. \`yes\`, \`no\`, \`on\` and \`off\` are taken as true and false where a truth value is due, digits as a mode where a mode is due. In \`env\` what is written counts. Elsewhere where anything may stand, as in \`command_context\`, numbers are those of YAML 1.2: there \`0644\` is 644, \`0o17\` is 15, \`1e3\` is 1000, and \`16:30:00\` is a text; what is in quotes stays as it is. A warning names each scalar that Tron 3 read differently: \`0644\`, which was 420, or \`16:30:00\`, which was 59400.

A length of time is a whole number and a unit: \`30s\`, \`5 min\`, \`2 hours\`, \`1 day\`. Commands, and the texts of \`triggered_by\` and \`trigger_downstreams\`, are templates; [command context](command-context.md) tells what may stand in braces.

A document may have ${describeBytes(DEFAULT_LIMITS.maxBytes)}, which \`--max-config-size\` of \`trond\`, \`tron validate\` and \`tronfig\` changes, lists and mappings that stand ${DEPTH_APART.toLocaleString('en')} deep in one another, and ${MOST_NODES.toLocaleString('en')} values with its aliases written out.

## What is accepted and not done

No key is passed over. A key that this version does not obey yet, such as \`retries\` or \`max_runtime\`, is checked in full and answered with a warning at its line. A job that uses one is _held_: it shows the reason with its file and line, and starts nothing, rather than running in another way than the file says. The same goes for jobs whose node or action names an executor that the daemon does not have. Keys that never had an effect, or have none here, are accepted and remarked on.

In the tables a key in bold has to be there. Behind what a key is stands how it may be written, and in italics what is remarked on when it is. \`items[]\` stands for each entry of the list \`items\`, and NAME for any name.
`

/** What the reader remarks on at the key of an example. */
export type RemarkOn = (example: Example) => string | null

/** The page on the configuration. */
export function referencePage(
  schema: Described,
  containerKeys: readonly string[],
  remarkOn: RemarkOn,
): string {
  const definition = (name: string): Described => {
    const found = schema.definitions?.[name]
    if (found === undefined) throw new RangeError(`there is no definition "${name}"`)
    return found
  }
  const tableOf = (kind: string, mapping: Described, keys = keysOf(mapping)) =>
    keyTable(mapping, { keys, remarkOn: (key, example) => remarkOn({ kind, key, example }) })
  const action = definition('Action')
  const own = keysOf(action).filter((key) => !containerKeys.includes(key))
  const master = keysOf(schema).filter((key) => !PARTS.some((part) => part === key))
  return [
    INTRODUCTION,
    section('MASTER', tableOf('MASTER', schema, master), PARTS_SAID),
    section('Nodes', tableOf('Node', definition('Node'))),
    section('Pools', tableOf('Pool', definition('Pool'))),
    section('Jobs', tableOf('Job', definition('Job'))),
    section('Actions', tableOf('Action', action, own), CLEANUP_SAID),
    section('Containers', CONTAINERS_SAID, tableOf('Container', action, containerKeys)),
    ...PARTS.map((part) => {
      const description = schema.properties?.[part]?.description ?? ''
      const said = remarks(description, [remarkOn({ kind: 'MASTER', key: part, example: {} })])
      return section(part, [description, ...said].join(' '), tableOf(part, mappingAt(schema, part)))
    }),
  ].join('\n')
}

const PARTS_SAID = `Further keys of MASTER have tables of their own: ${PARTS.map((part) => `[\`${part}\`](#${part})`).join(', ')}. Other namespaces know \`jobs\` only.`

const CLEANUP_SAID =
  'The `cleanup_action` of a job takes the same keys but `requires`. It runs last, on the node of the run, whatever became of the others; its name is `cleanup`.'

const CONTAINERS_SAID =
  'Keys of an action for `executor: kubernetes` and `executor: spark`. They are checked in full and given to the executor of that name in the settings of the daemon; as long as there is none, jobs that use them are held. On an action that runs by `ssh` they have no effect, as in Tron 3, which is remarked on.'

function keysOf({ properties = {} }: Described): readonly string[] {
  return Object.keys(properties)
}

function section(title: string, ...paragraphs: readonly string[]): string {
  return [`## ${title}`, ...paragraphs.filter((text) => text !== '')].join('\n\n').concat('\n')
}
