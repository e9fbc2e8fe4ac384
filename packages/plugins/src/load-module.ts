import { pathToFileURL } from 'node:url'
import { messageOf } from '@tron/model'
import { findModule, type ModuleRequest, pluginError } from './find-module.ts'
import { PLUGIN_KINDS, type PluginKind, type PluginModules } from './plugin-kinds.ts'
import { isRecord } from './resolve-entry.ts'
import { moduleOf } from './unsafe-module-of.ts'

/**
 * Imports the module that the daemon's settings name and gives the object it exports as `executor`, `store` or `logs`. Its code runs in this process
 * from then on. @throws PLUGIN when it cannot be found or imported, is no such object, or speaks another version of the contract
 */
export async function loadModule<K extends PluginKind>(
  request: ModuleRequest & { readonly kind: K },
): Promise<PluginModules[K]> {
  const file = await findModule(request)
  const exported = await importModule(file, request)
  const candidate = exported[request.kind]
  if (!isRecord(candidate)) {
    const found = Object.keys(exported).toSorted().join(', ') || 'nothing'
    throw pluginError(request, `but it exports no object "${request.kind}", only ${found}`)
  }
  checkVersion(candidate, request)
  const missing = whatIsMissing(candidate, request.kind)
  if (missing !== null) throw pluginError(request, `but its export "${request.kind}" has no ${missing}`)
  return moduleOf(request.kind, candidate)
}

async function importModule(
  file: string,
  request: ModuleRequest,
): Promise<Readonly<Record<string, unknown>>> {
  try {
    const exported: unknown = await import(/* @vite-ignore */ pathToFileURL(file).href)
    return isRecord(exported) ? exported : {}
  } catch (cause) {
    throw pluginError(request, `but importing it failed: ${messageOf(cause)}`, { cause })
  }
}

function checkVersion({ apiVersion }: Readonly<Record<string, unknown>>, request: ModuleRequest): void {
  const ours = PLUGIN_KINDS[request.kind].apiVersion
  if (apiVersion === ours) return
  const theirs = typeof apiVersion === 'number' ? `version ${apiVersion}` : 'no version'
  const isNewer = typeof apiVersion === 'number' && apiVersion > ours
  throw pluginError(
    request,
    `which speaks ${theirs} of the ${request.kind} contract; this Tron speaks version ${ours}`,
    {
      hint: isNewer
        ? `Update Tron, or install a version of "${request.module}" for version ${ours} of the contract.`
        : `Install a version of "${request.module}" for version ${ours} of the contract.`,
    },
  )
}

function whatIsMissing(candidate: Readonly<Record<string, unknown>>, kind: PluginKind): string | null {
  const { entry } = PLUGIN_KINDS[kind]
  if (typeof candidate['name'] !== 'string') return 'name'
  if (!isSchema(candidate['options'])) return 'options (a Standard Schema)'
  return typeof candidate[entry] === 'function' ? null : `method ${entry}`
}

/** Schemas of some libraries are functions. */
function isSchema(options: unknown): boolean {
  if (options === null || (typeof options !== 'object' && typeof options !== 'function')) return false
  const standard = '~standard' in options ? options['~standard'] : null
  return isRecord(standard) && typeof standard['validate'] === 'function'
}
