import { describe, expect, it } from 'vitest'
import { errorsOf, parseOne } from './parse-one.ts'

/** The errors of a document: where each stands, and the words before those on what to write. */
function said(text: string, namespace = 'svc'): readonly string[] {
  return errorsOf(parseOne(text, { namespace })).map(
    ({ path, message }) => `${path}: ${message.split(/[;,]/)[0]}`,
  )
}

const JOB = 'node: nope, run_limit: 0, bar: 1, actions: {x: {command: "{zz}"}}, schedule: daily'

/** What is wrong with that job. */
function faultsAt(path: string): readonly string[] {
  return [
    `${path}.node: unknown node or pool "nope"`,
    `${path}.run_limit: found 0`,
    `${path}.bar: unknown key "bar"`,
    `${path}.actions.x.command: unknown variable "zz"`,
  ]
}

describe('what is wrong in an object is told', () => {
  it.each([
    ['that has a wrong name', `{a.b: {${JOB}}}`, ['jobs.a.b', ': "a.b" cannot name a job']],
    ['that has no name', `[{${JOB}}]`, ['jobs[0]', ': a job in a list needs the key "name"']],
    ['whose name is no text', `{a: {name: 5, ${JOB}}}`, ['jobs.a', '.name: 5 cannot name a job']],
    ['that has no name above it', `{${JOB}}`, ['jobs', ': found the keys of a job']],
  ] as const)('%s', (_what, jobs, [path, aboutName]) => {
    expect(said(`jobs: ${jobs}\n`)).toEqual([`${path}${aboutName}`, ...faultsAt(path)])
  })

  it('whose name stands above already', () => {
    const first = '{name: a, node: n1, schedule: daily, actions: {x: {command: ls}}}'
    expect(said(`jobs: [${first}, {name: a, ${JOB}}]\n`)).toEqual([
      'jobs.a: a job named "a" stands in line 1 already',
      ...faultsAt('jobs.a'),
    ])
  })

  it.each([
    ['[{command: "{zz}", retries: -1}]', ['[0]', ': an action in a list needs the key "name"']],
    ['{cleanup: {command: "{zz}", retries: -1}}', ['.cleanup', ': "cleanup" cannot name an action']],
  ] as const)('of the actions %s', (actions, [at, aboutName]) => {
    const path = `jobs.j.actions${at}`
    expect(said(`jobs: {j: {node: n1, schedule: daily, actions: ${actions}}}\n`)).toEqual([
      `${path}${aboutName}`,
      `${path}.command: unknown variable "zz"`,
      `${path}.retries: found -1`,
    ])
  })

  it('of one schedule that several jobs share, at each of them', () => {
    const job = 'node: n1, schedule: cron 61 * * * *, actions: {x: {command: ls}}'
    const places = errorsOf(parseOne(`jobs:\n  a: {${job}}\n  b: {${job}}\n`)).map(
      ({ line, column, path }) => `${line}:${column} ${path}`,
    )
    expect(places).toEqual(['2:32 jobs.a.schedule', '3:32 jobs.b.schedule'])
  })

  it('of nodes and pools', () => {
    const text = `
nodes: {a b: {hostname: "x y", bar: 1}, n1: {hostname: h}}
node_pools: [{name: 5, nodes: [n9], bar: 1}]
`
    expect(said(text, 'MASTER')).toEqual([
      'nodes.a b: "a b" cannot name a node',
      'nodes.a b.hostname: found "x y"',
      'nodes.a b.bar: unknown key "bar"',
      'node_pools[0].name: 5 cannot name a pool',
      'node_pools[0].nodes[0]: the pool "_" names "n9"',
      'node_pools[0].bar: unknown key "bar"',
    ])
  })
})

it('what the keys of a secret volume ask of each other is told beside what is wrong in one of them', () => {
  const volume = 'secret_volume_name: v, secret_name: s, container_path: /c'
  const items = '[{key: t, path: p, mode: 9}, {key: s, path: q}]'
  const action = `{command: ls, secret_volumes: [{${volume}, items: ${items}}, {${volume}, items: [5], x: 1}]}`
  const volumes = 'jobs.j.actions.a.secret_volumes'
  expect(said(`jobs: {j: {node: n1, schedule: daily, actions: {a: ${action}}}}\n`)).toEqual([
    `${volumes}[0].items: found a list`,
    `${volumes}[0].items[0].key: found "t"`,
    `${volumes}[0].items[0].mode: found "9"`,
    `${volumes}[1].items[0]: found 5`,
    `${volumes}[1].x: unknown key "x"`,
  ])
})

describe('what is told is not told again by what follows from it', () => {
  it.each([
    ['nodes: [{hostname: me@h}]', 'nodes[0].hostname: found "me@h"'],
    [
      'nodes: [{port: 22}]',
      'nodes[0].hostname: the key "hostname" is missing: a hostname or address without blanks',
    ],
    ['nodes: ["h:22"]', 'nodes[0]: "h:22" cannot name a node'],
    ['node_pools: [{nodes: []}]', 'node_pools[0].nodes: found a list'],
  ])('%s', (text, ...messages) => {
    const jobs = 'jobs: {j: {node: h, schedule: daily, actions: {x: {command: ls}}}}'
    expect(said(`${text}\n${jobs}\n`, 'MASTER')).toEqual(messages)
  })
})

describe('a value that cannot be read hides nothing that is wrong elsewhere', () => {
  const OTHER = `k: {${JOB}}`
  it.each([
    [
      'a: !Job {node: n9, schedule: daily, actions: {x: {command: ls}}}',
      [': the tag !Job means nothing here', 'jobs.a.node: unknown node or pool "n9"'],
    ],
    [
      'a: {node: *n, schedule: daily, actions: {x: {command: ls}}}',
      ['jobs.a.node: the alias *n names nothing above'],
    ],
    ['a: *job', ['jobs.a: the alias *job names nothing above']],
    [
      'a: &a {node: n1, schedule: daily, monitoring: {x: *a}, actions: {x: {command: ls}}}',
      ['jobs.a.monitoring.x: the alias *a stands inside what it names'],
    ],
    ['a: {<<: 5, actions: {x: {command: ls}}}', ['jobs.a: << takes a mapping']],
    [
      'a: {<<: *base, run_limit: 0}',
      ['jobs.a: the alias *base names nothing above', 'jobs.a.run_limit: found 0'],
    ],
    [
      'a: {<<: [*base], run_limit: 0}',
      ['jobs.a[0]: the alias *base names nothing above', 'jobs.a.run_limit: found 0'],
    ],
    ['? [a]\n  : {}', ['jobs: a key is a text']],
    ['a: {node: n1, schedule: daily, actions: {? [a] : {}}}', ['jobs.a.actions: a key is a text']],
    [
      'a: {node: n1, schedule: *s, actions: {x: {command: ls}}}',
      ['jobs.a.schedule: the alias *s names nothing above'],
    ],
    [
      'a: {node: n1, schedule: {type: *s, value: "04:00"}, actions: {x: {command: ls}}}',
      ['jobs.a.schedule.type: the alias *s names nothing above'],
    ],
    [
      'a: {node: n1, schedule: daily, run_limit: !!float 5, actions: {x: {command: !ls -l}}}',
      [': the tag !!float does not fit what it stands before', ': the tag !ls means nothing here'],
    ],
    [
      'a: {node: n1, schedule: daily, actions: {x: *x, y: {command: ls, requires: [x, *z]}}}',
      [
        'jobs.a.actions.x: the alias *x names nothing above',
        'jobs.a.actions.y.requires[1]: the alias *z names nothing above',
      ],
    ],
    [
      'a: {node: n1, schedule: daily, actions: [*x, {name: y, command: ls, requires: [x]}]}',
      ['jobs.a.actions[0]: the alias *x names nothing above'],
    ],
    [
      'a: {node: n1, schedule: daily, actions: [{name: *x, command: ls}]}',
      ['jobs.a.actions[0].name: the alias *x names nothing above'],
    ],
    [
      'a: {node: n1, schedule: daily, actions: *x, cleanup_action: {name: *c, command: ls}}',
      [
        'jobs.a.actions: the alias *x names nothing above',
        'jobs.a.cleanup_action.name: the alias *c names nothing above',
      ],
    ],
    [
      'a: {node: n1, schedule: daily, actions: {x: {command: ls, executor: kubernetes, cpus: 1, mem: 1, docker_image: *i}}}',
      ['jobs.a.actions.x.docker_image: the alias *i names nothing above'],
    ],
    [
      'a: {node: n1, schedule: daily, run_limit: !!binary Zm8=, actions: {x: {command: ls}}}',
      ['jobs.a.run_limit: the tag tag:yaml.org'],
    ],
  ] as const)('%s', (jobs, messages) => {
    expect(said(`jobs:\n  ${jobs}\n  ${OTHER}\n`)).toEqual([...messages, ...faultsAt('jobs.k')])
  })

  it.each([
    ['nodes: *n', 'nodes: the alias *n names nothing above'],
    ['nodes: [n1, *n]', 'nodes[1]: the alias *n names nothing above'],
    ['nodes: {<<: *n, n1: {hostname: h}}', 'nodes: the alias *n names nothing above'],
    ['<<: *base', ': the alias *base names nothing above'],
  ])('and no node is called unknown that it may name: %s', (text, message) => {
    const job = '{node: n9, run_limit: 0, schedule: daily, actions: {x: {command: ls}}}'
    expect(said(`${text}\njobs: {j: ${job}}\n`, 'MASTER')).toEqual([message, 'jobs.j.run_limit: found 0'])
  })

  it.each([
    ['command_context: *c', 'command_context: the alias *c names nothing above'],
    ['command_context: {<<: *c}', 'command_context: the alias *c names nothing above'],
    ['command_context: {zz: *c}', 'command_context.zz: the alias *c names nothing above'],
    ['<<: *base', ': the alias *base names nothing above'],
  ])('and no variable is called unknown that it may hold: %s', (text, message) => {
    const job = '{node: n1, run_limit: 0, schedule: daily, actions: {x: {command: "ls {zz:d}"}}}'
    expect(said(`nodes: [n1]\n${text}\njobs: {j: ${job}}\n`, 'MASTER').toSorted()).toEqual([
      message,
      'jobs.j.run_limit: found 0',
    ])
  })
})
