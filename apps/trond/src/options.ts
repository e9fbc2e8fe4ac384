import { resolve } from 'node:path'
import { messageOf, TronError } from '@tron/model'
import type { LogLevel } from '@tron/system'
import yargs from 'yargs'

/** Where Tron 3 works, too. */
const DEFAULT_DIR = '/var/lib/tron'

/** What the command line asks for, with paths made absolute. */
export interface Options {
  readonly workingDir: string
  readonly configDir: string
  readonly host: string
  /** 0 takes any free port. */
  readonly port: number
  /** A lock that the store holds beside the one of its state. */
  readonly lockFile?: string
  readonly level: LogLevel
  readonly takeOver: boolean
  /** The largest file of the configuration that is read. */
  readonly maxConfigBytes: number
  /** Modules named on the command line, by the name that settings and nodes use. */
  readonly plugins: Readonly<Record<string, string>>
  readonly demo: boolean
  /** What was accepted for Tron 3's sake and does nothing. */
  readonly notices: readonly string[]
}

/** Either options to run with, or a text (help, version) that answers the command line. */
export type Parsed =
  | { readonly run: Options; readonly say?: never }
  | { readonly say: string; readonly run?: never }

export interface Surroundings {
  readonly version: string
  /** What relative paths of the command line are relative to. */
  readonly cwd: string
  /** The working directory of `--demo`. */
  readonly demoDir: string
}

/** Reads the command line. @throws SETTINGS for what it does not know, or a value that cannot be */
export async function parseOptions(args: readonly string[], around: Surroundings): Promise<Parsed> {
  let said = ''
  const parser = commandLine(around.version)
  const values = await parser.parseAsync([...args], {}, (_error, _argv, output) => {
    said = output
  })
  if (said !== '') return { say: said }
  return { run: toOptions(values, around) }
}

const OPTIONS = {
  'working-dir': {
    alias: 'w',
    type: 'string',
    default: DEFAULT_DIR,
    describe: 'where settings, configuration, state and output are',
  },
  'config-path': {
    alias: 'c',
    type: 'string',
    default: 'config',
    describe: 'folder of the configuration, relative to the working directory',
  },
  host: { alias: 'H', type: 'string', default: 'localhost', describe: 'address to listen on' },
  // Numbers come as texts: what yargs makes of other words is NaN, which says nothing of them.
  port: {
    alias: 'P',
    type: 'string',
    default: '8089',
    defaultDescription: '8089',
    requiresArg: true,
    describe: 'port to listen on; 0 takes a free one',
  },
  'lock-file': {
    alias: 'pid-file',
    type: 'string',
    describe: 'a lock to hold beside the one of the state, which no second daemon gets past in any case',
  },
  'max-config-size': {
    type: 'string',
    default: '16',
    defaultDescription: '16',
    requiresArg: true,
    describe: 'the largest file of the configuration that is read, in MB',
  },
  verbose: { alias: 'v', type: 'count', describe: 'log more' },
  'take-over': {
    type: 'boolean',
    default: false,
    describe: 'after a restore: replace other schedulers on the nodes and import what the nodes know',
  },
  plugin: {
    type: 'string',
    array: true,
    nargs: 1,
    describe: 'name=module: an executor, store or log store to load; may be repeated',
  },
  demo: { type: 'boolean', default: false, describe: 'work in .demo/ with jobs that show what Tron does' },
  'log-conf': {
    alias: 'l',
    type: 'string',
    describe: 'accepted, not used: the log goes to standard output',
  },
  'web-path': { type: 'string', describe: 'accepted, not used' },
  nodaemon: { type: 'boolean', describe: 'accepted: trond always stays in the foreground' },
} as const

const USAGE = `$0 [options]

Runs jobs on many machines. Stays in the foreground; SIGTERM or SIGINT stops it and leaves runs running.`

function commandLine(version: string) {
  return yargs()
    .scriptName('trond')
    .usage(USAGE)
    .options(OPTIONS)
    .strict()
    .version(version)
    .help()
    .wrap(100) // the same text in a pipe and on any terminal
    .exitProcess(false)
    .fail((message, error) => {
      throw new TronError('SETTINGS', message ?? messageOf(error), { hint: 'See trond --help.' })
    })
}

type Values = Awaited<ReturnType<ReturnType<typeof commandLine>['parseAsync']>>

function toOptions(values: Values, around: Surroundings): Options {
  const workingDir =
    values.demo && values.workingDir === DEFAULT_DIR ? around.demoDir : resolve(around.cwd, values.workingDir)
  return {
    workingDir,
    configDir: resolve(workingDir, values.configPath),
    host: values.host === 'localhost' ? '127.0.0.1' : values.host,
    port: checkedPort(values.port),
    ...(values.lockFile === undefined ? {} : { lockFile: resolve(workingDir, values.lockFile) }),
    maxConfigBytes: checkedSize(values.maxConfigSize),
    level: levelOf(values.verbose, values.demo),
    takeOver: values.takeOver,
    plugins: Object.fromEntries((values.plugin ?? []).map(pluginOf)),
    demo: values.demo,
    notices: noticesOf(values),
  }
}

function checkedSize(given: string): number {
  const megabytes = /^(?:\d+(?:\.\d*)?|\.\d+)$/.test(given) ? Number(given) : 0
  const bytes = Math.floor(megabytes * 1024 * 1024)
  if (bytes > 0 && megabytes <= 1024) return bytes
  throw new TronError(
    'SETTINGS',
    `--max-config-size takes megabytes, more than 0 and at most 1024, not ${shown(given)}`,
  )
}

function checkedPort(given: string): number {
  if (/^\d{1,5}$/.test(given) && Number(given) <= 65_535) return Number(given)
  throw new TronError('SETTINGS', `--port takes a whole number from 0 to 65535, not ${shown(given)}`)
}

/** What was given, which is more than one word where an option stands twice. */
function shown(given: string | readonly string[]): string {
  return typeof given === 'string' ? `"${given}"` : given.map(shown).join(' and ')
}

// The demo speaks for itself; its log shows only what is wrong.
function levelOf(verbose: number, demo: boolean): LogLevel {
  if (verbose >= (demo ? 2 : 1)) return 'debug'
  return demo && verbose === 0 ? 'warn' : 'info'
}

function pluginOf(text: string): readonly [string, string] {
  const at = text.indexOf('=')
  if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)]
  throw new TronError('SETTINGS', `--plugin wants name=module, not "${text}"`)
}

function noticesOf(values: Values): readonly string[] {
  const notices: string[] = []
  if (values.logConf !== undefined)
    notices.push('--log-conf is accepted and does nothing: the log is on standard output, -v makes it fuller')
  if (values.webPath !== undefined) notices.push('--web-path is accepted and does nothing')
  return notices
}
