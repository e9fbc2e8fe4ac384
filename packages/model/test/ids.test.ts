import { createHash } from 'node:crypto'
import {
  actionRunId,
  actionRunParts,
  attemptId,
  attemptIdOf,
  drawFrom,
  formatStartKey,
  installationId,
  isTronError,
  jobId,
  parseStartKey,
  runId,
  type StartKey,
} from '@tron/model'
import { describe, expect, it } from 'vitest'

const job = jobId('reports.hourly')
const codeOf = (call: () => unknown): string => {
  try {
    call()
  } catch (error) {
    if (isTronError(error)) return error.code
    throw error
  }
  return 'none'
}

describe('an id', () => {
  it('is made of its parts and taken apart again', () => {
    const action = actionRunId(runId(job, 41), 'publish')
    expect(action).toBe('reports.hourly.41.publish')
    expect(actionRunParts(action)).toEqual({
      job: 'reports.hourly',
      run: 'reports.hourly.41',
      number: 41,
      action: 'publish',
    })
  })

  it.each(['', 'hourly', 'a.b.c', '1a.b', 'a.b ', 'a.b\n', 'a.日次', `a.${'x'.repeat(256)}`])(
    'of a job is refused when it is %j',
    (text) => {
      expect(codeOf(() => jobId(text))).toBe('BAD_ID')
    },
  )

  it.each([-1, 1.5, Number.NaN, 2 ** 53])('of a run is refused for the number %d', (number) => {
    expect(codeOf(() => runId(job, number))).toBe('BAD_ID')
  })

  it('of an attempt is refused when it could be a path', () => {
    for (const text of ['../../../../etc/passwd12345', 'A'.repeat(26), 'a'.repeat(25)]) {
      expect(codeOf(() => attemptId(text))).toBe('BAD_ID')
    }
  })
})

describe('a start key', () => {
  const keys: readonly StartKey[] = [
    { job, cause: { slotMs: 1_767_571_260_000 }, nodeSlot: 0, action: 'collect', ordinal: 0 },
    { job, cause: { slotMs: -5 }, nodeSlot: 3, action: 'cleanup', ordinal: 12 },
    { job, cause: { request: 'a/b %20 日本 \n' }, nodeSlot: 0, action: 'x', ordinal: 1 },
  ]

  it.each(keys)('is one word of text that reads back: %j', (key) => {
    const text = formatStartKey(key)
    expect(text).not.toMatch(/\s/)
    expect(parseStartKey(text)).toEqual(key)
  })

  it.each([
    '',
    'a.b/s1/0/x',
    'a.b/s1/0/x/0/more',
    'a.b/q1/0/x/0',
    'a.b/s1/-1/x/0',
    'a.b/r%/0/x/0',
    'a.b/s1/0/-/0',
  ])('is refused when it is %j', (text) => {
    expect(codeOf(() => parseStartKey(text))).toBe('BAD_ID')
  })
})

describe('the id of an attempt', () => {
  it('is the first 26 characters of the base32 SHA-256 of installation and start key', () => {
    const digest = createHash('sha256').update('inst\nkey').digest()
    const bits = [...digest].map((byte) => byte.toString(2).padStart(8, '0')).join('')
    const letters = 'abcdefghijklmnopqrstuvwxyz234567'
    const expected = Array.from(
      { length: 26 },
      (_, at) => letters[Number.parseInt(bits.slice(at * 5, at * 5 + 5), 2)],
    )
    expect(attemptIdOf('inst', 'key')).toBe(expected.join(''))
  })

  it('differs by installation and by start key', () => {
    const ids = [attemptIdOf('a', 'k'), attemptIdOf('b', 'k'), attemptIdOf('a', 'l')]
    expect(new Set(ids).size).toBe(3)
  })
})

it('an installation is named by all of its 128 bits', () => {
  const names = [new Uint8Array(16), Uint8Array.from({ length: 16 }, (_, at) => (at === 15 ? 1 : 0))]
  expect(names.map(installationId)).toEqual(['a'.repeat(26), `${'a'.repeat(25)}e`])
  expect(codeOf(() => installationId(new Uint8Array(15)))).toBe('BAD_ID')
})

it('a draw is the same for the same seed and spreads over all there is', () => {
  const drawn = Array.from({ length: 3_000 }, (_, at) => drawFrom(`seed ${at}`, 3))
  expect(drawFrom('seed 7', 3)).toBe(drawn[7])
  const counts = [0, 1, 2].map((node) => drawn.filter((one) => one === node).length)
  for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(120)
})
