import { describe, expect, it } from 'vitest'
import { resolveId, unknownText } from '../src/resolve-id.ts'
import { runTimeOf } from '../src/run-date.ts'
import { durationText, exitText } from '../src/view/words.ts'

const index = {
  jobs: {
    'MASTER.nightly': [{ name: 'load', command: 'ls' }],
    'reports.nightly': [],
    'reports.hourly': [{ name: 'publish', command: 'ls' }],
    'etl.load': [],
  },
  namespaces: ['MASTER', 'reports', 'etl'],
}

describe('identifiers', () => {
  it.each([
    ['nightly', { kind: 'job', job: 'MASTER.nightly' }],
    ['reports.nightly', { kind: 'job', job: 'reports.nightly' }],
    ['hourly', { kind: 'job', job: 'reports.hourly' }],
    ['hourly.7', { kind: 'run', job: 'reports.hourly', run: '7' }],
    ['hourly.HEAD', { kind: 'run', job: 'reports.hourly', run: 'HEAD' }],
    ['MASTER.nightly.-1', { kind: 'run', job: 'MASTER.nightly', run: '-1' }],
    ['nightly.-2.load', { kind: 'action', job: 'MASTER.nightly', run: '-2', action: 'load' }],
    ['etl.load.3.cleanup', { kind: 'action', job: 'etl.load', run: '3', action: 'cleanup' }],
    ['etl.load.3.cleanup.more', { kind: 'unknown', suggestions: ['etl.load'] }],
    ['nightly.', { kind: 'unknown', suggestions: ['MASTER.nightly', 'reports.nightly'] }],
    ['hourly.publish', { kind: 'unknown', suggestions: ['reports.hourly.HEAD.publish'] }],
    ['MASTER.nightly.load', { kind: 'unknown', suggestions: ['MASTER.nightly.HEAD.load'] }],
    ['hourly.publish.load', { kind: 'unknown', suggestions: ['reports.hourly'] }],
    ['hourly.head', { kind: 'run', job: 'reports.hourly', run: 'head' }],
    ['hourly.-0', { kind: 'unknown', suggestions: ['reports.hourly'] }],
    ['hourlly', { kind: 'unknown', suggestions: ['reports.hourly'] }],
    ['NIGHTLY.4', { kind: 'unknown', suggestions: ['MASTER.nightly', 'reports.nightly'] }],
    ['toString', { kind: 'unknown', suggestions: [] }],
    ['constructor.name', { kind: 'unknown', suggestions: [] }],
    ['', { kind: 'unknown', suggestions: [] }],
  ])('%s', (text, meaning) => {
    expect(resolveId(text, index)).toEqual(meaning)
  })

  it('suggest at most six', () => {
    const jobs = Object.fromEntries(Array.from({ length: 9 }, (_, number) => [`MASTER.job${number}`, []]))
    const resolution = resolveId('jobs', { jobs, namespaces: ['MASTER'] })
    expect(resolution).toMatchObject({ kind: 'unknown', suggestions: { length: 6 } })
  })

  it.each([
    [[], 'Unknown job identifier: x'],
    [['a'], 'Unknown job identifier: x\nDid you mean: a?'],
    [['a', 'b'], 'Unknown job identifier: x\nDid you mean one of: a, b?'],
  ])('that mean nothing are told with %j', (suggestions, text) => {
    expect(unknownText('x', suggestions)).toBe(text)
  })
})

describe('run dates', () => {
  it.each([
    ['2026-03-04', '2026-03-04 00:00:00'],
    ['2026-03-04 05:06', '2026-03-04 05:06:00'],
    ['2026-03-04T05:06', '2026-03-04 05:06:00'],
    ['2026-03-04T05:06:07', '2026-03-04 05:06:07'],
    ['2024-02-29 23:59:59', '2024-02-29 23:59:59'],
  ])('%s', (text, runTime) => {
    expect(runTimeOf(text)).toBe(runTime)
  })

  it.each([
    '',
    'today',
    '2026-02-29',
    '2026-13-01',
    '2026-3-4',
    '2026-03-04 24:00',
    '2026-03-04 5:06',
    '2026-03-04Z',
  ])('"%s" is none', (text) => {
    expect(() => runTimeOf(text)).toThrow(`"${text}" is not a date`)
  })
})

describe('durations', () => {
  it.each([
    ['', '-'],
    ['0:00:31.204110', '0:00:31'],
    ['1:30:00', '1:30:00'],
    ['2 days, 2:00:00.007000', '2 days, 2:00:00'],
  ])('"%s" is shown as %s', (duration, text) => {
    expect(durationText(duration)).toBe(text)
  })
})

describe('exit statuses', () => {
  it.each([
    [null, '-'],
    [0, '0'],
    [255, '255'],
    [-3, 'Stopped or killed'],
    [-99, '-99'],
  ])('%s is shown as %s', (status, text) => {
    expect(exitText(status)).toBe(text)
  })
})
