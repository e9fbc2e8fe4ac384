import { jobId } from '@tron/model'
import { checkTemplate, type RenderContext, renderCommand } from '@tron/template'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const CONFIGURED: RenderContext['commandContext'] = {
  PYTHON: '/usr/bin/python',
  N: 5,
  F: 1234.5,
  T: true,
  NUL: null,
  L: [1, 'two', [3]],
  D: { k: 'v', '0': 'zero', 'a:b}c': 'odd', constructor: 'mine' },
  WIDTH: 12,
  SPEC: '>8',
  'with space': 'ws',
  'shortdate-x': 'never seen',
}

const FIRST_MS = Date.UTC(1900, 0, 2)
const LAST_MS = Date.UTC(2999, 11, 30)
const instant = fc.integer({ min: FIRST_MS, max: LAST_MS })
const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,12}$/)

/** Any run that a configuration can bring, from 1900 to 2999. */
const anyRun: fc.Arbitrary<RenderContext> = fc.record({
  job: fc.tuple(name, name).map((parts) => jobId(parts.join('.'))),
  runNumber: fc.nat(1_000_000_000),
  runMs: instant,
  zone: fc.constantFrom('UTC', 'America/Los_Angeles', 'Pacific/Kiritimati', 'Europe/Dublin', 'Asia/Kolkata'),
  manual: fc.boolean(),
  action: name,
  node: fc.stringMatching(/^[a-z0-9][a-z0-9.-]{0,20}$/),
  cleanupJobStatus: fc.constantFrom('SUCCESS' as const, 'FAILURE' as const, 'UNKNOWN' as const),
  lastSuccessRunMs: fc.option(instant),
  nowMs: instant,
  commandContext: fc.constant(CONFIGURED),
})

const NAMES = [
  'name',
  'namespace',
  'runid',
  'runid-1',
  'runid+30',
  'actionname',
  'node',
  'manual',
  'cleanup_job_status',
  'shortdate',
  'year',
  'month',
  'day',
  'hour',
  'ym',
  'ymd',
  'ymdh',
  'ymdhm',
  'unixtime',
  'daynumber',
  'shortdate-1',
  'month + 14',
  'year-1899',
  'year+7000',
  'hour-99999',
  'unixtime-5',
  'shortdate-x',
  'last_success#day-1',
  'last_success#ym',
  'last_success#',
  'last_success',
  ...Object.keys(CONFIGURED),
  'constructor',
  '__proto__',
  'toString',
  'D.k',
  'NOPE',
  '',
  '0',
  ' name ',
]
const INDEXES = [
  '',
  '',
  '',
  '[0]',
  '[1]',
  '[3]',
  '[9]',
  '[k]',
  '[a:b}c]',
  '[2][0]',
  '[__proto__]',
  '[length]',
  '[]',
  '[',
  '[-1]',
]
const CONVERSIONS = ['', '', '', '!r', '!s', '!a', '!z', '!', '!rr']
const FORMATS = [
  '',
  '',
  '',
  ':',
  ':>12',
  ':<{WIDTH}',
  ':{SPEC}',
  ':^{N}',
  ':05d',
  ':x',
  ':.3f',
  ':,.2f',
  ':.{hour}',
  ':{day}',
  ':.{month[0]}{month}',
  ':{manual[3]}',
  ':{manual[4]}',
  ':{name[0]}',
  ':{node}',
  ':{cleanup_job_status[0]}',
  ':.{day[0]}{day}',
  ':.99f',
  ':.100f',
  ':.999g',
  ':{N:{N}}',
  ':{unixtime}',
  ':{',
  ':}}',
  ':{{}}',
  ':c',
  ':#x',
  ':é=9',
  ':{NOPE}',
]
const field = fc
  .tuple(
    fc.constantFrom(...NAMES),
    fc.constantFrom(...INDEXES),
    fc.constantFrom(...CONVERSIONS),
    fc.constantFrom(...FORMATS),
  )
  .map((parts) => `{${parts.join('')}}`)
const anyTemplate = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom('', 'echo ', '$', '日本 '), field, fc.constantFrom('', '}}', ' {{x}}'))
      .map((parts) => parts.join('')),
  },
  {
    weight: 2,
    arbitrary: fc
      .array(
        fc.constantFrom('{', '}', '{{', '}}', '[', ']', ':', '!', '.', 'r', 'name', '-1', '$', 'N', '🚀'),
        { maxLength: 14 },
      )
      .map((parts) => parts.join('')),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
)

const END = {
  zone: 'UTC',
  cleanupJobStatus: 'UNKNOWN',
  lastSuccessRunMs: null,
  commandContext: CONFIGURED,
} as const
const LONG = 'q'.repeat(255)

/** Runs at the ends of what is possible: the first and the last day, the shortest and the longest names. */
const ENDS: readonly RenderContext[] = [
  {
    ...END,
    node: 'q',
    action: 'q',
    job: jobId('q.q'),
    runNumber: 0,
    runMs: FIRST_MS,
    manual: true,
    nowMs: FIRST_MS,
  },
  {
    ...END,
    node: LONG,
    action: LONG,
    job: jobId(`${LONG}.${LONG}`),
    runNumber: 1e9,
    runMs: LAST_MS,
    manual: false,
    nowMs: LAST_MS,
  },
]

describe('any text', () => {
  it('that is accepted renders for every run', () => {
    fc.assert(
      fc.property(anyTemplate, anyRun, (template, run) => {
        const fails = checkTemplate(template, CONFIGURED).ok && !renderCommand(template, run).ok
        expect(fails).toBe(false)
      }),
      { numRuns: 5000 },
    )
  })

  it('that is refused, with a reason, fails for some run', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        const check = checkTemplate(template, CONFIGURED)
        const fails = ENDS.some((run) => !renderCommand(template, run).ok)
        expect(check.ok || check.faults.every(({ reason }) => reason !== '')).toBe(true)
        expect(fails).toBe(!check.ok)
      }),
      { numRuns: 5000 },
    )
  })

  it('with its braces doubled is left as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), anyRun, (text, run) => {
        const escaped = text.replaceAll('{', '{{').replaceAll('}', '}}')
        expect(renderCommand(`:${escaped}`, run)).toEqual({ ok: true, text: `:${text}` })
      }),
    )
  })

  it('is put in once: what a value holds is never read as a template', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), anyRun, (value, run) => {
        expect(renderCommand('<{V}>', { ...run, commandContext: { V: value } })).toEqual({
          ok: true,
          text: `<${value}>`,
        })
      }),
    )
  })

  it('has its faults in order, each of them at a place of its own', () => {
    fc.assert(
      fc.property(anyTemplate, (template) => {
        const check = checkTemplate(template, CONFIGURED)
        const faults = check.ok ? [] : check.faults
        const ends = faults.map(({ at, length }) => at + length)
        expect(faults.every(({ at }, index) => at >= (ends[index - 1] ?? 0))).toBe(true)
        expect(ends.every((end) => end <= template.length)).toBe(true)
      }),
      { numRuns: 5000 },
    )
  })

  it.each(['{{', '{', '[', '{a[', '{a:{', '{name}', '}}', '{a:{{', '{a', '} ', '{a} '])(
    'of a million times %s takes no time to speak of',
    (part) => {
      const text = part.repeat(1_000_000 / part.length)
      expect(typeof checkTemplate(text, CONFIGURED).ok).toBe('boolean')
    },
  )
})
