import type { ApiResult } from '@tron/api/light'
import { type ErrorCode, isTronError, TronError } from '@tron/model'
import { clientVersion } from './client-version.ts'
import { createPaint, type Paint } from './color.ts'
import { addCommonOptions, createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { nearest } from './nearest.ts'
import { resolveId, type Subject, unknownText } from './resolve-id.ts'
import { runTimeOf } from './run-date.ts'
import { openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** Command words and what they are for. Which of them applies to what is the server's to say. */
const WORDS = {
  start: 'Start a job, a scheduled run, or an action whatever it requires',
  cancel: 'Cancel a run or an action: what runs is stopped, what waits does not start',
  stop: 'Stop a run or an action: SIGTERM, then SIGKILL',
  kill: 'Kill an action: SIGKILL',
  success: 'Mark an action as succeeded',
  fail: 'Mark an action as failed',
  skip: 'Mark an action as skipped, so that what requires it starts',
  enable: 'Enable a job: its schedule goes on',
  disable: 'Disable a job: nothing is scheduled any more',
} as const

type Word = keyof typeof WORDS

function isWord(text: string): text is Word {
  return Object.hasOwn(WORDS, text)
}

function tronctlParser(name: string) {
  const parser = addCommonOptions(createParser(name))
    .usage(
      '$0 <command> [id ..]\n\nCommands jobs, runs and actions, in the order given; the first that fails ends it.',
    )
    .option('run-date', {
      type: 'string',
      describe: 'Time that a started run is for: YYYY-MM-DD[ HH:MM[:SS]]',
      requiresArg: true,
    })
    .option('yes', { alias: 'y', type: 'boolean', default: false, describe: 'Do not ask' })
    .command('$0 [word] [id..]', false)
    .command('version', 'Print the versions of client and server')
  for (const [word, purpose] of Object.entries(WORDS)) {
    parser.command(`${word} [id..]`, purpose, (command) =>
      command.positional('id', { type: 'string', array: true, describe: 'Jobs, job runs or action runs' }),
    )
  }
  return parser
}

/** Commands of Tron 3 that this version does not have yet. */
const UNDONE: ReadonlySet<string> = new Set([
  'backfill',
  'discard',
  'move',
  'publish',
  'recover',
  'rerun',
  'retry',
  'skip-and-publish',
])

/** The command that is not there yet, if it is one, whatever options of its own it has. */
function undoneWord(args: readonly string[]): string | undefined {
  const word = args.find((arg) => isWord(arg) || UNDONE.has(arg))
  return word === undefined || isWord(word) ? undefined : word
}

/** What to say of a word that is no command at all. */
function strangeText(word: unknown): string {
  // A word of digits is a number by then.
  const text = typeof word === 'number' ? String(word) : word
  if (typeof text !== 'string') return 'A command is missing.'
  const [likely] = nearest([text], Object.keys(WORDS), { most: 1, names: (one) => [one] })
  return `Unknown command: ${text}${likely === undefined ? '' : `\nDid you mean ${likely}?`}`
}

function refuse(terminal: Terminal, name: string, text: string): number {
  terminal.err(`${text}\n\nSee ${name} --help.\n`)
  return EXIT.usage
}

interface Order {
  readonly word: Word
  readonly runTime: string | undefined
  readonly isJson: boolean
  readonly isSure: boolean
}

/** `tronctl`: commands jobs, runs and actions. Resolves with the exit code. */
export async function tronctl(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  if (args.includes('--version')) {
    terminal.out(`${name} ${clientVersion()}\n`)
    return EXIT.ok
  }
  const undone = undoneWord(args)
  if (undone !== undefined) {
    return refuse(terminal, name, `"${undone}" is a command of Tron 3 that this version does not have yet.`)
  }
  const parsed = await parseArguments(tronctlParser(name), args, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  const [first] = options._
  if (first === undefined) return refuse(terminal, name, strangeText(options['word']))
  const runTime = runTimeFrom(options.runDate, terminal)
  if (runTime.kind === 'mistake') return EXIT.usage
  const session = await openSession(terminal, options)
  const word = String(first)
  if (!isWord(word)) return showVersions(session)
  const order = { word, runTime: runTime.text, isJson: options.json, isSure: options.yes }
  const ids = Array.isArray(options['id']) ? options['id'].map(String) : []
  return perform(session, order, ids)
}

type RunTime = { readonly kind: 'time'; readonly text: string | undefined } | { readonly kind: 'mistake' }

function runTimeFrom(text: string | undefined, terminal: Terminal): RunTime {
  try {
    return { kind: 'time', text: text === undefined ? undefined : runTimeOf(text) }
  } catch (error) {
    if (!isTronError(error)) throw error
    terminal.err(`--run-date: ${error.message}\n`)
    return { kind: 'mistake' }
  }
}

/** Does all, in order. None at all is nothing to do, as in Tron, so that scripts may pass an empty list. */
async function perform(session: Session, order: Order, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return EXIT.ok
  const index = await session.client.index()
  const subjects = ids.map((id) => ({ id, resolution: resolveId(id, index) }))
  const isWide = ids.length > 1 || subjects.some(({ resolution }) => resolution.kind === 'run')
  if (isWide && !(await isConfirmed(session.terminal, order, ids))) {
    session.terminal.err('Nothing was done.\n')
    return EXIT.failure
  }
  const paint = createPaint(session.terminal, session.displayColor)
  if (order.word === 'disable') warnOfDisabling(session.terminal, paint)
  for (const { id, resolution } of subjects) {
    const isDone = await performOne(session, order, { id, resolution, paint })
    if (!isDone) return EXIT.failure
  }
  return EXIT.ok
}

const HARMFUL: ReadonlySet<Word> = new Set(['cancel', 'stop', 'kill'])

/** Asks before harm to a whole run or to several things, when somebody is there to answer; scripts are never held up. */
async function isConfirmed(terminal: Terminal, order: Order, ids: readonly string[]): Promise<boolean> {
  if (order.isSure || !terminal.canAsk || !HARMFUL.has(order.word)) return true
  return terminal.confirm(`${order.word} ${ids.join(' ')}?`)
}

function warnOfDisabling(terminal: Terminal, paint: Paint): void {
  const text = 'Warning: a change of "enabled" in the configuration may enable it again.'
  terminal.err(`${paint('bad', text)}\n`)
}

interface Item {
  readonly id: string
  readonly resolution: ReturnType<typeof resolveId>
  readonly paint: Paint
}

async function performOne({ client, terminal }: Session, order: Order, item: Item): Promise<boolean> {
  const { id, resolution } = item
  try {
    if (resolution.kind === 'unknown') {
      throw new TronError('NOT_FOUND', unknownText(id, resolution.suggestions))
    }
    const reply = await send(client, order, resolution)
    terminal.out(order.isJson ? `${JSON.stringify({ id, ...reply })}\n` : `${reply.result || 'OK'}\n`)
    return true
  } catch (error) {
    if (!isTronError(error)) throw error
    if (order.isJson) {
      terminal.out(`${JSON.stringify({ id, error: error.message, code: error.code, hint: error.hint })}\n`)
    } else terminal.err(refusalText(error, item.paint))
    return false
  }
}

/** Refusals that are no matter of the command: something is to be done about the daemon. */
const OF_THE_DAEMON: ReadonlySet<ErrorCode> = new Set(['FENCED', 'STORE_DEGRADED'])

function refusalText({ code, message, hint }: TronError, paint: Paint): string {
  if (code === 'UNREACHABLE') return `${message}\n`
  return `Error: ${paint('bad', message)}\n${OF_THE_DAEMON.has(code) ? `${hint}\n` : ''}`
}

async function send(client: Session['client'], order: Order, subject: Subject): Promise<ApiResult> {
  const body = {
    command: order.word,
    ...(order.runTime === undefined || subject.kind !== 'job' ? {} : { run_time: order.runTime }),
  }
  switch (subject.kind) {
    case 'job':
      return client.commandJob(subject.job, body)
    case 'run':
      return client.commandRun(subject.job, subject.run, body)
    case 'action':
      return client.commandAction(subject, body)
    default:
      return subject satisfies never
  }
}

async function showVersions({ client, terminal }: Session): Promise<number> {
  const own = clientVersion()
  terminal.out(`Client version: ${own}\n`)
  const { version } = await client.status()
  terminal.out(`Server version: ${version}\n`)
  return version === own ? EXIT.ok : EXIT.failure
}
