import { describe, expect, it } from 'vitest'
import documents from './data/documents.json' with { type: 'json' }
import identifiers from './data/identifiers.json' with { type: 'json' }
import numbers from './data/numbers.json' with { type: 'json' }
import { errorsOf, parseOne } from './parse-one.ts'

const STRICT = 'numbers are strict: no true for 1, no 0 where nothing would be kept'
const MAPPINGS = 'selectors and labels are mappings'
const AS_WRITTEN = 'YAML 1.2: what Tron 3 took for a number or a truth value is the text that was meant'
const NAMESPACE = 'a namespace is an identifier, so that names of jobs and files are unambiguous'
const NEEDED = 'what runs in a container says in which image and how much it takes'
const NOW_ACCEPTED = new Map([
  ['config-068', 'a job has a description and an owner'],
  ['config-342', 'keys are texts as written'],
  ['config-373', AS_WRITTEN],
  ['config-375', AS_WRITTEN],
  ['config-378', AS_WRITTEN],
  ['config-379', AS_WRITTEN],
  ['config-392', '{runid-1} works at run time, so it is accepted'],
  ['config-419', 'where output is kept is a setting of the daemon; the key is accepted with a remark'],
  ['config-423', 'the environment is looked at when the agent is needed, not when a text is checked'],
  ['config-474', 'names of nodes may have dots'],
  ['config-548', 'names of nodes may have dots'],
])
const NOW_REFUSED = new Map([
  ['config-052', 'a name does not end in a new line'],
  ['config-074', STRICT],
  ['config-081', STRICT],
  ['config-210', NEEDED],
  ['config-211', NEEDED],
  ['config-223', STRICT],
  ['config-312', 'the texts of triggered_by are checked like commands'],
  ['config-324', MAPPINGS],
  ['config-325', MAPPINGS],
  ['config-348', MAPPINGS],
  ['config-367', MAPPINGS],
  ['config-370', NEEDED],
  ['config-371', 'Mesos is retired'],
  ['config-454', STRICT],
  ['config-477', 'ports end at 65535'],
  ['config-550', NAMESPACE],
  ['config-551', NAMESPACE],
  ['config-552', NAMESPACE],
])

function expected(id: string, accepted: boolean): boolean {
  return (accepted && !NOW_REFUSED.has(id)) || NOW_ACCEPTED.has(id)
}

describe('documents, as Tron 3 accepted and refused them', () => {
  it.each(documents.documents)('$id $group', ({ id, namespace, yaml, accepted }) => {
    const check = parseOne(yaml, { namespace, master: documents.defaultMaster })
    expect({ accepted: errorsOf(check).length === 0, problems: check.problems }).toEqual({
      accepted: expected(id, accepted),
      problems: check.problems,
    })
  })

  it('differs only where it says why', () => {
    const ids = new Set(documents.documents.map(({ id }) => id))
    expect([...NOW_ACCEPTED.keys(), ...NOW_REFUSED.keys()].filter((id) => !ids.has(id))).toEqual([])
  })
})

function job(action: string): string {
  return `jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ls, ${action}}}}}\n`
}

const HOLDERS: Readonly<Record<string, (value: string) => ReturnType<typeof parseOne>>> = {
  int: (value) => parseOne(job(`retries: ${value}`)),
  float: (value) => parseOne(job(`cpus: ${value}`)),
  exit_code: (value) =>
    parseOne(`k8s_options: {non_retryable_exit_codes: [${value}]}`, { namespace: 'MASTER' }),
  permission_mode: (value) =>
    parseOne(
      job(
        `secret_volumes: [{secret_volume_name: v, secret_name: s, container_path: /c, default_mode: ${value}}]`,
      ),
    ),
}
const NUMBERS_NOW_REFUSED = new Map([
  ['numbers-005', '5.7 is no whole number'],
  ['numbers-006', '-0.5 is no whole number'],
  ['numbers-011', '1_000 is a spelling of Python'],
  ['numbers-014', 'true is no number'],
  ['numbers-015', 'false is no number'],
  ['numbers-022', '5.7 is no whole number'],
  ['numbers-030', '1e3 in quotes is a text'],
  ['numbers-031', 'nan is no amount'],
  ['numbers-032', 'inf is no amount'],
  ['numbers-034', 'true is no number'],
  ['numbers-058', '1_0 is a spelling of Python'],
])

describe('numbers, as Tron 3 took them', () => {
  it.each(numbers)('$id $validator $input', ({ id, validator, input, accepted }) => {
    const check = HOLDERS[validator]?.(JSON.stringify(input))
    expect(check && errorsOf(check).length === 0).toBe(accepted && !NUMBERS_NOW_REFUSED.has(id))
  })
})

const NAMES_NOW_REFUSED = new Map([
  ['identifiers-018', 'names are ASCII'],
  ['identifiers-019', 'a name does not end in a new line'],
  ['identifiers-022', 'names are ASCII'],
])

describe('names, as Tron 3 took them', () => {
  it.each(identifiers)('$id $input', ({ id, input, accepted }) => {
    const check = parseOne(
      `jobs: [{name: ${JSON.stringify(input)}, node: n1, schedule: daily, actions: {a: {command: ls}}}]`,
    )
    expect(errorsOf(check).length === 0).toBe(accepted && !NAMES_NOW_REFUSED.has(id))
  })
})

describe('commands that are no text, which Tron 3 refused', () => {
  it.each(['null', '5', '[ls]', '{a: 1}', '1.5'])('%s', (command) => {
    const check = parseOne(`jobs: {j: {node: n1, schedule: daily, actions: {a: {command: ${command}}}}}\n`)
    expect(errorsOf(check).map(({ path }) => path)).toEqual(['jobs.j.actions.a.command'])
  })
})
