import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { filesBelow, importsOf, type Member, members, readJson, readText } from './workspace.ts'

/** Contracts: types, constants, errors and suites; no behaviour. */
const contracts = ['executor', 'store', 'logs', 'api']

/**
 * Which packages a package may import, beside `model`, which every package may. A new edge is a change of this table, to be argued for: never
 * sideways between adapters, never from core to an adapter, never to an app.
 */
const edges: Readonly<Record<string, readonly string[]>> = {
  model: [],
  ...Object.fromEntries(contracts.map((name) => [name, []])),
  schedule: [],
  template: ['schedule'],
  config: ['schedule', 'template'],
  'node-protocol': ['executor'],
  plugins: ['executor', 'store', 'logs'],
  core: ['executor', 'store', 'logs', 'schedule', 'template'],
  system: [],
  'executor-ssh': ['executor', 'node-protocol'],
  'executor-local': ['executor', 'node-protocol'],
  'store-sqlite': ['store'],
  'logs-files': ['logs'],
  http: ['api', 'logs', 'core'],
  'api-client': ['api'],
  testkit: ['executor', 'store', 'logs', 'api', 'api-client'],
  cli: ['api', 'api-client', 'config', 'schedule', 'system'],
  trond: [
    'executor',
    'store',
    'logs',
    'schedule',
    'config',
    'plugins',
    'core',
    'system',
    'executor-ssh',
    'executor-local',
    'store-sqlite',
    'logs-files',
    'http',
  ],
  sim: ['store', 'core', 'node-protocol', 'store-sqlite'],
  'example-embedded': [
    'executor',
    'store',
    'logs',
    'config',
    'core',
    'system',
    'executor-local',
    'store-sqlite',
    'logs-files',
  ],
}

/** What tests may use that the package itself may not: doubles, suites, real parts. Never an app. */
const forTests = new Set(['testkit', 'system', ...contracts])

/** What tests of single packages use beside that: real parts to run against. */
const testEdges: Readonly<Record<string, readonly string[]>> = {
  core: ['store-sqlite', 'executor-local', 'logs-files'],
  cli: ['http'],
}

/** The outside world, which these packages reach only through ports. */
const outside =
  /^node:(fs|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|timers|os|process|readline)\b/
const withoutInputOutput = ['model', ...contracts, 'schedule', 'template', 'core']

function scoped(names: Readonly<Record<string, string>>): readonly string[] {
  return Object.keys(names).flatMap((name) =>
    name.startsWith('@tron/') ? [name.slice('@tron/'.length)] : [],
  )
}

function packageOf(specifier: string): string | undefined {
  return /^@tron\/([^/]+)/.exec(specifier)?.[1]
}

function imported(member: Member, folder: string): ReadonlySet<string> {
  const found = filesBelow(join(member.dir, folder), '.ts').flatMap(importsOf).map(packageOf)
  return new Set(found.filter((name): name is string => name !== undefined && name !== member.name))
}

function allowed(member: Member): readonly string[] {
  const own = edges[member.name]
  if (own === undefined) throw new Error(`${member.name} is not in the table of edges`)
  return member.name === 'model' ? own : ['model', ...own]
}

function without(from: Iterable<string>, known: Iterable<string>): readonly string[] {
  const set = new Set(known)
  return [...from].filter((name) => !set.has(name))
}

const tsconfig = z.object({ references: z.array(z.object({ path: z.string() })).default([]) })

describe.each(members.map((member) => [member.name, member] as const))('%s', (_name, member) => {
  const declared = scoped(member.manifest.dependencies)

  it('depends only on what the table of edges allows', () => {
    expect(without(declared, allowed(member))).toEqual([])
  })

  it('imports in src only what it depends on', () => {
    expect(without(imported(member, 'src'), declared)).toEqual([])
  })

  it('imports in test only what it depends on or tests may use', () => {
    const known = [...declared, ...scoped(member.manifest.devDependencies)]
    expect(without(imported(member, 'test'), known)).toEqual([])
    expect(
      without(scoped(member.manifest.devDependencies), [...forTests, ...(testEdges[member.name] ?? [])]),
    ).toEqual([])
  })

  it('is compiled after what it depends on: tsconfig and package.json name the same packages', () => {
    const { references } = tsconfig.parse(readJson(join(member.dir, 'tsconfig.json')))
    const referenced = references.map(({ path }) => path.split('/').at(-1) ?? '')
    expect(without(referenced, declared)).toEqual([])
    expect(without(declared, referenced)).toEqual([])
  })
})

describe('the engine and what it is made of', () => {
  it.each(withoutInputOutput)('%s does no input or output of its own', (name) => {
    const sources = filesBelow(join('packages', name, 'src'), '.ts').filter(
      (path) => !path.includes('/testing/'),
    )
    const reaching = sources.filter((path) => importsOf(path).some((specifier) => outside.test(specifier)))
    expect(reaching).toEqual([])
  })

  it('http opens no socket', () => {
    const sockets = /^node:(net|tls|http|https|http2|dgram)\b/
    const opening = filesBelow('packages/http/src', '.ts').filter((path) =>
      importsOf(path).some((specifier) => sockets.test(specifier)),
    )
    expect(opening).toEqual([])
  })

  it('core names no adapter', () => {
    const adapters = /^@tron\/(executor-|store-|logs-|system)/
    const naming = filesBelow('packages/core/src', '.ts').filter((path) =>
      importsOf(path).some((specifier) => adapters.test(specifier)),
    )
    expect(naming).toEqual([])
  })

  it('decisions are synchronous', () => {
    const waiting = filesBelow('packages/core/src/decide', '.ts').filter((path) =>
      /\basync\b|\bawait\b|\bPromise\b/.test(withoutComments(path)),
    )
    expect(waiting).toEqual([])
  })

  it('no cycle of packages exists', () => {
    const order: string[] = []
    const open = new Set<string>()
    const visit = (name: string): void => {
      if (order.includes(name)) return
      if (open.has(name)) throw new Error(`a cycle through ${[...open, name].join(' -> ')}`)
      open.add(name)
      for (const next of scoped(members.find((each) => each.name === name)?.manifest.dependencies ?? {}))
        visit(next)
      open.delete(name)
      order.push(name)
    }
    for (const member of members) visit(member.name)
    expect(order).toHaveLength(members.length)
  })
})

function withoutComments(path: string): string {
  return readText(path).replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
}

describe('the workspace', () => {
  it.each(['tsconfig.json', 'tsconfig.test.json'])('%s refers to every package', (file) => {
    const { references } = tsconfig.parse(readJson(file))
    expect(
      without(
        members.map(({ dir }) => dir),
        references.map(({ path }) => path),
      ),
    ).toEqual([])
  })
})
