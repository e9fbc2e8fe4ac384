import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** The root of the repository. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const dependencies = z.record(z.string(), z.string()).default({})
const manifest = z.object({
  name: z.string(),
  description: z.string().default(''),
  exports: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string())])).default({}),
  dependencies,
  devDependencies: dependencies,
  peerDependencies: dependencies,
})

/** One package of the workspace: `name` without the scope, `dir` from the root. */
export interface Member {
  readonly name: string
  readonly dir: string
  readonly manifest: z.output<typeof manifest>
}

/** Every member of the workspace, as pnpm-workspace.yaml lists them: packages, apps, and the one example that is inside. */
export const members: readonly Member[] = [
  ...['packages', 'apps'].flatMap((parent) =>
    readdirSync(join(root, parent))
      .map((name) => join(parent, name))
      .filter((dir) => exists(join(dir, 'package.json'))),
  ),
  'examples/embedded',
].map(toMember)

function toMember(dir: string): Member {
  const read = manifest.parse(readJson(join(dir, 'package.json')))
  return { name: read.name.replace('@tron/', ''), dir, manifest: read }
}

/** Text of a file, named from the root. */
export function readText(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** A JSON file, named from the root. */
export function readJson(path: string): unknown {
  return JSON.parse(readText(path))
}

/** Whether there is a file or folder of that name, from the root. */
export function exists(path: string): boolean {
  return statSync(join(root, path), { throwIfNoEntry: false }) !== undefined
}

const GENERATED = new Set(['node_modules', 'dist', 'coverage'])

/** Files below a folder whose names end so, from the root; nothing installed, built or hidden. */
export function filesBelow(dir: string, ending: string): readonly string[] {
  if (!exists(dir)) return []
  return readdirSync(join(root, dir), { withFileTypes: true }).flatMap((entry) => {
    if (GENERATED.has(entry.name) || entry.name.startsWith('.')) return []
    const path = join(dir, entry.name)
    if (entry.isDirectory()) return filesBelow(path, ending)
    return entry.name.endsWith(ending) ? [relative(root, join(root, path))] : []
  })
}

/** What a TypeScript file imports or re-exports, as written. */
export function importsOf(path: string): readonly string[] {
  return Array.from(
    readText(path).matchAll(/\b(?:from|import)\s*\(?\s*'([^'\n]+)'/g),
    (match) => match[1] ?? '',
  )
}

/** Every page that people read. */
export const pages: readonly string[] = [
  'README.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  ...['docs', 'packages', 'apps', 'examples'].flatMap((dir) => filesBelow(dir, '.md')),
]
