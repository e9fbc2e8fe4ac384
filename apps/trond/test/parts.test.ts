import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isTronError } from '@tron/model'
import { temporaryFolder } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { chooseParts } from '../src/parts.ts'
import { parseSettings } from '../src/settings.ts'

const where = { workingDir: '/srv/tron', plugins: {} }

function settings(text: string) {
  return parseSettings(text, 'trond.yaml')
}

/** A plugin as small as one can be: its `name` tells which file it came from. */
function pluginText(kind: 'executor' | 'store' | 'logs', name: string): string {
  const entry = kind === 'executor' ? 'create' : 'open'
  return `export const ${kind} = {
    apiVersion: 1, name: '${name}',
    options: { '~standard': { version: 1, vendor: 'test', validate: (value) => ({ value }) } },
    ${entry}: async () => { throw new Error('never made') },
  }`
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  const thrown: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!isTronError(thrown)) throw new Error('expected a refusal', { cause: thrown })
  return { code: thrown.code, message: thrown.message, hint: thrown.hint }
}

describe('chooseParts', () => {
  it('takes the shipped parts, below the working directory, when nothing is said', async () => {
    const { store, logs, executors } = await chooseParts(settings(''), where)
    expect([store.module.name, store.options]).toEqual(['sqlite', { directory: '/srv/tron/state' }])
    expect([logs.module.name, logs.options]).toEqual(['files', { directory: '/srv/tron/output' }])
    expect(
      Object.entries(executors).map(([name, { module, options }]) => [name, module.name, options]),
    ).toEqual([
      ['ssh', 'ssh', {}],
      ['local', 'local', {}],
    ])
  })

  it('lets the settings say otherwise, option by option', async () => {
    const said = settings(
      'logs: { name: files, options: { directory: . } }\nstore: { name: sqlite, options: { busyMs: 1 } }',
    )
    const { store, logs } = await chooseParts(said, { ...where, lockFile: '/run/tron.lock' })
    expect(logs.options).toEqual({ directory: '.' })
    expect(store.options).toEqual({ directory: '/srv/tron/state', lockFile: '/run/tron.lock', busyMs: 1 })
  })

  it('loads an executor that the settings or the command line name, the command line first', async () => {
    await using folder = await temporaryFolder()
    const workingDir = folder.path
    await mkdir(join(workingDir, 'plugins'))
    for (const name of ['one', 'two', 'three']) {
      await writeFile(join(workingDir, `plugins/${name}.mjs`), pluginText('executor', name))
    }
    const said = settings(
      'executors: { a: { module: ./one.mjs, options: { x: 1 } }, b: { module: ./one.mjs } }',
    )
    const plugins = { b: './two.mjs', c: './three.mjs' }
    const { executors } = await chooseParts(said, { workingDir, plugins })
    expect(
      Object.entries(executors).map(([name, { module, options }]) => [name, module.name, options]),
    ).toEqual([
      ['ssh', 'ssh', {}],
      ['local', 'local', {}],
      ['b', 'two', {}],
      ['c', 'three', {}],
      ['a', 'one', { x: 1 }],
    ])
  })

  it('loads a store and a log store by name, and then they are no executors', async () => {
    await using folder = await temporaryFolder()
    const workingDir = folder.path
    await mkdir(join(workingDir, 'plugins'))
    await writeFile(join(workingDir, 'plugins/pg.mjs'), pluginText('store', 'postgres'))
    await writeFile(join(workingDir, 'plugins/s3.mjs'), pluginText('logs', 's3'))
    const said = settings('store: { name: pg, options: { url: x } }\nlogs: { name: s3 }')
    const parts = await chooseParts(said, { workingDir, plugins: { pg: './pg.mjs', s3: './s3.mjs' } })
    expect([parts.store.module.name, parts.store.options]).toEqual(['postgres', { url: 'x' }])
    expect([parts.logs.module.name, parts.logs.options]).toEqual(['s3', {}])
    expect(Object.keys(parts.executors)).toEqual(['ssh', 'local'])
  })

  it('says how to name the module of an executor that has none', async () => {
    expect(await refusal(chooseParts(settings('executors: { k8s: }'), where))).toEqual({
      code: 'SETTINGS',
      message: 'the executor "k8s" names no module and is not a shipped one',
      hint: 'Name its module in trond.yaml, or with --plugin k8s=MODULE. Shipped: ssh, local.',
    })
  })

  it('says how to install a plugin that is not there', async () => {
    const refused = await refusal(chooseParts(settings('store: { name: tron-postgres }'), where))
    expect(JSON.stringify(refused)).toMatch(
      /"PLUGIN".*npm install --prefix \/srv\/tron\/plugins tron-postgres/,
    )
  })
})
