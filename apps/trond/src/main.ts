import { resolve } from 'node:path'
import type { Logger } from '@tron/model'
import { createLogger, systemClock } from '@tron/system'
import { type Daemon, startDaemon } from './daemon.ts'
import { showDemo, writeDemo } from './demo.ts'
import { type Options, parseOptions } from './options.ts'
import { ownVersion } from './own-version.ts'
import { describeError } from './report.ts'
import { listenForSignals } from './signals.ts'
import { prepareDirectory } from './working-directory.ts'

/** How long an orderly stop may take before the process ends anyway; nothing is lost by it. */
const STOP_MS = 3000

async function main(): Promise<number> {
  const bootMs = systemClock.nowMs()
  const version = await ownVersion()
  const demoDir = resolve(import.meta.dirname, '../../../.demo')
  const parsed = await parseOptions(process.argv.slice(2), { version, cwd: process.cwd(), demoDir })
  if (parsed.say !== undefined) {
    write(`${parsed.say}\n`)
    return 0
  }
  return run(parsed.run, { version, bootMs })
}

async function run(
  options: Options,
  about: { readonly version: string; readonly bootMs: number },
): Promise<number> {
  const { workingDir, demo } = options
  const log = createLogger({ level: options.level, pretty: process.stdout.isTTY })
  process.once('uncaughtException', (error) => {
    log.error('unexpected error; ending', { error })
    process.exit(1)
  })
  using signals = listenForSignals(process, { force: () => process.exit(1) })
  for (const notice of options.notices) log.warn(notice)
  const cwd = process.cwd()
  await prepareDirectory(workingDir, { what: 'working directory', option: '--working-dir' })
  // As Tron 3 does: relative paths of settings and configuration are relative to the working directory.
  process.chdir(workingDir)
  if (demo) await writeDemo(options.configDir)
  await prepareDirectory(options.configDir, { what: 'configuration directory', option: '--config-path' })
  const daemon = await Promise.race([startDaemon(options, { log, ...about }), signals.stop])
  if (typeof daemon === 'string') {
    log.info('stopping before the start was over; the next start goes on with it', { signal: daemon })
    return 0
  }
  const { tron, url } = daemon
  // The start may have read what somebody has changed since.
  signals.onHangup(() => void daemon.reread())
  log.info('listening', { url, pid: process.pid, workingDir, version: about.version })
  const stopping = new AbortController()
  if (demo) showDemo(tron, { url, workingDir, cwd, write, log, signal: stopping.signal })
  const signal = await signals.stop
  log.info('stopping; runs go on on their nodes', { signal })
  stopping.abort()
  await stopWithin(daemon, log)
  return 0
}

function write(text: string): void {
  process.stdout.write(text)
}

async function stopWithin(daemon: Daemon, log: Logger): Promise<void> {
  const cancel = systemClock.timer(STOP_MS, () => {
    log.error('the stop took too long; ending without it', { afterMs: STOP_MS })
    process.exit(1)
  })
  await daemon[Symbol.asyncDispose]()
  cancel()
}

try {
  process.exitCode = await main()
} catch (error) {
  process.stderr.write(describeError(error))
  process.exitCode = 1
}
process.exit()
