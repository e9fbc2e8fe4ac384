import type { PluginKind, PluginModules } from './plugin-kinds.ts'

/** Believes that an object whose version, name, options and entry were checked keeps to the rest of its contract: no check at run time could tell. */
export function moduleOf<K extends PluginKind>(_kind: K, checked: unknown): PluginModules[K] {
  return checked as PluginModules[K]
}
