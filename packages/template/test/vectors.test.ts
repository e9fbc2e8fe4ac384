import { type JsonValue, jobId } from '@tron/model'
import { Temporal } from '@tron/model/temporal'
import {
  checkTemplate,
  publishedTriggers,
  type RenderContext,
  renderCommand,
  tronEnvironment,
  tronLabels,
} from '@tron/template'
import { describe, expect, it } from 'vitest'
import commandContext from './data/command-context.json' with { type: 'json' }
import dates from './data/dates.json' with { type: 'json' }
import environment from './data/environment.json' with { type: 'json' }
import labels from './data/labels.json' with { type: 'json' }
import monthSteps from './data/month-steps.json' with { type: 'json' }
import render from './data/render.json' with { type: 'json' }
import triggers from './data/triggers.json' with { type: 'json' }
import validation from './data/validation.json' with { type: 'json' }
import { DIFFERENCES, IMPOSSIBLE } from './tron-differences.ts'

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

/** What a vector gives here: what it gave in Tron, unless a difference says otherwise. */
function wanted<T>(id: string, theirs: T): T | string | boolean | null {
  const difference = DIFFERENCES[id]
  return difference === undefined ? theirs : difference.ours
}

function possible<T extends { readonly id: string }>(vectors: readonly T[]): readonly T[] {
  return vectors.filter(({ id }) => !(id in IMPOSSIBLE))
}

const step = (word: string, count: number) => `{${word}${count < 0 ? count : `+${count}`}}`

describe('date expressions, as Tron 3 evaluated them', () => {
  it.each(dates)('$id {$expression} of $runUtc in $zone', ({ id, runUtc, zone, expression, value }) => {
    const context = { runMs: Temporal.Instant.from(runUtc).epochMilliseconds, zone }
    expect(rendered(`{${expression}}`, context)).toBe(wanted(id, value))
  })

  it.each(monthSteps)(
    '$id steps of months and years keep the day, clamped',
    ({ start, years, months, result }) => {
      const context = { runMs: inUtc(start) }
      const there = Temporal.PlainDateTime.from(result)
      const [command, expected] =
        months === 0
          ? [step('year', years), String(there.year)]
          : [step('ym', months), there.toString().slice(0, 7)]
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
  it.each(possible(render))('$id $command', ({ id, command, given, rendered: text }) => {
    expect(rendered(command, contextOf(given))).toBe(wanted(id, text))
  })
})

describe('what validation says about commands, as Tron 3 did', () => {
  it.each(possible(validation))('$id $command', ({ id, command, commandContext: configured, accepted }) => {
    expect(checkTemplate(typeof command === 'string' ? command : '', configured).ok).toBe(
      wanted(id, accepted),
    )
  })
})

function partsOf(runId: string) {
  const [namespace = '', job = '', number = '', ...action] = runId.split('.')
  return { job: jobId(`${namespace}.${job}`), number: Number(number), action: action.join('.') }
}

describe('what tells a command who it is, as Tron 3 did', () => {
  it.each(possible(environment))('$id $runId', ({ runId, given, env }) => {
    const { job, number, action } = partsOf(runId)
    expect({ ...given, ...tronEnvironment(job, number, action) }).toEqual(env)
  })

  it.each(possible(labels))('$id $runId', ({ runId, given, attempt, labels: theirs }) => {
    expect({ ...given, ...tronLabels(partsOf(runId).number, attempt) }).toEqual(theirs)
  })
})

describe('the triggers of an action, as Tron 3 published them', () => {
  it.each(triggers)('$id $downstreams', ({ downstreams, published }) => {
    const result = publishedTriggers(downstreams, DEFAULTS)
    expect(result.ok ? result.names : null).toEqual(published)
  })
})

describe('the recorded cases', () => {
  const groups = { dates, monthSteps, render, validation, environment, labels, triggers }
  const results = new Map<string, unknown>([
    ...dates.map(({ id, value }) => [id, value] as const),
    ...render.map(({ id, rendered: text }) => [id, text] as const),
    ...validation.map(({ id, accepted }) => [id, accepted] as const),
    ...[...environment, ...labels, ...triggers, ...monthSteps].map(({ id }) => [id, undefined] as const),
  ])

  it('are all there', () => {
    const counts = Object.entries(groups).map(([name, vectors]) => [name, vectors.length])
    expect(Object.fromEntries(counts)).toEqual({
      dates: 300,
      monthSteps: 14,
      render: 118,
      validation: 50,
      environment: 6,
      labels: 5,
      triggers: 11,
    })
    expect(results.size).toBe(504)
  })

  it('differ only where a list says why, and there they do', () => {
    expect(Object.keys(IMPOSSIBLE).filter((id) => !results.has(id))).toEqual([])
    const idle = Object.entries(DIFFERENCES).filter(
      ([id, { ours }]) => !results.has(id) || results.get(id) === ours,
    )
    expect(idle).toEqual([])
  })
})
