import { EXECUTOR_API, type ExecutorModule } from '@tron/executor'
import { LOGS_API, type LogStoreModule } from '@tron/logs'
import { STORE_API, type StoreModule } from '@tron/store'

/** What a plugin can be: the name of the object that it exports, and that object's contract. */
export interface PluginModules {
  readonly executor: ExecutorModule
  readonly store: StoreModule
  readonly logs: LogStoreModule
}

export type PluginKind = keyof PluginModules

/** For each kind: the version of the contract that this build speaks, and the method that brings a plugin to life. */
export const PLUGIN_KINDS: Readonly<
  Record<PluginKind, { readonly apiVersion: number; readonly entry: 'create' | 'open' }>
> = {
  executor: { apiVersion: EXECUTOR_API, entry: 'create' },
  store: { apiVersion: STORE_API, entry: 'open' },
  logs: { apiVersion: LOGS_API, entry: 'open' },
}
