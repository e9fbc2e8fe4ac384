import { DST_POLICIES, type DstPolicy, type ScheduleSpec } from '@tron/model'
import { compileSchedule, describeInWords, explainSchedule, jitterOf, parseSchedule } from '@tron/schedule'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import parse from './data/parse.json' with { type: 'json' }

const ZONES = [
  'UTC',
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Africa/Casablanca',
  'Asia/Tehran',
]
const PIECES = (
  '* / - , ? # 0 7 31 60 99999999999999999999 L W mon jan first 1st 5th day of month 5m 1 every at 09:00 24:00 cron daily ' +
  'interval @daily seconds 4pm mon-fri weekday 1h 30m “ Every constructor __proto__ \u0130 \u00a0 \n'
).split(' ')

const recorded = fc.constantFrom(
  ...parse.flatMap(({ schedule }) => (typeof schedule === 'string' ? [schedule] : [])),
)
const piece = fc.constantFrom(' ', '', ...PIECES)

/** A recorded schedule in which something stands instead of something else. */
const changed = fc
  .tuple(recorded, piece, fc.nat(40), fc.nat(3))
  .map(([text, put, at, cut]) => text.slice(0, at) + put + text.slice(at + cut))

const text = fc.oneof(
  recorded,
  changed,
  fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(' ')),
  fc.string(),
)

const asked = fc.record({
  schedule: text,
  zone: fc.constantFrom(...ZONES),
  dst: fc.constantFrom(...DST_POLICIES),
  jitterMs: fc.nat(10_000_000_000),
  fromMs: fc.integer({ min: 0, max: Date.UTC(2100, 0, 1) }),
})

interface Asked {
  readonly schedule: string
  readonly zone: string
  readonly dst: DstPolicy
  readonly jitterMs: number
  readonly fromMs: number
}

/** What is wrong with the way a text is taken: nothing, if it is refused with a reason that suggests no other refused one, or has words, an explanation, and instants that go forward. */
function faultsOf({ schedule, ...how }: Asked): readonly string[] {
  const read = parseSchedule(schedule)
  if (!read.ok) return faultsOfReason(read.reason)
  const spec = { ...read.schedule, ...how }
  const words = describeInWords(spec)
  const isEnglish = /^(?:At|Every) \S(?:(?!undefined|NaN|,,| {2}).)+$/.test(words)
  return [...(isEnglish ? [] : [words]), ...faultsOfInstants(spec, how.fromMs)]
}

function faultsOfReason(reason: string): readonly string[] {
  if (reason === '') return ['refused without a reason']
  const advice = /write for example ("[^"]*"(?: or "[^"]*")*)$/.exec(reason)?.[1] ?? ''
  return [...advice.matchAll(/"([^"]*)"/g)].flatMap(([, suggested]) =>
    parseSchedule(suggested).ok ? [] : [`suggests ${suggested}`],
  )
}

function faultsOfInstants(spec: ScheduleSpec, fromMs: number): readonly string[] {
  const faults: string[] = []
  const compiled = compileSchedule(spec)
  let before = { atMs: fromMs, drawnMs: -Infinity }
  for (const { utc } of explainSchedule(spec, { fromMs, count: 3 }).filter((line) => line.utc !== null)) {
    const atMs = compiled.next(before.atMs)?.atMs ?? Number.NaN
    const drawnMs = atMs + jitterOf(compiled, atMs, { seed: `job/s${atMs}`, jitterMs: spec.jitterMs })
    if (!(atMs > before.atMs)) faults.push(`${atMs} is not after ${before.atMs}`)
    if (compiled.next(atMs - 1)?.atMs !== atMs) faults.push(`${atMs} is not next just before it`)
    if (Date.parse(utc ?? '') !== atMs) faults.push(`${utc} is explained instead of ${atMs}`)
    if (!(drawnMs > before.drawnMs)) faults.push(`${drawnMs} is drawn after ${before.drawnMs}`)
    before = { atMs, drawnMs }
  }
  return faults
}

it('takes any text without a fault', () => {
  fc.assert(
    fc.property(asked, (one) => {
      expect(faultsOf(one)).toEqual([])
    }),
    { numRuns: 3000 },
  )
})
