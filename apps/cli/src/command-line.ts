import yargs, { type Argv } from 'yargs'
import { clientVersion } from './client-version.ts'
import { EXIT } from './exit.ts'
import type { Terminal } from './terminal.ts'

/** A parser with the manners that all commands share. */
export function createParser(name: string): Argv {
  return yargs()
    .scriptName(name)
    .detectLocale(false)
    .help()
    .alias('help', 'h')
    .version(false)
    .strict()
    .recommendCommands()
    .showHelpOnFail(false, `See ${name} --help.`)
    .exitProcess(false)
}

/** Options of every command that talks to a server. */
export function addCommonOptions(parser: Argv) {
  return parser
    .option('server', { type: 'string', describe: 'Address of trond', requiresArg: true })
    .option('cluster_name', { type: 'string', describe: 'Name of the cluster', requiresArg: true })
    .option('save', { alias: 's', type: 'boolean', describe: 'Save these settings in ~/.tron' })
    .option('verbose', { alias: 'v', type: 'count', describe: 'Tell about requests on standard error' })
    .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
    .option('version', { type: 'boolean', describe: 'Print the version' })
}

/**
 * Parses, printing help, version and mistakes to where they belong: then what was `said` is all there is to do, and with which code to end. Otherwise the options
 * are what yargs makes of the words.
 */
export async function parseArguments<Options>(
  parser: Argv<Options>,
  args: readonly string[],
  terminal: Terminal,
) {
  const said = { text: '', isMistake: false }
  const options = await parser.parseAsync([...args], {}, (error, _options, output) => {
    said.text = output
    said.isMistake = error !== undefined && error !== null
  })
  if (said.isMistake) {
    terminal.err(`${said.text}\n`)
    return { kind: 'said', code: EXIT.usage } as const
  }
  if (said.text !== '') {
    terminal.out(`${said.text}\n`)
    return { kind: 'said', code: EXIT.ok } as const
  }
  if ('version' in options && options['version'] === true) {
    terminal.out(`${options.$0} ${clientVersion()}\n`)
    return { kind: 'said', code: EXIT.ok } as const
  }
  return { kind: 'options', options } as const
}
