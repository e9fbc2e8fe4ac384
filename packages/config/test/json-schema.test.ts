import { configJsonSchema } from '@tron/config'
import { Ajv } from 'ajv'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import documents from './data/documents.json' with { type: 'json' }
import identifiers from './data/identifiers.json' with { type: 'json' }
import numbers from './data/numbers.json' with { type: 'json' }
import { MASTER_MISTAKES, MISTAKES } from './mistakes.ts'
import { errorsOf, parseOne } from './parse-one.ts'
import { rightDocuments, wrongDocuments } from './random-documents.ts'

const ajv = new Ajv({ strict: false, allErrors: true })
const MASTER = ajv.compile(configJsonSchema('MASTER'))
const NAMESPACE = ajv.compile(configJsonSchema('namespace'))

interface Case {
  readonly id: string
  readonly namespace: string
  readonly text: string
  readonly master?: string
}

/** What the schema says of a document as an editor reads it; null where it is no YAML. */
function schemaErrors({ namespace, text }: Case): readonly string[] | null {
  let value: unknown
  try {
    value = parse(text, { merge: true, uniqueKeys: false, logLevel: 'silent' })
  } catch {
    return null
  }
  const validate = namespace === 'MASTER' ? MASTER : NAMESPACE
  validate(value)
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`)
}

function isAccepted({ namespace, text, master }: Case): boolean {
  const check = parseOne(text, { namespace, ...(master === undefined ? {} : { master }) })
  const file = `${namespace}.yaml`
  return errorsOf(check).every((problem) => problem.file !== file)
}

const job = (keys: string) => `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls}}, ${keys}}}\n`
const action = (keys: string) =>
  `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, ${keys}}}}}\n`

const CASES: readonly Case[] = [
  ...documents.documents.map(({ id, namespace, yaml }) => ({
    id,
    namespace,
    text: yaml,
    master: documents.defaultMaster,
  })),
  ...numbers.map(({ id, validator, input }) => ({
    id,
    namespace: validator === 'exit_code' ? 'MASTER' : 'svc',
    text: numberIn(validator, JSON.stringify(input)),
  })),
  ...identifiers.map(({ id, input }) => ({
    id,
    namespace: 'svc',
    text: `jobs: [{name: ${JSON.stringify(input)}, node: n1, schedule: daily, actions: {a: {command: ls}}}]`,
  })),
  ...MISTAKES.map(([id, text]) => ({ id, namespace: 'svc', text })),
  ...MASTER_MISTAKES.map(([id, text]) => ({ id, namespace: 'MASTER', text })),
]

function numberIn(validator: string, input: string): string {
  if (validator === 'int') return action(`retries: ${input}`)
  if (validator === 'float') return action(`cpus: ${input}`)
  if (validator === 'exit_code') return `k8s_options: {non_retryable_exit_codes: [${input}]}`
  return action(
    `secret_volumes: [{secret_volume_name: v, secret_name: s, container_path: /c, default_mode: ${input}}]`,
  )
}

/** Wrong documents of Tron 3's vectors that no JSON Schema can tell from right ones. */
const NOT_CAUGHT: ReadonlyMap<string, readonly string[]> = new Map([
  ['the text, not what it says, is wrong', ['config-014', 'config-017']],
  ['a name stands twice', ['config-041', 'config-043', 'config-164', 'config-481']],
  ['"yes" in quotes looks like yes without', ['config-098', 'config-104', 'config-424']],
  ['there is no such zone', ['config-128']],
  ['a template is wrong', ['config-143', 'config-312', 'config-394']],
  [
    'there is no such node',
    ['config-149', 'config-150', 'config-154', 'config-533', 'config-534', 'config-543'],
  ],
  ['what actions require of each other', ['config-177', 'config-178', 'config-179', 'config-187']],
  ['two values have to be equal', ['config-273']],
  ['a pool has the name of a node', ['config-527', 'config-535']],
  ['a namespace has a wrong name', ['config-550', 'config-551', 'config-552']],
])

describe('the JSON Schema', () => {
  const judged = CASES.map((one) => ({
    id: one.id,
    text: one.text,
    alarms: schemaErrors(one),
    accepted: isAccepted(one),
  }))

  it('accepts every document that we do', () => {
    const right = judged.filter(({ accepted }) => accepted)
    expect(right.length).toBeGreaterThan(150)
    expect(right.filter(({ alarms }) => alarms?.length !== 0)).toEqual([])
  })

  it('accepts whatever we do of any documents', () => {
    const isFalseAlarm = (one: Case) => (schemaErrors(one)?.length ?? 0) > 0 && isAccepted(one)
    fc.assert(
      fc.property(fc.oneof(rightDocuments, wrongDocuments), ({ master, svc }) => {
        expect(isFalseAlarm({ id: 'MASTER', namespace: 'MASTER', text: master })).toBe(false)
        expect(isFalseAlarm({ id: 'svc', namespace: 'svc', text: svc, master })).toBe(false)
      }),
      { numRuns: 60, seed: 20_261_126 },
    )
  })

  it('catches what is wrong but for what is not said by its form', () => {
    const missed = judged.filter(({ id, accepted, alarms }) => {
      return /^(config|numbers|identifiers)-/.test(id) && !accepted && alarms?.length === 0
    })
    expect(missed.map(({ id }) => id).toSorted()).toEqual([...NOT_CAUGHT.values()].flat().toSorted())
    const wrong = judged.filter(({ accepted, alarms }) => !accepted && alarms !== null)
    expect(wrong.filter(({ alarms }) => alarms?.length !== 0).length).toBeGreaterThan(280)
  })

  it.each([
    [
      'MASTER',
      'nodes: [h-1.example.com, {name: n, hostname: "::1"}, {name: o, hostname: "fe80::1%eth0"}, {name: p, hostname: h.}]',
    ],
    ['MASTER', 'nodes: {"a b": {name: ab, hostname: h}}'],
    ['MASTER', 'nodes: {n: {hostname: h, port: " 00022 "}}'],
    ['MASTER', 'nodes: []\nnode_pools: {}\njobs:\n'],
    ['MASTER', 'command_context: {A: [1, {b: "c"}], "x y": null}'],
    ['MASTER', 'command_context: ""\noutput_stream_dir: 0'],
    ['MASTER', 'command_context: []\noutput_stream_dir: {}'],
    ['MASTER', 'ssh_options: {identities: false, connect_timeout: "86400"}'],
    ['MASTER', 'time_zone: Etc/GMT+5'],
    [
      'MASTER',
      'state_persistence: {name: s, store_type: dynamodb, table_name: t, dynamodb_region: r, max_transact_write_items: "100"}',
    ],
    ['MASTER', 'state_persistence: {name: s, store_type: shelve, max_transact_write_items: 0}'],
    ['svc', action('requires: "", triggered_by: {}')],
    ['svc', action('retries: "-0"')],
    ['svc', action('retries: " 7 "')],
    ['svc', action('expected_runtime: " 999999999 days "')],
    ['svc', action('executor: spark, docker_image: i, cpus: "0.5", mem: 1, env: {a.b-c: x}')],
    ['svc', action('trigger_downstreams: yes')],
    ['svc', job('cleanup_action: {name: cleanup, command: ls}, all_nodes: off')],
    [
      'svc',
      'jobs: {"1 j": {name: j, node: n1, schedule: {start_time: "04:00:00", x: 1}, actions: [{name: a, command: " x\\n"}]}}',
    ],
  ])('of %s has nothing against %s', (namespace, text) => {
    const one = { id: text, namespace, text }
    expect([isAccepted(one), schemaErrors(one)]).toEqual([true, []])
  })

  it.each([
    ['MASTER', 'nodes: [user@h]'],
    ['MASTER', 'nodes: ["::1"]'],
    ['MASTER', 'nodes: [{hostname: "::1"}]'],
    ['MASTER', 'nodes: {n: {hostname: "h:22"}}'],
    ['MASTER', 'nodes: {n: {hostname: -h}}'],
    ['MASTER', 'nodes: {n: {hostname: h..i}}'],
    ['MASTER', 'nodes: {n: {hostname: h, executor: "a b"}}'],
    ['MASTER', 'nodes: {n: {hostname: h, username: "a b"}}'],
    ['MASTER', 'nodes: {n: {hostname: h, port: "0"}}'],
    ['MASTER', 'nodes: {n: {hostname: h, port: "100000"}}'],
    ['MASTER', 'nodes: {"a b": {hostname: h}}'],
    ['MASTER', 'node_pools: {"a b": {nodes: [localhost]}}'],
    ['MASTER', 'action_runner: {remote_status_path: ~/spool}'],
    ['MASTER', 'action_runner: {remote_status_path: "/a\\nb"}'],
    ['MASTER', 'time_zone: +05:30'],
    ['MASTER', 'ssh_options: {identities: true}'],
    ['MASTER', 'command_context: true'],
    ['MASTER', 'command_context: [1]'],
    ['MASTER', 'command_context: 1.0e+300'],
    ['svc', 'jobs: {"1j": {node: n1, schedule: daily, actions: {a: {command: ls}}}}'],
    ['svc', action('requires: [cleanup]')],
    ['svc', action('expected_runtime: 1000000000 d')],
    ['svc', action('executor: mesos')],
    ['svc', action('executor: kubernetes, docker_image: i')],
    ['svc', action('env: {a.b: x}')],
    ['svc', action('env: {A: "\\0"}')],
    ['MASTER', 'command_context: {"A\\0": 1}'],
    ['MASTER', 'command_context: {A: [{b: ["c\\0"]}]}'],
    ['svc', action('triggered_by: ["a.b.c.d\\0"]')],
    ['svc', action('retries: 9007199254740992')],
    ['svc', action('trigger_downstreams: maybe')],
    ['svc', job('cleanup_action: {name: clean, command: ls}')],
    ['svc', job('cleanup_action: {command: "l\\0s"}')],
    ['svc', job('cleanup_action: {command: " \\n"}')],
    ['svc', 'jobs: {j: {node: n1, schedule: " ", actions: {a: {command: ls}}}}'],
    ['svc', 'jobs: {j: {node: n1, schedule: {type: cron, days: MWF}, actions: {a: {command: ls}}}}'],
    ['svc', 'jobs: {j: {node: n1, schedule: {x: 1}, actions: {a: {command: ls}}}}'],
    [
      'svc',
      'jobs: {j: {node: n1, schedule: {type: cron, value: 0 3 * * *, jitter: 5}, actions: {a: {command: ls}}}}',
    ],
  ])('of %s catches %s', (namespace, text) => {
    const one = { id: text, namespace, text }
    expect([isAccepted(one), schemaErrors(one)]).toEqual([false, expect.arrayContaining([expect.anything()])])
  })
})
