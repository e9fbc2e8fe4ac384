import { type DstPolicy, type ScheduleSpec, TronError } from '@tron/model'
import { lowerSchedule } from '../read/lowered-schedule.ts'
import type { WallPattern } from '../read/wall-pattern.ts'
import { daysInWords } from './days-in-words.ts'
import { lengthInWords } from './length-in-words.ts'
import { timesInWords } from './times-in-words.ts'

/**
 * A schedule of any form in plain English, without a full stop: `At 03:00 and 15:00 on Mondays in March, Europe/Berlin time`. Jitter and a policy for
 * changes of the clocks are said where there are any.
 * @throws CONFIG_INVALID when the text is not a schedule or can never match
 */
export function describeInWords(spec: ScheduleSpec): string {
  const lowered = lowerSchedule(spec.kind, spec.value)
  if (!lowered.ok)
    throw new TronError('CONFIG_INVALID', `schedule "${spec.kind} ${spec.value}": ${lowered.reason}`)
  const when =
    'everyMs' in lowered.value
      ? intervalInWords(lowered.value.everyMs)
      : wallInWords(lowered.value.wall, spec)
  return spec.jitterMs === 0 ? when : `${when}, each up to ${lengthInWords(spec.jitterMs)} earlier or later`
}

function intervalInWords(everyMs: number): string {
  const words = `Every ${lengthInWords(everyMs).replace(/^1 /, '')}`
  // Those that fit into a day come at the same times each day; others have no times to name.
  return 86_400_000 % everyMs === 0
    ? `${words}, counted from midnight UTC`
    : `${words}, counted from 1 January 1970, 00:00 UTC`
}

function wallInWords(pattern: WallPattern, { zone, dst = 'auto' }: ScheduleSpec): string {
  const times = timesInWords(pattern)
  const named = daysInWords(pattern.days)
  const days = times.allDay ? named.replace(/^ every day/, '') : named
  // Such as `Every hour, at 15 minutes past, on Mondays`.
  const comma = times.words.includes(', ') && times.allDay && days.startsWith(' ') ? ',' : ''
  const when = `${times.words}${comma}${days}`
  const policy = POLICIES[dst]
  return `${when}, ${zone === 'UTC' ? 'UTC' : `${zone} time`}${policy === null ? '' : `; ${policy}`}`
}

const POLICIES: Readonly<Record<DstPolicy, string | null>> = {
  auto: null,
  first: 'a time that comes twice counts once, at the first',
  last: 'a time that comes twice counts once, at the second',
  both: 'a time that comes twice counts both times',
  skip: 'a time that the clocks leave out is left out',
  shift: 'a time that the clocks leave out comes later by what they are put forward',
}
