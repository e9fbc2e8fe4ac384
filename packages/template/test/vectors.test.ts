import { type JsonValue, jobId } from '@tron/model'
import { Temporal } from '@tron/model/temporal'
import { checkTemplate, type RenderContext, renderCommand, tronEnvironment } from '@tron/template'
import { describe, expect, it } from 'vitest'
import commandContext from './data/command-context.json' with { type: 'json' }
import dates from './data/dates.json' with { type: 'json' }
import environment from './data/environment.json' with { type: 'json' }
import monthSteps from './data/month-steps.json' with { type: 'json' }
import render from './data/render.json' with { type: 'json' }
import validation from './data/validation.json' with { type: 'json' }

const inUtc = (wall: string) => Temporal.PlainDateTime.from(wall).toZonedDateTime('UTC').epochMilliseconds

const DEFAULTS: RenderContext = {
  job: jobId('svc.nightly'),
  runNumber: 7,
  runMs: inUtc('2024-03-10T05:06:07'),
  zone: 'UTC',
  manual: false,
  action: 'act1',
  node: 'batch1.example.com',
  cleanupJobStatus: 'UNKNOWN',
  lastSuccessRunMs: inUtc('2024-03-08T01:02:03'),
  nowMs: inUtc('2024-06-15T10:20:30'),
  commandContext: {},
}

function rendered(command: string, context: Partial<RenderContext>): string | null {
  const result = renderCommand(command, { ...DEFAULTS, ...context })
  return result.ok ? result.text : null
}

const JUNK = 'junk after a date expression is refused'
const NO_INTERNALS = 'a template reaches plain names only, never the inside of the program'
const DIFFERENT_DATES = new Map<string, string>([
  ['date_arithmetic_syntax-009', JUNK],
  ['date_arithmetic_syntax-010', JUNK],
  ['date_arithmetic_syntax-011', JUNK],
  ['date_arithmetic_syntax-015', JUNK],
  ['date_arithmetic_syntax-016', JUNK],
  ['date_arithmetic_syntax-017', JUNK],
  ['date_arithmetic_syntax-018', JUNK],
  ['date_arithmetic_syntax-019', JUNK],
  ['date_arithmetic_syntax-020', JUNK],
  ['date_arithmetic_syntax-034', JUNK],
])
const IMPOSSIBLE = new Map([
  ['render-122', 'a run always knows whether it was started by hand'],
  ['render-133', 'a job always has a namespace'],
  ['render-137', 'a run always has a node'],
])
const DIFFERENT_TEXTS = new Map<string, { readonly reason: string; readonly text: string | null }>([
  ['render-135', { reason: 'a time of exactly 0 is a time', text: '0' }],
  ...['001', '002', '003', '004', '005', '006', '007', '008', '009', '010', '011'].map(
    (number) => [`render_interpreter_leaks-${number}`, { reason: NO_INTERNALS, text: null }] as const,
  ),
])

const step = (word: string, count: number) => `{${word}${count < 0 ? count : `+${count}`}}`

describe('date expressions, as Tron 3 evaluated them', () => {
  it.each(dates)('$id {$expression} of $runUtc in $zone', ({ id, runUtc, zone, expression, value }) => {
    const context = { runMs: Temporal.Instant.from(runUtc).epochMilliseconds, zone }
    const expected = DIFFERENT_DATES.has(id) ? null : value
    expect(rendered(`{${expression}}`, context)).toBe(expected)
  })

  it.each(monthSteps)(
    '$id steps of months and years keep the day, clamped',
    ({ start, years, months, result }) => {
      const context = { runMs: inUtc(start) }
      const wanted = Temporal.PlainDateTime.from(result)
      const [command, expected] =
        months === 0
          ? [step('year', years), String(wanted.year)]
          : [step('ym', months), wanted.toString().slice(0, 7)]
      expect(rendered(command, context)).toBe(expected)
    },
  )
})

interface Given {
  readonly tz?: string
  readonly last?: string | null
  readonly num?: number
  readonly rt?: string
  readonly failed?: boolean
  readonly jobname?: string
  readonly cc?: unknown
  readonly command_context?: unknown
}

function contextOf(given: Given): Partial<RenderContext> {
  const zone = given.tz ?? 'UTC'
  const inZone = (wall: string) => Temporal.PlainDateTime.from(wall).toZonedDateTime(zone).epochMilliseconds
  const configured: Readonly<Record<string, JsonValue>> = commandContext
  return {
    zone,
    runMs: inZone(given.rt ?? '2024-03-10T05:06:07'),
    lastSuccessRunMs: given.last === null ? null : inZone('2024-03-08T01:02:03'),
    ...(given.num === undefined ? {} : { runNumber: given.num }),
    ...(given.failed === true ? { cleanupJobStatus: 'FAILURE' } : {}),
    ...(given.jobname === undefined ? {} : { job: jobId(given.jobname) }),
    ...(given.cc === undefined && given.command_context === undefined ? {} : { commandContext: configured }),
  }
}

describe('commands, as Tron 3 rendered them', () => {
  it.each(render.filter(({ id }) => !IMPOSSIBLE.has(id)))(
    '$id $command',
    ({ id, command, given, rendered: text }) => {
      const different = DIFFERENT_TEXTS.get(id)
      expect(rendered(command, contextOf(given))).toBe(different === undefined ? text : different.text)
    },
  )
})

const AT_RUN_TIME = 'what works at run time is accepted'
const NOW_ACCEPTED = new Map([
  ['command_validation-003', AT_RUN_TIME],
  ['command_validation-004', AT_RUN_TIME],
  ['command_validation-005', AT_RUN_TIME],
  ['command_validation-023', AT_RUN_TIME],
])
const NOW_REFUSED = new Map([
  ['command_validation-024', NO_INTERNALS],
  ['command_validation-033', NO_INTERNALS],
  ['command_validation-034', NO_INTERNALS],
  ['command_validation-035', NO_INTERNALS],
  ['command_validation-036', NO_INTERNALS],
  ['command_validation-053', NO_INTERNALS],
])

describe('what validation says about commands, as Tron 3 did', () => {
  const full = validation.flatMap((vector) =>
    vector.context === 'full' && typeof vector.command === 'string'
      ? [{ ...vector, command: vector.command }]
      : [],
  )

  it.each(full)('$id $command', ({ id, command, commandContext: configured, accepted }) => {
    const expected = (accepted && !NOW_REFUSED.has(id)) || NOW_ACCEPTED.has(id)
    expect(checkTemplate(command, configured).ok).toBe(expected)
  })
})

describe('the environment of a command', () => {
  const ofActions = environment.filter(({ runId }) => /^\w+\.\w+\.\d+\.[\w-]+$/.test(runId))

  it.each(ofActions)('$id $runId', ({ runId, env }) => {
    const [namespace, job, number, action] = runId.split('.')
    expect(tronEnvironment(jobId(`${namespace}.${job}`), Number(number), action ?? '')).toEqual(env)
  })
})
