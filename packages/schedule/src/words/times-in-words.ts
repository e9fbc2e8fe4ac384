import type { WallPattern } from '../read/wall-pattern.ts'
import { enumerate, enumerateRuns, runsOf, stepOf } from './lists.ts'

type Times = Omit<WallPattern, 'days'>

/** Times of a day in words. */
export interface TimesInWords {
  /** Such as `At 03:00 and 15:00`, or `Every 15 minutes from 09:00 to 17:45`. */
  readonly words: string
  /** They are spread evenly over the whole day, so that `every day` goes without saying. */
  readonly allDay: boolean
}

/** So many times are told one by one. */
const MOST_TOLD = 6

export function timesInWords(times: Times): TimesInWords {
  const { hours, minutes } = times
  const count = hours.length * minutes.length
  if (count <= 2) return { words: `At ${listOf(times)}`, allDay: false }
  const even = evenTimes(times)
  if (even !== null && (count > 4 || even.allDay)) return even
  if (count <= MOST_TOLD) return { words: `At ${listOf(times)}`, allDay: false }
  const past = `${enumerateRuns(minutes, String)} minutes past`
  if (hours.length === 24) return { words: `At ${past} every hour`, allDay: true }
  return { words: `At ${past} ${enumerateRuns(hours, (hour) => clock(hour * 60, 0))}`, allDay: false }
}

function listOf(times: Times): string {
  return enumerate(minutesOfDay(times).map((minute) => clock(minute, times.second)))
}

function minutesOfDay({ hours, minutes }: Times): readonly number[] {
  return hours.flatMap((hour) => minutes.map((minute) => hour * 60 + minute))
}

/** Times with an even distance, over the whole day or in up to three parts of it; null where they are not. */
function evenTimes(times: Times): TimesInWords | null {
  const all = minutesOfDay(times)
  const step = stepOf(all)
  const [first = 0] = all
  if (step !== null && first + all.length * step === 24 * 60 + first) {
    const from =
      first === 0 ? '' : step === 60 ? `, at ${first} minutes past` : `, from ${clock(first, 0)} on`
    return { words: `Every ${lengthOf(step)}${from}`, allDay: true }
  }
  const parts = step === null ? runsOf(times.hours).map((hours) => minutesOfDay({ ...times, hours })) : [all]
  const steps = parts.map(stepOf)
  const [shared = null] = steps
  if (shared === null || parts.length > 3 || steps.some((other) => other !== shared)) return null
  const spans = parts.map((part) => `from ${clock(part[0] ?? 0, 0)} to ${clock(part.at(-1) ?? 0, 0)}`)
  return { words: `Every ${lengthOf(shared)} ${enumerate(spans)}`, allDay: false }
}

/** Such as `minute`, `15 minutes`, `hour` or `2 hours`, after `every`. */
function lengthOf(minutes: number): string {
  if (minutes % 60 !== 0) return minutes === 1 ? 'minute' : `${minutes} minutes`
  return minutes === 60 ? 'hour' : `${minutes / 60} hours`
}

/** Such as `03:00`; seconds only where there are any. */
function clock(minute: number, second: number): string {
  const parts = [Math.floor(minute / 60), minute % 60, ...(second === 0 ? [] : [second])]
  return parts.map((part) => String(part).padStart(2, '0')).join(':')
}
