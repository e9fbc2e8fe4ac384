import { join } from 'node:path'
import type { TronOptions } from '@tron/core'
import type { ExecutorModule } from '@tron/executor'
import { executor as local } from '@tron/executor-local'
import { executor as ssh } from '@tron/executor-ssh'
import type { LogStoreModule } from '@tron/logs'
import { logs as files } from '@tron/logs-files'
import { TronError } from '@tron/model'
import { loadModule, type PluginKind } from '@tron/plugins'
import { store as sqlite } from '@tron/store-sqlite'
import type { Options } from './options.ts'
import type { PartOptions, Settings } from './settings.ts'

/** The replaceable parts, chosen and loaded, not yet opened. */
export interface Parts {
  readonly store: TronOptions['store']
  readonly executors: TronOptions['executors']
  readonly logs: { readonly module: LogStoreModule; readonly options: PartOptions }
}

type Where = Pick<Options, 'workingDir' | 'lockFile' | 'plugins'>

const SHIPPED_EXECUTORS: Readonly<Record<string, ExecutorModule>> = { ssh, local }

/** Chooses what the settings name: shipped parts, or modules of third parties. @throws PLUGIN, SETTINGS */
export async function chooseParts(settings: Settings, where: Where): Promise<Parts> {
  return {
    store: await chooseStore(settings.store, where),
    logs: await chooseLogs(settings.logs, where),
    executors: await chooseExecutors(settings, where),
  }
}

async function chooseStore({ name, options }: Settings['store'], where: Where): Promise<Parts['store']> {
  if (name !== 'sqlite') return { module: await loadModule(request('store', name, where)), options }
  const { workingDir, lockFile } = where
  const defaults = { directory: join(workingDir, 'state'), ...(lockFile === undefined ? {} : { lockFile }) }
  return { module: sqlite, options: { ...defaults, ...options } }
}

async function chooseLogs({ name, options }: Settings['logs'], where: Where): Promise<Parts['logs']> {
  if (name !== 'files') return { module: await loadModule(request('logs', name, where)), options }
  return { module: files, options: { directory: join(where.workingDir, 'output'), ...options } }
}

async function chooseExecutors(settings: Settings, where: Where): Promise<TronOptions['executors']> {
  const named = settings.executors
  const chosen = new Map<string, TronOptions['executors'][string]>()
  for (const name of executorNames(settings, where)) {
    const { module, options = {} } = named[name] ?? {}
    chosen.set(name, { module: await chooseExecutor(name, module, where), options })
  }
  return Object.fromEntries(chosen)
}

// A plugin of the command line that the store or the log store does not use is an executor.
function executorNames({ executors, store, logs }: Settings, { plugins }: Where): ReadonlySet<string> {
  const plugged = Object.keys(plugins).filter((name) => name !== store.name && name !== logs.name)
  return new Set([...Object.keys(SHIPPED_EXECUTORS), ...plugged, ...Object.keys(executors)])
}

async function chooseExecutor(
  name: string,
  named: string | undefined,
  { workingDir, plugins }: Where,
): Promise<ExecutorModule> {
  const module = plugins[name] ?? named
  if (module !== undefined) return loadModule({ kind: 'executor', name, module, from: workingDir })
  const shipped = SHIPPED_EXECUTORS[name]
  if (shipped !== undefined) return shipped
  throw new TronError('SETTINGS', `the executor "${name}" names no module and is not a shipped one`, {
    hint: `Name its module in trond.yaml, or with --plugin ${name}=MODULE. Shipped: ${Object.keys(SHIPPED_EXECUTORS).join(', ')}.`,
  })
}

// The command line goes before the settings; a name that has no module is one itself.
function request<K extends PluginKind>(kind: K, name: string, where: Where) {
  return { kind, name, module: where.plugins[name] ?? name, from: where.workingDir }
}
