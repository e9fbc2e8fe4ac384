import dns from 'node:dns/promises'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { type ConfigFiles, createConfigFiles, formatProblems } from '@tron/config'
import { createTron, type Tron } from '@tron/core'
import { createHttpApp } from '@tron/http'
import type { LogStore } from '@tron/logs'
import { type Logger, messageOf } from '@tron/model'
import { checkOptions } from '@tron/plugins'
import { checkZone } from '@tron/schedule'
import { createSecretResolver, systemClock, systemRandom } from '@tron/system'
import { systemZone } from '@tron/system/zone'
import { assertNotHeld } from './held-store.ts'
import { assertFree, listen } from './listen.ts'
import type { Options } from './options.ts'
import { fullName, ownNames } from './own-names.ts'
import { chooseParts, type Parts } from './parts.ts'
import { readSettings } from './settings.ts'
import { strictConfig } from './strict-config.ts'
import { noteInstallation, readInstallation } from './working-directory.ts'

/** A daemon that works and answers. Disposing it stops listening, then the engine; runs go on on their nodes. */
export interface Daemon extends AsyncDisposable {
  readonly url: string
  readonly tron: Tron
  /** Reads the configuration files again; what is wrong with them is logged, and goes on as it ran. Never rejects. */
  reread(): Promise<void>
}

export interface DaemonDeps {
  readonly log: Logger
  readonly version: string
  /** When the process began, milliseconds since the epoch. */
  readonly bootMs: number
}

/** Puts the parts together and starts them, in an order in which nothing is touched before all that can be wrong was looked at. */
export async function startDaemon(options: Options, deps: DaemonDeps): Promise<Daemon> {
  const { log, version, bootMs } = deps
  const { workingDir } = options
  const settings = await readSettings(join(workingDir, 'trond.yaml'))
  const parts = await chooseParts(settings, options)
  const owner = { host: hostname(), pid: process.pid }
  if (options.port !== 0) await assertAlone(options, parts, { owner, log })
  const config = openConfig(options, Object.keys(parts.executors), log)
  await using opened = new AsyncDisposableStack()
  const logs = opened.use(await openLogs(parts, log))
  const tron = opened.use(
    await createTron({
      store: parts.store,
      executors: parts.executors,
      logs,
      config: strictConfig(config),
      clock: systemClock,
      random: systemRandom,
      log,
      secrets: createSecretResolver(),
      owner,
      takeOver: options.takeOver,
      ...noted(await readInstallation(workingDir)),
    }),
  )
  await noteInstallation(workingDir, tron.status().installation)
  // A text takes more bytes as JSON, and most of what it takes more are line ends and quotes.
  const maxBodyBytes = 2 * options.maxConfigBytes
  const shown = { zone: checkZone(systemZone()) ?? 'UTC', maxBodyBytes }
  const around = { version, bootMs, clock: systemClock, random: systemRandom, log, ...shown }
  const hosts = new Set([...ownNames(hostname(), options.host), ...settings.allowed_hosts])
  const app = createHttpApp({ tron, hosts, ...around })
  // Nobody waits for it: where names are not resolved it takes long.
  void fullName(hostname(), dns).then((name) => hosts.add(name))
  const server = opened.use(await listen(app.fetch, options))
  const all = opened.move()
  return {
    url: server.url,
    tron,
    reread: () => reread(config, log),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  }
}

/** Refuses a port that is taken. Whoever starts one daemon twice is told of the daemon, which the store can name and the port cannot. */
async function assertAlone(
  options: Options,
  { store }: Parts,
  self: Parameters<typeof assertNotHeld>[1],
): Promise<void> {
  try {
    await assertFree(options)
  } catch (error) {
    await assertNotHeld(store, self)
    throw error
  }
}

function openConfig(options: Options, executors: readonly string[], log: Logger): ConfigFiles {
  const { configDir, workingDir, maxConfigBytes } = options
  return createConfigFiles({
    directory: configDir,
    workingDirectory: workingDir,
    maxBytes: maxConfigBytes,
    cacheFile: join(workingDir, 'config.cache'),
    clock: systemClock,
    log,
    executors,
    systemZone: systemZone(),
    daemonUser: userInfo().username,
  })
}

async function openLogs({ logs: { module, options } }: Parts, log: Logger): Promise<LogStore> {
  const checked = await checkOptions(module, options, 'logs.options')
  return module.open(checked, { log: log.child({ part: 'logs' }), clock: systemClock })
}

function noted(installation: string | undefined): { readonly installation?: string } {
  return installation === undefined ? {} : { installation }
}

async function reread(config: ConfigFiles, log: Logger): Promise<void> {
  try {
    const check = await config.reread()
    const { kept } = check
    const problems = formatProblems(check.problems.filter(({ severity }) => severity === 'error'))
    if (!check.ok) log.error('the configuration was not changed', { problems })
    else log.info('the configuration was read again', { hash: check.snapshot.hash })
    if (check.ok && kept.length > 0) {
      log.error('namespaces whose files have errors go on as they ran', { namespaces: kept, problems })
    }
  } catch (error) {
    log.error('the configuration cannot be read', { error: messageOf(error) })
  }
}
