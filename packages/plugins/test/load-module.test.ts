import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { messageOf } from '@tron/model'
import { checkOptions, listPlugins, loadModule, type PluginKind } from '@tron/plugins'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

let from: string

const schema = "{ '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } }"
const good = (kind: PluginKind, entry: string, version: unknown = 1) =>
  `export const ${kind} = { apiVersion: ${JSON.stringify(version)}, name: 'x', options: ${schema}, ${entry}: async () => ({}) }`

beforeAll(async () => {
  from = await mkdtemp(join(tmpdir(), 'tron-plugins-'))
  await write('package.json', { dependencies: { good: '^1.2.0', '@acme/scoped': '*', absent: '*' } })
  await write('node_modules/good/package.json', {
    name: 'good',
    version: '1.2.3',
    description: 'A good one.',
    type: 'module',
    exports: { '.': { types: './x.d.ts', import: './entry.js' }, './store': [{ node: './store.js' }] },
  })
  await write('node_modules/good/entry.js', good('executor', 'create'))
  await write('node_modules/good/store.js', good('store', 'open'))
  await write('node_modules/good/hidden.js', good('logs', 'open'))
  await write('node_modules/@acme/scoped/package.json', {
    version: '0.1.0',
    type: 'module',
    main: 'main.mjs',
  })
  await write('node_modules/@acme/scoped/main.mjs', good('logs', 'open'))
  await write('node_modules/@acme/scoped/dist/store.mjs', good('store', 'open'))
  await write('node_modules/bad/package.json', { type: 'module' })
  for (const [file, text] of Object.entries({
    'newer.js': good('executor', 'create', 2),
    'older.js': good('executor', 'create', 0),
    'unversioned.js': good('executor', 'create', null),
    'no-entry.js': good('executor', 'open'),
    'no-schema.js': good('executor', 'create').replace('~standard', 'standard'),
    'no-name.js': good('executor', 'create').replace("'x', options", '7, options'),
    'throws.js': "throw new Error('no licence')",
    'other-kind.js': good('store', 'open'),
    'empty.js': '',
  })) {
    await write(`node_modules/bad/${file}`, text)
  }
  await write('local.mjs', good('executor', 'create'))
})
afterAll(() => rm(from, { recursive: true }))

async function write(path: string, content: string | object): Promise<void> {
  const file = join(from, 'plugins', path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content))
}

const load = (module: string, kind: PluginKind = 'executor') =>
  loadModule({ kind, name: 'lab', module, from })

async function refusal(module: string, kind?: PluginKind): Promise<unknown> {
  return load(module, kind).then(
    () => 'loaded',
    (error: unknown) => error,
  )
}

describe('loadModule', () => {
  it.each<readonly [string, PluginKind]>([
    ['good', 'executor'],
    ['good/store', 'store'],
    ['@acme/scoped', 'logs'],
    ['@acme/scoped/dist/store.mjs', 'store'],
    ['./local.mjs', 'executor'],
  ])('gives what %s exports as %s', async (module, kind) => {
    expect(await load(module, kind)).toMatchObject({ apiVersion: 1, name: 'x' })
  })

  it('takes an absolute path', async () => {
    expect(await load(join(from, 'plugins/local.mjs'))).toMatchObject({ apiVersion: 1 })
  })

  it('refuses a newer version of the contract, naming both', async () => {
    expect(await refusal('bad/newer.js')).toMatchObject({
      code: 'PLUGIN',
      message:
        'the executor "lab" is the module "bad/newer.js", which speaks version 2 of the executor contract; this Tron speaks version 1',
      hint: 'Update Tron, or install a version of "bad/newer.js" for version 1 of the contract.',
      details: { kind: 'executor', name: 'lab', module: 'bad/newer.js' },
    })
  })

  it('refuses an older version of the contract, naming both', async () => {
    expect(await refusal('bad/older.js')).toMatchObject({
      code: 'PLUGIN',
      message:
        'the executor "lab" is the module "bad/older.js", which speaks version 0 of the executor contract; this Tron speaks version 1',
      hint: 'Install a version of "bad/older.js" for version 1 of the contract.',
    })
  })

  it('says how to install what is missing', async () => {
    expect(await refusal('absent')).toMatchObject({
      code: 'PLUGIN',
      message: `the executor "lab" is the module "absent", which is not installed in ${join(from, 'plugins')}`,
      hint: `Install it: npm install --prefix ${join(from, 'plugins')} absent`,
    })
  })

  it.each<readonly [string, PluginKind, RegExp]>([
    [
      'bad/unversioned.js',
      'executor',
      /speaks no version of the executor contract; this Tron speaks version 1$/,
    ],
    ['bad/no-entry.js', 'executor', /its export "executor" has no method create$/],
    ['bad/no-schema.js', 'executor', /its export "executor" has no options \(a Standard Schema\)$/],
    ['bad/no-name.js', 'executor', /its export "executor" has no name$/],
    ['bad/throws.js', 'executor', /importing it failed: no licence$/],
    ['bad/other-kind.js', 'executor', /it exports no object "executor", only store$/],
    ['bad/empty.js', 'logs', /^the log store "lab" .* it exports no object "logs", only nothing$/],
    ['bad/nowhere.js', 'executor', /its file .*nowhere\.js cannot be read: ENOENT/],
    ['good/hidden.js', 'logs', /the package good does not export that for import$/],
    ['good/../bad/newer.js', 'executor', /neither the name of a package nor a path$/],
    ['https://example.org/x.js', 'executor', /neither the name of a package nor a path$/],
    ['node:fs', 'executor', /neither the name of a package nor a path$/],
    ['../elsewhere.js', 'executor', /elsewhere\.js cannot be read: ENOENT/],
  ])('refuses %s as %s, saying why', async (module, kind, message) => {
    const error = await refusal(module, kind)
    expect(error).toMatchObject({ code: 'PLUGIN' })
    expect(messageOf(error)).toMatch(message)
  })
})

describe('checkOptions', () => {
  const module = (
    issues?: readonly { readonly message: string; readonly path?: readonly PropertyKey[] }[],
  ) => ({
    options: {
      '~standard': {
        version: 1 as const,
        vendor: 'x',
        validate: (value: unknown) =>
          issues === undefined ? { value: { given: value, extra: 1 } } : { issues },
      },
    },
  })

  it('gives what the schema made of them', async () => {
    expect(await checkOptions(module(), { a: 1 }, 'store.options')).toEqual({ given: { a: 1 }, extra: 1 })
  })

  it('names the path of each option that is wrong', async () => {
    const issues = [{ message: 'Required', path: ['hosts', 0, 'port'] }, { message: 'Unknown key "x"' }]
    await expect(checkOptions(module(issues), {}, 'executors.k8s.options')).rejects.toMatchObject({
      code: 'SETTINGS',
      message: 'executors.k8s.options.hosts.0.port: Required; executors.k8s.options: Unknown key "x"',
    })
  })
})

describe('listPlugins', () => {
  it('names what was installed, and what is missing', async () => {
    expect(await listPlugins(from)).toEqual([
      { package: '@acme/scoped', version: '0.1.0', description: '' },
      { package: 'absent', version: null, description: '' },
      { package: 'good', version: '1.2.3', description: 'A good one.' },
    ])
  })

  it('names nothing where nothing was installed', async () => {
    expect(await listPlugins(join(from, 'nowhere'))).toEqual([])
  })
})
