import { Temporal } from '@tron/model/temporal'
import { type CompiledSchedule, compileSchedule, jitterOf, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

const at = (text: string) => Temporal.Instant.from(text).epochMilliseconds
const HOUR_MS = 3_600_000

function compile(text: string, zone: string): CompiledSchedule {
  const parsed = parseSchedule(text)
  if (!parsed.ok) throw new Error(parsed.reason)
  return compileSchedule({ ...parsed.schedule, zone })
}

/** The next nominal instants, and each with its jitter. */
function drawn(
  schedule: CompiledSchedule,
  from: { readonly afterMs: number; readonly count: number; readonly jitterMs: number },
): readonly { readonly nominal: number; readonly jittered: number }[] {
  const found: { nominal: number; jittered: number }[] = []
  let nominal = from.afterMs
  while (found.length < from.count) {
    nominal = schedule.next(nominal)?.atMs ?? Infinity
    const seed = `svc.job/s${nominal}`
    found.push({
      nominal,
      jittered: nominal + jitterOf(schedule, nominal, { seed, jitterMs: from.jitterMs }),
    })
  }
  return found
}

describe('jitter', () => {
  const daily = compile('daily 04:00', 'UTC')

  it('is whole seconds within its bounds both ways, and reaches them', () => {
    const slot = at('2024-06-01T04:00Z')
    const all = Array.from({ length: 500 }, (_, index) =>
      jitterOf(daily, slot, { seed: `job/${index}`, jitterMs: 10_000 }),
    )
    expect([...new Set(all)].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 21 }, (_, index) => (index - 10) * 1000),
    )
  })

  it('is the same for the same slot and seed, whoever asks', () => {
    const asked = { seed: 'job/1', jitterMs: 600_000 }
    const other = compile('cron 0 4 * * *', 'UTC')
    const slot = at('2024-06-01T04:00Z')
    expect(jitterOf(daily, slot, asked)).toBe(jitterOf(other, slot, asked))
  })

  it('is none without one', () => {
    expect(jitterOf(daily, at('2024-06-01T04:00Z'), { seed: 'job/1', jitterMs: 0 })).toBe(0)
  })

  it.each([
    { text: 'cron * * * * *', zone: 'UTC', from: '2024-06-01T00:00Z', hours: 1 },
    { text: 'cron */5 * * * *', zone: 'US/Pacific', from: '2024-11-03T05:00Z', hours: 0.2 },
    { text: 'cron 0 0-11 * * *', zone: 'Europe/Berlin', from: '2024-03-30T00:00Z', hours: 24 },
    { text: 'cron 0,1,30 * * * *', zone: 'Australia/Lord_Howe', from: '2024-10-05T00:00Z', hours: 3 },
    { text: 'every 5 seconds', zone: 'UTC', from: '2024-06-01T00:00Z', hours: 0.1 },
    { text: 'every 1 second', zone: 'UTC', from: '2024-06-01T00:00Z', hours: 0.1 },
    { text: 'daily 01:30:00', zone: 'America/New_York', from: '2024-10-30T00:00Z', hours: 48 },
  ])('keeps the order of $text in $zone, were it $hours hours', ({ text, zone, from, hours }) => {
    const jitterMs = hours * HOUR_MS
    const found = drawn(compile(text, zone), { afterMs: at(from), count: 300, jitterMs })
    const wrong = found.filter(
      ({ jittered }, index) => index > 0 && jittered <= (found[index - 1]?.jittered ?? 0),
    )
    expect(wrong).toEqual([])
  })

  it('goes as far as a half of the way, less half a second, to the instants before and after', () => {
    const schedule = compile('cron 0,10 4 * * *', 'UTC')
    const furthest = (slot: string) => {
      const all = Array.from({ length: 20_000 }, (_, index) =>
        jitterOf(schedule, at(slot), { seed: `job/${index}`, jitterMs: 20 * 60_000 }),
      )
      return [Math.min(...all), Math.max(...all)]
    }
    expect(furthest('2024-06-01T04:00Z')).toEqual([-1_200_000, 299_000])
    expect(furthest('2024-06-01T04:10Z')).toEqual([-299_000, 1_200_000])
  })

  it('stays between the epoch and the year 2400, were it millions of years', () => {
    const slot = at('2024-02-29T00:00Z')
    for (const text of ['interval 19782 days', 'cron 0 0 29 2 *', 'daily 04:00']) {
      const schedule = compile(text, 'UTC')
      const nominal = schedule.next(slot - 1)?.atMs ?? Number.NaN
      for (let index = 0; index < 20; index += 1) {
        const jittered =
          nominal +
          jitterOf(schedule, nominal, { seed: `job/${index}`, jitterMs: 999_999_999 * 24 * HOUR_MS })
        expect(jittered).toBeGreaterThan(0)
        expect(jittered).toBeLessThan(at('2400-01-01T00:00Z'))
      }
    }
  })
})
