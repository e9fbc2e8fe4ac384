import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRecord } from './resolve-entry.ts'

/** A package that somebody installed for the daemon. */
export interface InstalledPlugin {
  readonly package: string
  /** Null when it was asked for and is not there. */
  readonly version: string | null
  readonly description: string
}

/** What was installed with `npm install --prefix <from>/plugins`, by name. Nothing of it is imported. */
export async function listPlugins(from: string): Promise<readonly InstalledPlugin[]> {
  const root = join(from, 'plugins')
  const { dependencies } = await readJson(join(root, 'package.json'))
  const names = isRecord(dependencies) ? Object.keys(dependencies).toSorted() : []
  return Promise.all(names.map((name) => describe(root, name)))
}

async function describe(root: string, name: string): Promise<InstalledPlugin> {
  const { version, description } = await readJson(join(root, 'node_modules', name, 'package.json'))
  return {
    package: name,
    version: typeof version === 'string' ? version : null,
    description: typeof description === 'string' ? description : '',
  }
}

/** An object of a file; empty when there is none to read. */
async function readJson(file: string): Promise<Readonly<Record<string, unknown>>> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}
