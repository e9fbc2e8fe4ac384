import type { ApiAction } from '@tron/api/light'
import { createPaint, type Paint } from './color.ts'
import { addCommonOptions, createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { resolveId, type Subject, unknownText } from './resolve-id.ts'
import { openSession, type Session } from './session.ts'
import type { Terminal } from './terminal.ts'
import { actionView, incompleteText } from './view/action-view.ts'
import { jobView } from './view/job-view.ts'
import { jobsView } from './view/jobs-view.ts'
import { runView } from './view/run-view.ts'

function tronviewParser(name: string) {
  return addCommonOptions(createParser(name))
    .usage('$0 [options] [name]\n\nShows jobs, a job, a job run, or an action run with its output.')
    .command('$0 [name]', false, (command) =>
      command.positional('name', { type: 'string', describe: 'Job, job run or action run' }),
    )
    .option('numshown', {
      alias: 'n',
      type: 'number',
      default: 10,
      describe: 'Runs of a job, lines of output of an action; 0 for all',
      requiresArg: true,
    })
    .option('color', { alias: 'c', type: 'boolean', describe: 'Colour on a terminal' })
    .option('nocolor', { type: 'boolean', describe: 'No colour' })
    .option('stdout', { alias: 'o', type: 'boolean', default: false, describe: 'Only the standard output' })
    .option('stderr', { alias: 'e', type: 'boolean', default: false, describe: 'Only the standard error' })
    .example('$0 MASTER.nightly', 'the job and its newest runs')
    .example('$0 nightly.HEAD.load -o -n 0', 'all output of an action of the newest run')
}

/** `tronview`: shows what there is. Resolves with the exit code. */
export async function tronview(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const parsed = await parseArguments(tronviewParser(name), args, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  if (!Number.isSafeInteger(options.numshown) || options.numshown < 0) {
    terminal.err(`-n takes a whole number of at least 0\n\nSee ${name} --help.\n`)
    return EXIT.usage
  }
  const color = options.nocolor === true ? false : options.color
  const session = await openSession(terminal, { ...options, color })
  const view: View = {
    isJson: options.json,
    numshown: options.numshown,
    streams: { stdout: options.stdout, stderr: options.stderr },
    paint: createPaint(terminal, session.displayColor),
  }
  const wanted = typeof options['name'] === 'string' ? options['name'] : ''
  if (wanted === '') return showJobs(session, view)
  const subject = resolveId(wanted, await session.client.index())
  if (subject.kind !== 'unknown') return show(session, subject, view)
  terminal.err(`Error: ${unknownText(wanted, subject.suggestions)}\n`)
  return EXIT.failure
}

interface View {
  readonly isJson: boolean
  readonly numshown: number
  /** Which streams alone are wanted; none for all there is to say. */
  readonly streams: { readonly stdout: boolean; readonly stderr: boolean }
  readonly paint: Paint
}

async function showJobs({ client, terminal }: Session, view: View): Promise<number> {
  const list = await client.jobs(view.isJson ? {} : { include_action_graph: false, include_node_pool: false })
  await terminal.page(view.isJson ? json(list) : jobsView(list.jobs, view.paint))
  return EXIT.ok
}

async function show(session: Session, subject: Subject, view: View): Promise<number> {
  const { client, terminal } = session
  switch (subject.kind) {
    case 'job': {
      const job = await client.job(subject.job, { num_runs: view.numshown })
      await terminal.page(view.isJson ? json(job) : jobView(job, view.paint))
      return EXIT.ok
    }
    case 'run': {
      const run = await client.run(subject.job, subject.run, { include_action_runs: true })
      await terminal.page(view.isJson ? json(run) : runView(run, view.paint))
      return EXIT.ok
    }
    case 'action':
      return showAction(session, subject, view)
    default:
      return subject satisfies never
  }
}

async function showAction(
  { client, terminal }: Session,
  subject: Extract<Subject, { kind: 'action' }>,
  view: View,
): Promise<number> {
  const { stdout, stderr } = view.streams
  const isWhole = !stdout && !stderr
  const action = await client.action(subject, {
    include_stdout: stdout || isWhole,
    include_stderr: stderr || isWhole,
    num_lines: view.numshown,
  })
  if (view.isJson) await terminal.page(json(action))
  else if (isWhole) await terminal.page(actionView(action, view.paint))
  else await showStreams(terminal, action)
  return EXIT.ok
}

/** The lines alone, for whoever reads on; a remark on what is missing goes to standard error. */
async function showStreams(terminal: Terminal, action: ApiAction): Promise<void> {
  const lines = [...(action.stdout ?? []), ...(action.stderr ?? [])]
  await terminal.page(lines.map((line) => `${line}\n`).join(''))
  for (const stream of ['stdout', 'stderr'] as const) {
    const remark = incompleteText(action.output[stream])
    if (remark !== undefined) terminal.err(`${stream}: ${remark}\n`)
  }
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
