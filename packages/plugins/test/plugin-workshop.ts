import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Finished, runChild } from '@tron/testkit'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')

/** What a third party wrote, and the packages that it was written against. */
export interface Plugin {
  /** Its folder among the examples. */
  readonly example: string
  /** The name of its package. */
  readonly name: string
  /** The contract that it implements, beside `model`. */
  readonly contract: 'executor' | 'store'
}

/** A working directory of a daemon in which a plugin was installed as an operator would do it. */
export interface PluginWorkshop extends AsyncDisposable {
  readonly from: string
  /** Runs a program of ES module text beside the plugins, by a plain Node; answers what it prints. */
  node(text: string): Promise<string>
  /** Runs a program of the plugin's package, by a plain Node, and gives what it prints and its status. */
  run(program: string, args?: readonly string[]): Promise<Finished>
  /** Checks the types of the plugin's source against the packages that are installed beside it; answers the errors. */
  types(): Promise<string>
}

/** Builds the daemon: from source, it would take the source of the packages that are installed beside a plugin, which Node does not strip there. */
export async function buildDaemon(): Promise<void> {
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'apps/trond'], { cwd: ROOT })
}

/** Packs the contract packages, and installs them and the plugin by npm. */
export async function createPluginWorkshop({
  example,
  name: plugin,
  contract,
}: Plugin): Promise<PluginWorkshop> {
  const from = await mkdtemp(join(tmpdir(), 'tron-plugin-'))
  const plugins = join(from, 'plugins')
  const tarballs = join(from, 'tarballs')
  await mkdir(plugins)
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-b', `packages/${contract}`], { cwd: ROOT })
  for (const name of ['model', contract]) {
    await run('pnpm', ['pack', '--pack-destination', tarballs], { cwd: join(ROOT, 'packages', name) })
  }
  const packed = (await readdir(tarballs)).map((file) => join(tarballs, file))
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--install-links']
  await run('npm', ['install', ...quiet, '--prefix', plugins, ...packed, join(ROOT, 'examples', example)], {
    cwd: from,
  })
  return {
    from,
    async node(text) {
      const file = join(plugins, 'program.mjs')
      await writeFile(file, text)
      const { stdout } = await run(process.execPath, [file], { cwd: plugins, env: {} })
      return stdout
    },
    run: (program, args = []) =>
      runChild([process.execPath, join(plugins, 'node_modules', plugin, program), ...args]),
    types: () => checkTypes(plugins, plugin),
    [Symbol.asyncDispose]: () => rm(from, { recursive: true, force: true }),
  }
}

async function checkTypes(plugins: string, plugin: string): Promise<string> {
  const copy = join(plugins, 'copy')
  await cp(join(plugins, 'node_modules', plugin), copy, { recursive: true })
  const config = {
    compilerOptions: {
      noEmit: true,
      allowJs: true,
      checkJs: true,
      strict: true,
      module: 'nodenext',
      target: 'es2024',
      types: ['node'],
      typeRoots: [join(ROOT, 'node_modules/@types')],
    },
    include: ['copy'],
  }
  await writeFile(join(plugins, 'tsconfig.json'), JSON.stringify(config))
  const tsc = run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', plugins])
  return tsc.then(
    () => '',
    (error: unknown) => String(error instanceof Error && 'stdout' in error ? error.stdout : error),
  )
}
