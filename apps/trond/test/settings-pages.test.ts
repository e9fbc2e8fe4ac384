import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { checkOptions } from '@tron/plugins'
import { temporaryFolder } from '@tron/testkit'
import { describe, expect, it } from 'vitest'
import { chooseParts } from '../src/parts.ts'
import { parseSettings } from '../src/settings.ts'

const ROOT = new URL('../../../', import.meta.url)

const PAGES = ['docs/operations.md', 'examples/executor-demo/README.md', 'examples/store-memory/README.md']

async function settingsOf(page: string): Promise<readonly string[]> {
  const text = await readFile(new URL(page, ROOT), 'utf8')
  return Array.from(text.matchAll(/^```yaml settings\n(.*?)^```$/gms), ([, settings = '']) => settings)
}

/** Modules that settings on pages name, each with the schema of its options. */
const MODULES: readonly (readonly [name: string, kind: 'executor' | 'store', options: string])[] = [
  [
    'tron-executor-demo',
    'executor',
    `export * from '${new URL('examples/executor-demo/src/options.js', ROOT).href}'`,
  ],
  [
    'tron-store-memory',
    'store',
    `export * from '${new URL('examples/store-memory/src/options.js', ROOT).href}'`,
  ],
  [
    '@acme/tron-lab',
    'executor',
    `export const options = { '~standard': { version: 1, vendor: 'acme', validate: (value) => ({ value }) } }`,
  ],
]

/** Installs the modules without what they do. */
async function installModules(workingDir: string): Promise<void> {
  for (const [name, kind, options] of MODULES) {
    const folder = join(workingDir, 'plugins/node_modules', name)
    const entry = kind === 'executor' ? 'create' : 'open'
    await mkdir(folder, { recursive: true })
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({ name, type: 'module', exports: './main.js' }),
    )
    await writeFile(join(folder, 'options.js'), options)
    await writeFile(
      join(folder, 'main.js'),
      `import { options } from './options.js'
export const ${kind} = { apiVersion: 1, name: '${name}', options, ${entry}: async () => { throw new Error('never made') } }`,
    )
  }
}

/** Chooses the parts that settings name and checks the options of each with its own schema. */
async function tryOut(text: string, page: string): Promise<void> {
  await using folder = await temporaryFolder()
  await installModules(folder.path)
  const settings = parseSettings(text, page)
  const parts = await chooseParts(settings, { workingDir: folder.path, plugins: {} })
  await checkOptions(parts.store.module, parts.store.options, 'store.options')
  await checkOptions(parts.logs.module, parts.logs.options, 'logs.options')
  for (const [name, { module, options }] of Object.entries(parts.executors))
    await checkOptions(module, options, `executors.${name}.options`)
}

describe.each(PAGES)('the settings that %s shows', (page) => {
  it('are accepted, and so are the options of the parts', async () => {
    const examples = await settingsOf(page)
    expect(examples.length).toBeGreaterThan(0)
    for (const text of examples) await tryOut(text, page)
  })
})

describe('settings on a page', () => {
  it.each([
    ['store: { nam: sqlite }', 'unknown key; accepted: name, options [store.nam]'],
    ['logs: { name: files, options: { folder: /x } }', 'logs.options'],
    ['executors: { demo: { module: tron-executor-demo, options: { shel: [] } } }', 'no such option'],
    ['store: { name: tron-store-memory, options: { maxRows: 0 } }', 'expected a whole number above 0'],
    ['executors: { demo: { module: tron-executor-dem } }', 'tron-executor-dem'],
  ])('would be refused for a slip: %s', async (text, why) => {
    await expect(tryOut(text, 'page.md')).rejects.toThrow(why)
  })
})
