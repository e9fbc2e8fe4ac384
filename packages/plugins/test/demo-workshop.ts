import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ROOT = resolve(import.meta.dirname, '../../..')
const DEMO = join(ROOT, 'examples/executor-demo')
const CONTRACTS = ['model', 'executor']

/** A working directory of a daemon in which the demo was installed as an operator would do it. */
export interface DemoWorkshop extends AsyncDisposable {
  readonly from: string
  /** Runs a program of ES module text beside the plugins, by a plain Node; answers what it prints. */
  node(text: string): Promise<string>
  /** Checks the types of the demo's source against the packages that are installed beside it; answers the errors. */
  types(): Promise<string>
}

/** Packs the contract packages, and installs them and the demo by npm. */
export async function createDemoWorkshop(): Promise<DemoWorkshop> {
  const from = await mkdtemp(join(tmpdir(), 'tron-demo-plugin-'))
  const plugins = join(from, 'plugins')
  const tarballs = join(from, 'tarballs')
  await mkdir(plugins)
  await run(join(ROOT, 'node_modules/.bin/tsc'), ['-b', 'packages/executor'], { cwd: ROOT })
  for (const name of CONTRACTS) {
    await run('pnpm', ['pack', '--pack-destination', tarballs], { cwd: join(ROOT, 'packages', name) })
  }
  const packed = (await readdir(tarballs)).map((file) => join(tarballs, file))
  const quiet = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts', '--install-links']
  await run('npm', ['install', ...quiet, '--prefix', plugins, ...packed, DEMO], { cwd: from })
  return {
    from,
    async node(text) {
      const file = join(plugins, 'program.mjs')
      await writeFile(file, text)
      const { stdout } = await run(process.execPath, [file], { cwd: plugins, env: {} })
      return stdout
    },
    types: () => checkTypes(plugins),
    [Symbol.asyncDispose]: () => rm(from, { recursive: true, force: true }),
  }
}

async function checkTypes(plugins: string): Promise<string> {
  await cp(join(plugins, 'node_modules/tron-executor-demo/src'), join(plugins, 'demo'), { recursive: true })
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
    include: ['demo'],
  }
  await writeFile(join(plugins, 'demo/package.json'), JSON.stringify({ type: 'module' }))
  await writeFile(join(plugins, 'tsconfig.json'), JSON.stringify(config))
  const tsc = run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', plugins])
  return tsc.then(
    () => '',
    (error: unknown) => String(error instanceof Error && 'stdout' in error ? error.stdout : error),
  )
}
