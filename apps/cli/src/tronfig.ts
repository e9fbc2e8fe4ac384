import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type ApiProblem, problemText } from '@tron/api/light'
import { messageOf, TronError } from '@tron/model'
import { addCommonOptions, createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { clientVersion, openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'

const MASTER = 'MASTER'

/** What `-` stands for: yargs drops a single dash. */
const STDIN = '/dev/stdin'

function tronfigParser(name: string) {
  return addCommonOptions(createParser(name))
    .usage('$0 [options] <source>\n\nUploads a namespace from a file, or from standard input (-).')
    .command('$0 [source]', false, (command) =>
      command.positional('source', {
        type: 'string',
        describe: 'A file or -; with -D a directory; with -p and -d a namespace',
      }),
    )
    .option('print', { alias: 'p', type: 'boolean', describe: 'Print the stored text' })
    .option('check', { alias: 'C', type: 'boolean', describe: 'Let the server check, change nothing' })
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
    .option('hash', {
      type: 'string',
      requiresArg: true,
      describe: 'Hash that -p --json printed: upload only if nobody changed it since',
    })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
    .conflicts('print', ['check', 'delete', 'validate', 'validate-dir'])
    .conflicts('delete', ['check', 'validate', 'validate-dir'])
    .conflicts('validate', ['check', 'validate-dir'])
}

interface FigOptions {
  readonly source: string
  readonly namespace: string | undefined
  readonly masterConfig: string | undefined
  readonly hash: string | undefined
  readonly isCheck: boolean
  readonly isJson: boolean
  readonly isSure: boolean
}

/** `tronfig`: prints, checks, uploads and deletes configurations. Resolves with the exit code. */
export async function tronfig(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const words = args.map((word) => (word === '-' ? STDIN : word))
  const parsed = await parseArguments(tronfigParser(name), words, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  if (options.version === true) {
    terminal.out(`${name} ${clientVersion()}\n`)
    return EXIT.ok
  }
  const fig: FigOptions = {
    source: typeof options['source'] === 'string' ? options['source'] : '',
    namespace: options.namespace,
    masterConfig: options.masterConfig,
    hash: options.hash,
    isCheck: options.check === true,
    isJson: options.json,
    isSure: options.yes,
  }
  if (options.print === true) return print(await openSession(terminal, options), fig)
  if (fig.source === '') {
    terminal.err(`A source is missing.\n\nSee ${name} --help.\n`)
    return EXIT.usage
  }
  if (options.validate === true) return validate(terminal, fig, 'file')
  if (options.validateDir === true) return validate(terminal, fig, 'directory')
  const session = await openSession(terminal, options)
  return options.delete === true ? remove(session, fig) : upload(session, fig)
}

/** The text of a file or of standard input, and what to call it. @throws BAD_REQUEST when it cannot be read */
async function readSource(terminal: Terminal, source: string): Promise<{ text: string; file: string }> {
  if (source === STDIN) return { text: decode(await terminal.readInput(), '<stdin>'), file: '<stdin>' }
  return { text: readText(source), file: source }
}

/** @throws BAD_REQUEST */
function readText(file: string): string {
  try {
    return decode(readFileSync(file), file)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', messageOf(cause), { cause, hint: 'Check the name of the file.' })
  }
}

function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (cause) {
    throw new TronError('BAD_REQUEST', `${file} is not UTF-8`, { cause, hint: 'Save it as UTF-8.' })
  }
}

function namespaceOf({ namespace, source }: FigOptions): string {
  return namespace ?? (source === STDIN || source === '' ? MASTER : basename(source).replace(/\.[^.]*$/, ''))
}

async function print({ client, terminal }: Session, fig: FigOptions): Promise<number> {
  const config = await client.config(fig.namespace ?? (fig.source === '' ? MASTER : fig.source))
  terminal.out(fig.isJson ? `${JSON.stringify(config)}\n` : config.config)
  return EXIT.ok
}

async function upload({ client, terminal }: Session, fig: FigOptions): Promise<number> {
  const { text, file } = await readSource(terminal, fig.source)
  if (text.trim() === '') {
    throw new TronError('BAD_REQUEST', `${file} is empty`, {
      hint: 'An empty text would delete the namespace: use -d.',
    })
  }
  const name = namespaceOf(fig)
  const hash = fig.hash ?? (await client.config(name)).hash
  const request = { name, config: text, hash }
  const reply = await (fig.isCheck ? client.check(request) : client.upload(request))
  // The server knows the namespace only; an editor wants the file.
  const problems = reply.problems.map((problem) => inFile(problem, { name, file }))
  const isRefused = 'error' in reply
  if (fig.isJson) terminal.out(`${JSON.stringify({ ok: !isRefused, problems })}\n`)
  else for (const problem of problems) terminal.err(`${problemText(problem)}\n`)
  if (isRefused) return EXIT.failure
  if (!fig.isJson) {
    terminal.err(
      fig.isCheck ? 'Configuration is valid; nothing was changed\n' : 'Configuration uploaded successfully\n',
    )
  }
  return EXIT.ok
}

function inFile(problem: ApiProblem, at: { readonly name: string; readonly file: string }): ApiProblem {
  const isHere = problem.file === at.name || basename(problem.file) === `${at.name}.yaml`
  return isHere ? { ...problem, file: at.file } : problem
}

async function remove({ client, terminal }: Session, fig: FigOptions): Promise<number> {
  const name = fig.namespace ?? fig.source
  if (name === MASTER) {
    throw new TronError('BAD_REQUEST', 'MASTER cannot be deleted', { hint: 'Upload another MASTER instead.' })
  }
  const isMeant =
    fig.isSure || (await terminal.confirm(`This will delete namespace ${name} and all its jobs. Proceed?`))
  if (!isMeant) {
    terminal.err('Nothing was done.\n')
    return EXIT.ok
  }
  const hash = fig.hash ?? (await client.config(name)).hash
  const reply = await client.upload({ name, config: '', hash })
  if ('error' in reply) throw new TronError('CONFIG_INVALID', reply.error)
  terminal.err(`Namespace ${name} deleted\n`)
  return EXIT.ok
}

async function validate(terminal: Terminal, fig: FigOptions, kind: 'file' | 'directory'): Promise<number> {
  const { validateDirectory, validateFile } = await import('./validate.ts')
  const report =
    kind === 'directory'
      ? validateDirectory(fig.source, readText)
      : validateFile(
          {
            namespace: namespaceOf(fig),
            ...(await readSource(terminal, fig.source)),
            master: fig.masterConfig,
          },
          readText,
        )
  if (fig.isJson) terminal.out(`${JSON.stringify({ ok: report.isValid, problems: report.problems })}\n`)
  else {
    if (report.text !== '') terminal.err(`${report.text}\n`)
    if (report.isValid) terminal.out('OK\n')
  }
  return report.isValid ? EXIT.ok : EXIT.failure
}
