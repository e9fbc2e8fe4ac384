import { DST_POLICIES, type DstPolicy } from '@tron/model'
import { Temporal } from '@tron/model/temporal'
import { explainSchedule, parseSchedule } from '@tron/schedule'
import { describe, expect, it } from 'vitest'

interface Asked {
  readonly schedule: string
  readonly zone: string
  readonly from: string
  readonly count: number
  readonly dst?: DstPolicy
}

function explain({ schedule, zone, from, count, dst = 'auto' }: Asked) {
  const read = parseSchedule(schedule)
  if (!read.ok) throw new Error(read.reason)
  const fromMs = Temporal.Instant.from(from).epochMilliseconds
  return explainSchedule({ ...read.schedule, zone, dst }, { fromMs, count })
}

/** Each line as its time on the wall, what happened there, and a stroke before lines that are no instants. */
function told(asked: Asked): readonly string[] {
  return explain(asked).map(({ utc, local, note }) =>
    `${utc === null ? '- ' : ''}${local.slice(5)} ${note?.split(/: /).at(-1) ?? ''}`.trim(),
  )
}

const SPRING = { zone: 'America/New_York', from: '2024-03-10T05:30Z' }
const AUTUMN = { zone: 'America/New_York', from: '2024-11-03T04:30Z' }

describe('an explanation', () => {
  it('gives instants in UTC and on the wall, strictly after the time asked from', () => {
    const asked = { schedule: 'daily 03:00', zone: 'Europe/Berlin', from: '2024-06-01T01:00Z', count: 2 }
    expect(explain(asked)).toEqual([
      { utc: '2024-06-02T01:00:00Z', local: '2024-06-02T03:00:00+02:00', note: null },
      { utc: '2024-06-03T01:00:00Z', local: '2024-06-03T03:00:00+02:00', note: null },
    ])
  })

  it('says of times that the clocks leave out where they went, in full', () => {
    expect(explain({ ...SPRING, schedule: 'daily 02:30', count: 1 })).toEqual([
      {
        utc: '2024-03-10T07:30:00Z',
        local: '2024-03-10T03:30:00-04:00',
        note: '2024-03-10 02:30 does not exist in America/New_York, where the clocks go forward from 02:00 to 03:00: moved 1 hour later',
      },
    ])
    expect(explain({ ...SPRING, schedule: 'daily 02:30', count: 1, dst: 'skip' })[0]).toEqual({
      utc: null,
      local: '2024-03-10T02:30:00-05:00',
      note: '2024-03-10 02:30 does not exist in America/New_York, where the clocks go forward from 02:00 to 03:00: left out',
    })
  })

  it('says of times that come twice which they are, in full', () => {
    expect(explain({ ...AUTUMN, schedule: 'daily 01:30', count: 2 })).toEqual([
      {
        utc: '2024-11-03T05:30:00Z',
        local: '2024-11-03T01:30:00-04:00',
        note: '2024-11-03 01:30 comes twice in America/New_York, where the clocks go back from 02:00 to 01:00: this is the first',
      },
      {
        utc: null,
        local: '2024-11-03T01:30:00-05:00',
        note: '2024-11-03 01:30 comes twice in America/New_York, where the clocks go back from 02:00 to 01:00: the second is left out',
      },
      { utc: '2024-11-04T06:30:00Z', local: '2024-11-04T01:30:00-05:00', note: null },
    ])
  })

  it('puts a row of dropped times on one line', () => {
    expect(told({ ...SPRING, schedule: 'cron */20 1-3 * * *', count: 6 })).toEqual([
      '03-10T01:00:00-05:00',
      '03-10T01:20:00-05:00',
      '03-10T01:40:00-05:00',
      '- 03-10T02:00:00-05:00 moved 1 hour later they fall together with 03:00 to 03:40',
      '03-10T03:00:00-04:00',
      '03-10T03:20:00-04:00',
      '03-10T03:40:00-04:00',
    ])
    expect(told({ ...AUTUMN, schedule: 'cron */20 1 * * *', count: 4, dst: 'last' })).toEqual([
      '- 11-03T01:00:00-04:00 the first ones are left out',
      '11-03T01:00:00-05:00 this is the second',
      '11-03T01:20:00-05:00 this is the second',
      '11-03T01:40:00-05:00 this is the second',
      '11-04T01:00:00-05:00',
    ])
  })

  it.each<{ dst: DstPolicy; spring: readonly string[] }>([
    ...(['auto', 'shift', 'first', 'last', 'both'] as const).map((dst) => ({
      dst,
      spring: ['03-10T03:30:00-04:00 moved 1 hour later'],
    })),
    { dst: 'skip', spring: ['- 03-10T02:30:00-05:00 left out', '03-11T02:30:00-04:00'] },
  ])('of a fixed hour that is left out, under $dst', ({ dst, spring }) => {
    expect(told({ ...SPRING, schedule: 'daily 02:30', count: 1, dst })).toEqual(spring)
  })

  const FIRST = '11-03T01:30:00-04:00 this is the first'
  const SECOND = '11-03T01:30:00-05:00 this is the second'
  const NO_FIRST = '- 11-03T01:30:00-04:00 the first is left out'
  const NO_SECOND = '- 11-03T01:30:00-05:00 the second is left out'
  it.each<{ dst: DstPolicy; fixed: readonly string[]; hourly: readonly string[] }>([
    { dst: 'auto', fixed: [FIRST, NO_SECOND], hourly: [FIRST, SECOND] },
    { dst: 'shift', fixed: [FIRST, NO_SECOND], hourly: [FIRST, SECOND] },
    { dst: 'skip', fixed: [FIRST, NO_SECOND], hourly: [FIRST, SECOND] },
    { dst: 'first', fixed: [FIRST, NO_SECOND], hourly: [FIRST, NO_SECOND] },
    { dst: 'last', fixed: [NO_FIRST, SECOND], hourly: [NO_FIRST, SECOND] },
    { dst: 'both', fixed: [FIRST, SECOND], hourly: [FIRST, SECOND] },
  ])('of hours that come twice, under $dst', ({ dst, fixed, hourly }) => {
    const twice = (line: string) => line.includes('11-03T01:30')
    expect(told({ ...AUTUMN, schedule: 'daily 01:30', count: 2, dst }).filter(twice)).toEqual(fixed)
    expect(told({ ...AUTUMN, schedule: 'cron 30 * * * *', count: 4, dst }).filter(twice)).toEqual(hourly)
  })

  it.each([
    {
      what: 'half an hour',
      asked: { schedule: 'daily 02:15', zone: 'Australia/Lord_Howe', from: '2024-10-05T00:00Z', count: 1 },
      lines: ['10-06T02:45:00+11:00 moved 30 minutes later'],
    },
    {
      what: 'midnight',
      asked: { schedule: 'daily 00:00', zone: 'America/Sao_Paulo', from: '2018-11-03T12:00Z', count: 1 },
      lines: ['11-04T01:00:00-02:00 moved 1 hour later'],
    },
    {
      what: 'a whole day',
      asked: { schedule: 'daily 12:00', zone: 'Pacific/Apia', from: '2011-12-30T00:00Z', count: 1 },
      lines: [
        '- 12-30T12:00:00-10:00 moved 1 day later it falls together with 2011-12-31 12:00',
        '12-31T12:00:00+14:00',
      ],
    },
    {
      what: 'some minutes and seconds, before there were zones',
      asked: {
        schedule: 'daily 12:02',
        zone: 'America/New_York',
        from: '1883-11-18T12:00Z',
        count: 1,
        dst: 'last' as const,
      },
      lines: ['- 11-18T12:02:00-04:56 the first is left out', '11-18T12:02:00-05:00 this is the second'],
    },
  ])('tells a change of the clocks by $what', ({ asked, lines }) => {
    expect(told(asked)).toEqual(lines)
  })

  it.each(['daily 04:00 MWF', 'cron 0 4 L * *', 'every day of june', '1st,3rd monday', 'every 5 seconds'])(
    'has nothing to say of the clocks of a zone that never changes them: %s',
    (schedule) => {
      const notes = DST_POLICIES.flatMap((dst) =>
        explain({ schedule, zone: 'UTC', from: '2024-02-01T00:00Z', count: 3, dst }).map(({ note }) => note),
      )
      expect(notes).toEqual(Array.from({ length: 3 * DST_POLICIES.length }, () => null))
    },
  )

  it('ends where the schedule does', () => {
    const asked = { schedule: 'daily 02:30', zone: 'UTC', from: '2399-12-30T12:00Z', count: 5 }
    expect(told(asked)).toEqual(['12-31T02:30:00+00:00'])
  })

  it('reaches over the leap year that 2100 is not', () => {
    const asked = { schedule: 'cron 0 0 29 2 *', zone: 'Europe/Berlin', from: '2096-03-01T00:00Z', count: 1 }
    expect(explain(asked)).toEqual([
      { utc: '2104-02-28T23:00:00Z', local: '2104-02-29T00:00:00+01:00', note: null },
    ])
  })
})
