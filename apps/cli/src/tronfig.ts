import { isIdentifier, TronError } from '@tron/model'
import { savedColor } from './client-config.ts'
import { createPaints } from './color.ts'
import { addCommonOptions, createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { deleteNamespace } from './fig/delete-namespace.ts'
import type { FigOptions } from './fig/fig-options.ts'
import { isFile, MASTER, namespaceOfSource, STDIN } from './fig/source.ts'
import { upload } from './fig/upload.ts'
import { MAX_CONFIG_SIZE } from './max-config-size.ts'
import { openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'
import { problemView } from './view/problem-view.ts'

function tronfigParser(name: string) {
  return addCommonOptions(createParser(name))
    .usage(
      '$0 [options] <source>\n\nOpens a namespace in your editor ($VISUAL, $EDITOR, vi), or uploads one from a file or standard input (-).',
    )
    .command('$0 [source]', false, (command) =>
      command.positional('source', {
        type: 'string',
        describe: 'A file, - or a namespace to edit; with -D a directory; with -p, -e and -d a namespace',
      }),
    )
    .option('print', { alias: 'p', type: 'boolean', describe: 'Print the stored text' })
    .option('check', { alias: 'C', type: 'boolean', describe: 'Let the server check, change nothing' })
    .option('edit', {
      alias: 'e',
      type: 'boolean',
      describe: 'Edit a namespace, also where a file has its name or nobody is at a terminal',
    })
    .option('delete', { alias: 'd', type: 'boolean', describe: 'Delete a namespace' })
    .option('validate', { alias: 'V', type: 'boolean', describe: 'Check a file without a server' })
    .option('validate-dir', { alias: 'D', type: 'boolean', describe: 'Check a directory without a server' })
    .option('namespace', {
      alias: 'n',
      type: 'string',
      requiresArg: true,
      describe: 'Namespace; the name of the file by default, MASTER for standard input',
    })
    .option('master-config', {
      alias: 'm',
      type: 'string',
      requiresArg: true,
      describe: 'MASTER to check a file with (-V); the MASTER.yaml beside it by default',
    })
    .option('max-config-size', { ...MAX_CONFIG_SIZE, describe: `${MAX_CONFIG_SIZE.describe} (-V, -D)` })
    .option('hash', {
      type: 'string',
      requiresArg: true,
      describe: 'Hash that -p --json printed: upload only if nobody changed it since',
    })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
    .option('nocolor', { type: 'boolean', describe: 'No colour' })
    .conflicts('print', ['check', 'delete', 'edit', 'validate', 'validate-dir'])
    .conflicts('edit', ['check', 'delete', 'hash', 'validate', 'validate-dir'])
    .conflicts('delete', ['check', 'validate', 'validate-dir'])
    .conflicts('validate', ['check', 'validate-dir'])
}

/** What yargs makes of the words. */
type FigWords = Awaited<ReturnType<ReturnType<typeof tronfigParser>['parseAsync']>>

/** `tronfig`: prints, checks, edits, uploads and deletes configurations. Resolves with the exit code. */
export async function tronfig(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const words = args.map((word) => (word === '-' ? STDIN : word))
  const parsed = await parseArguments(tronfigParser(name), words, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  const fig = figOptionsOf(options)
  const mode = modeOf(options, fig)
  if (fig.source === '' && mode !== 'print' && options.edit !== true) {
    terminal.err(`A source is missing.\n\nSee ${name} --help.\n`)
    return EXIT.usage
  }
  if (mode === 'edit' && options.edit !== true && !terminal.canAsk) throw noFile(fig)
  const color = options.nocolor === true ? false : undefined
  if (mode === 'file' || mode === 'directory') return validate(terminal, { ...fig, color }, mode)
  return withServer(await openSession(terminal, { ...options, color }), mode, fig)
}

function figOptionsOf(options: FigWords): FigOptions {
  const { namespace, masterConfig, maxConfigSize, hash } = options
  return {
    source: typeof options['source'] === 'string' ? options['source'] : '',
    namespace,
    masterConfig,
    maxConfigSize,
    hash,
    isCheck: options.check === true,
    isJson: options.json,
    isSure: options.yes,
  }
}

/** Without a server a file or a directory is checked; all else needs one. */
type Mode = 'file' | 'directory' | WithServer
type WithServer = 'print' | 'delete' | 'edit' | 'upload'

function modeOf(options: FigWords, { source, namespace, isCheck, hash }: FigOptions): Mode {
  if (options.print === true) return 'print'
  if (options.validate === true) return 'file'
  if (options.validateDir === true) return 'directory'
  if (options.delete === true) return 'delete'
  if (options.edit === true) return 'edit'
  const isNamed = isCheck || hash !== undefined || namespace !== undefined || !isIdentifier(source)
  return isNamed || isFile(source) ? 'upload' : 'edit'
}

function noFile({ source }: FigOptions): TronError {
  return new TronError(
    'BAD_REQUEST',
    `there is no file ${source}, and nobody to edit the namespace ${source}`,
    {
      hint: 'Name a file, or - for standard input; -e opens $EDITOR without a terminal too.',
    },
  )
}

async function withServer(session: Session, mode: WithServer, fig: FigOptions): Promise<number> {
  const paints = createPaints(session.terminal, session.displayColor)
  switch (mode) {
    case 'print':
      return print(session, fig)
    case 'delete':
      return deleteNamespace(session, fig)
    case 'upload':
      return upload(session, fig, paints)
    case 'edit': {
      const { edit } = await import('./fig/edit.ts')
      return edit(session, fig, paints)
    }
    default:
      return mode satisfies never
  }
}

async function print({ client, terminal }: Session, fig: FigOptions): Promise<number> {
  const config = await client.config(fig.namespace ?? (fig.source === '' ? MASTER : fig.source))
  terminal.out(fig.isJson ? `${JSON.stringify(config)}\n` : config.config)
  return EXIT.ok
}

async function validate(
  terminal: Terminal,
  fig: FigOptions & { readonly color: boolean | undefined },
  kind: 'file' | 'directory',
): Promise<number> {
  const { validatePaths, validateSource } = await import('./validate.ts')
  const options = { master: fig.masterConfig, terminal, maxBytes: fig.maxConfigSize }
  const report =
    kind === 'directory'
      ? await validatePaths([fig.source], options)
      : await validateSource(
          { path: fig.source, namespace: fig.namespace ?? namespaceOfSource(fig.source) },
          options,
        )
  if (fig.isJson) terminal.out(`${JSON.stringify({ ok: report.isValid, problems: report.problems })}\n`)
  else {
    const { err } = createPaints(terminal, fig.color ?? (await savedColor(terminal.env)))
    terminal.err(problemView(report.problems, report.texts, err))
    if (report.isValid) terminal.out('OK\n')
  }
  return report.isValid ? EXIT.ok : EXIT.failure
}
