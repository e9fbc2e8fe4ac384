import { DST_POLICIES, type DstPolicy, type ScheduleSpec, TronError } from '@tron/model'
import { checkZone, describeInWords, explainSchedule, parseSchedule } from '@tron/schedule'
import { savedColor } from './client-config.ts'
import { createPaints, type Paint } from './color.ts'
import { createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { instantOf } from './instant-of.ts'
import { nearest } from './nearest.ts'
import type { Terminal } from './terminal.ts'
import { problemView } from './view/problem-view.ts'
import { scheduleView } from './view/schedule-view.ts'

function explainParser(name: string) {
  return createParser(name)
    .usage(
      '$0 [options] <schedule>\n\nSays what a schedule means and when it is due next. Nothing of it is sent to a server.',
    )
    .command('$0 [schedule..]', false, (command) =>
      command.positional('schedule', {
        type: 'string',
        array: true,
        describe: 'What stands behind schedule: in the configuration',
      }),
    )
    .option('zone', { type: 'string', requiresArg: true, describe: "Time zone; the system's by default" })
    .option('from', {
      type: 'string',
      requiresArg: true,
      describe: 'Instants after this time, of the zone or with an offset; now by default',
    })
    .option('count', {
      type: 'number',
      default: 5,
      requiresArg: true,
      describe: `How many, at most ${MOST_INSTANTS}`,
    })
    .option('dst', {
      choices: DST_POLICIES,
      default: 'auto' as const,
      requiresArg: true,
      describe: 'What becomes of times that a change of the clocks leaves out or shows twice',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print JSON' })
    .option('nocolor', { type: 'boolean', describe: 'No colour' })
    .option('version', { type: 'boolean', describe: 'Print the version' })
    .example('$0 "cron 30 2 * * *" --zone Europe/Berlin --from 2026-03-28', 'across a change of the clocks')
    .example('$0 1st monday of month at 17:00', 'quotes may be left out where the shell has no use for them')
}

const MOST_INSTANTS = 10_000

/** `tron explain-schedule`: the next instants of a schedule, and what it means in plain English. Needs no server. */
export async function explain(args: readonly string[], terminal: Terminal, name: string): Promise<number> {
  const parsed = await parseArguments(explainParser(name), args, terminal)
  if (parsed.kind === 'said') return parsed.code
  const { options } = parsed
  const words = wordsOf(options['schedule'])
  const mistake = mistakeIn(words, options.count)
  if (mistake !== undefined) {
    terminal.err(`${mistake}\n\nSee ${name} --help.\n`)
    return EXIT.usage
  }
  const paints = createPaints(terminal, options.nocolor === true ? false : await savedColor(terminal.env))
  const schedule = await readSchedule(words.join(' '), terminal, paints.err)
  if (schedule === null) return EXIT.failure
  const spec = { ...schedule, ...placeOf(options, terminal) }
  const fromMs = options.from === undefined ? terminal.nowMs() : instantOf(options.from, spec.zone)
  const instants = explainSchedule(spec, { fromMs, count: options.count })
  if (options.json) terminal.out(`${JSON.stringify({ instants }, null, 2)}\n`)
  else {
    const told = { meaning: describeInWords(spec), zone: spec.zone, isGivenZone: options.zone !== undefined }
    await terminal.page(scheduleView({ ...told, instants, count: options.count }, paints.out))
  }
  return EXIT.ok
}

function wordsOf(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : []
}

function mistakeIn(words: readonly string[], count: number): string | undefined {
  if (words.join('').trim() === '') return 'A schedule is missing.'
  const isCount = Number.isSafeInteger(count) && count >= 1 && count <= MOST_INSTANTS
  return isCount ? undefined : `--count takes a whole number from 1 to ${MOST_INSTANTS}`
}

function placeOf(
  options: { readonly zone: string | undefined; readonly dst: DstPolicy },
  terminal: Terminal,
): { readonly zone: string; readonly dst: DstPolicy } {
  const asked = options.zone ?? terminal.systemZone()
  const zone = checkZone(asked)
  if (zone === null) throw options.zone === undefined ? noSystemZone(asked) : noZone(asked)
  return { zone, dst: options.dst }
}

function noSystemZone(set: string): TronError {
  const message = `this machine has "${set}" for its time zone, which is not the name of one`
  return new TronError('BAD_REQUEST', message, {
    hint: 'Name a zone with --zone, such as --zone Europe/Berlin.',
  })
}

function noZone(asked: string): TronError {
  const [likely] = nearest([asked], Intl.supportedValuesOf('timeZone'), {
    most: 1,
    names: (zone) => [zone, zone.slice(zone.lastIndexOf('/') + 1)],
  })
  return new TronError(
    'BAD_REQUEST',
    `"${asked}" is not a time zone${likely === undefined ? '' : `; did you mean ${likely}?`}`,
    { hint: 'Name a zone such as Europe/Berlin or UTC; offsets such as +05:30 are none.' },
  )
}

/** What the text is called where it is shown what is wrong with it. */
const SCHEDULE = '<schedule>'

/** Reads a schedule as the configuration does; null when it is none, and then, or where there is something to remark on, that is told. */
async function readSchedule(
  written: string,
  terminal: Terminal,
  paint: Paint,
): Promise<Omit<ScheduleSpec, 'zone'> | null> {
  const text = written.replace(/^\s*schedule:(?=\s)/, '').trim()
  // Most are plain texts without a fault, and need no more to be read.
  const parsed = parseSchedule(text)
  if (parsed.ok) return parsed.schedule
  const { readScheduleText } = await import('@tron/config')
  const { schedule, problems } = readScheduleText(text, SCHEDULE)
  terminal.err(problemView(problems, new Map([[SCHEDULE, text]]), paint))
  return schedule
}
