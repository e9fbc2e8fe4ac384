import { DST_POLICIES, type DstPolicy, TronError } from '@tron/model'
import { checkZone, describeInWords, explainSchedule, parseSchedule } from '@tron/schedule'
import { savedColor } from './client-config.ts'
import { createPaint } from './color.ts'
import { createParser, parseArguments } from './command-line.ts'
import { EXIT } from './exit.ts'
import { instantOf } from './instant-of.ts'
import { nearest } from './nearest.ts'
import type { Terminal } from './terminal.ts'
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
  const spec = { ...(await readSchedule(words.join(' '))), ...placeOf(options, terminal) }
  const fromMs = options.from === undefined ? terminal.nowMs() : instantOf(options.from, spec.zone)
  const instants = explainSchedule(spec, { fromMs, count: options.count })
  if (options.json) terminal.out(`${JSON.stringify({ instants }, null, 2)}\n`)
  else {
    const paint = createPaint(terminal, options.nocolor === true ? false : await savedColor(terminal.env))
    const told = { meaning: describeInWords(spec), zone: spec.zone, isGivenZone: options.zone !== undefined }
    await terminal.page(scheduleView({ ...told, instants, count: options.count }, paint))
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
  if (zone === null) throw noZone(asked)
  return { zone, dst: options.dst }
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

/** @throws CONFIG_INVALID for what is no schedule */
async function readSchedule(text: string) {
  const parsed = parseSchedule(await valueOf(text.replace(/^\s*schedule:(?=\s)/, '').trim()))
  if (parsed.ok) return parsed.schedule
  throw new TronError('CONFIG_INVALID', parsed.reason, {
    hint: 'Write it as behind schedule: in the configuration, such as "cron 0 5 * * *" or "daily 04:00".',
  })
}

/** What the configuration would hold: a text, unless quotes or a mapping say that YAML is meant. */
async function valueOf(text: string): Promise<unknown> {
  if (!/^["'{]/.test(text)) return text
  const { parseDocument } = await import('yaml')
  const document = parseDocument(text, { prettyErrors: false })
  const [error] = document.errors
  if (error !== undefined) throw new TronError('CONFIG_INVALID', `the schedule is not YAML: ${error.message}`)
  return document.toJS()
}
