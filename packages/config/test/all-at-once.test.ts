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
