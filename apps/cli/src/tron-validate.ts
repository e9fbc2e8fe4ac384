import type { ConfigProblem } from '@tron/model'
import { savedColor } from './client-config.ts'
import { createPaints } from './color.ts'
import { createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { STDIN } from './fig/source.ts'
import { MAX_CONFIG_SIZE } from './max-config-size.ts'
import type { Terminal } from './terminal.ts'
import { type Report, validatePaths } from './validate.ts'
import { problemView } from './view/problem-view.ts'

function validateParser(name: string) {
  return createParser(name)
    .usage('$0 [options] [path..]\n\nChecks configurations as the daemon does, without one.')
    .command('$0 [path..]', false, (command) =>
      command.positional('path', {
        type: 'string',
        array: true,
        describe: 'Directories and files, - for standard input; this directory by default',
      }),
    )
    .option('master-config', {
      alias: 'm',
      type: 'string',
      requiresArg: true,
      describe: 'MASTER to check files with; the MASTER.yaml beside them by default',
    })
    .option('namespace', {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      describe: 'Namespace of standard input; MASTER by default',
    })
    .option('max-config-size', MAX_CONFIG_SIZE)
    .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
    .option('nocolor', { type: 'boolean', describe: 'No colour' })
    .option('version', { type: 'boolean', describe: 'Print the version' })
    .example('$0 config/', 'all namespaces of a directory')
    .example('$0 reports.yaml -m /etc/tron/MASTER.yaml', 'one, with a MASTER that lies elsewhere')
}

/** `tron validate`: checks configurations without a server. Fails where there are errors; warnings are told only. */
export async function tronValidate(
  args: readonly string[],
  terminal: Terminal,
  name: string,
): Promise<number> {
  const words = args.map((word) => (word === '-' ? STDIN : word))
  const parsed = await parseArguments(validateParser(name), words, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  const named = Array.isArray(options['path']) ? options['path'].map(String) : []
  const report = await validatePaths(named.length === 0 ? ['.'] : named, {
    master: options.masterConfig,
    namespace: options.namespace,
    terminal,
    maxBytes: options.maxConfigSize,
  })
  if (options.json) terminal.out(`${JSON.stringify(jsonOf(report), null, 2)}\n`)
  else {
    const color = options.nocolor === true ? false : await savedColor(terminal.env)
    terminal.err(problemView(report.problems, report.texts, createPaints(terminal, color).err))
    terminal[report.isValid ? 'out' : 'err'](`${summaryOf(report)}\n`)
  }
  return report.isValid ? EXIT.ok : EXIT.failure
}

function jsonOf({ isValid, problems }: Report) {
  const bySeverity = (severity: ConfigProblem['severity']) =>
    problems
      .filter((problem) => problem.severity === severity)
      .map(({ file, line, column, path, message }) => ({ file, line, column, path, message }))
  return { ok: isValid, errors: bySeverity('error'), warnings: bySeverity('warning') }
}

function summaryOf({ problems, files }: Report): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const parts = [
    count(files.size, 'file'),
    count(errors, 'error'),
    ...(problems.length > errors ? [count(problems.length - errors, 'warning')] : []),
  ]
  return parts.join(', ')
}

function count(number: number, what: string): string {
  return `${number === 0 ? 'no' : number} ${what}${number === 1 ? '' : 's'}`
}
