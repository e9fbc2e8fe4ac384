import { readFile, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { messageOf, TronError } from '@tron/model'
import type { PluginKind } from './plugin-kinds.ts'
import { isRecord, resolveEntry } from './resolve-entry.ts'

/** A module as the daemon's settings name it. */
export interface ModuleRequest {
  readonly kind: PluginKind
  /** The name in the settings. */
  readonly name: string
  /** A package that is installed in `<from>/plugins`, a file below one (`package/file.js`), or a path that begins with `./` (from there) or `/`. */
  readonly module: string
  /** The daemon's working directory. */
  readonly from: string
}

/** The file that a request means; it exists. @throws PLUGIN, saying how to install what is missing */
export async function findModule(request: ModuleRequest): Promise<string> {
  const root = join(request.from, 'plugins')
  if (/^\.{0,2}\//.test(request.module)) return existing(resolve(root, request.module), request)
  const parsed = /^((?:@[\w.~-]+\/)?[\w~-][\w.~-]*)(\/.+)?$/.exec(request.module)
  const [, packageName, below] = parsed ?? []
  if (packageName === undefined || below?.includes('/..') === true) {
    throw pluginError(request, 'which is neither the name of a package nor a path', {
      hint: 'Name a package, a file below one, or a path that begins with ./ or /.',
    })
  }
  const folder = join(root, 'node_modules', packageName)
  const manifest = await readManifest(folder, packageName, request)
  const entry = resolveEntry(manifest, below === undefined ? '.' : `.${below}`)
  if (entry !== null) return existing(join(folder, entry), request)
  throw pluginError(request, `but the package ${packageName} does not export that for import`)
}

async function readManifest(
  folder: string,
  packageName: string,
  request: ModuleRequest,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
    return isRecord(manifest) ? manifest : {}
  } catch (cause) {
    const root = join(request.from, 'plugins')
    throw pluginError(request, `which is not installed in ${root}`, {
      hint: `Install it: npm install --prefix ${root} ${packageName}`,
      cause,
    })
  }
}

async function existing(file: string, request: ModuleRequest): Promise<string> {
  try {
    await stat(file)
    return file
  } catch (cause) {
    throw pluginError(request, `but its file ${file} cannot be read: ${messageOf(cause)}`, { cause })
  }
}

/** An error about a plugin: it always says which setting names which module. */
export function pluginError(
  { kind, name, module }: ModuleRequest,
  what: string,
  options: { readonly hint?: string; readonly cause?: unknown } = {},
): TronError {
  const subject = kind === 'logs' ? 'log store' : kind
  const message = `the ${subject} "${name}" is the module "${module}", ${what}`
  return new TronError('PLUGIN', message, { ...options, details: { kind, name, module } })
}
