import type { ExplainedInstant } from '@tron/schedule'
import type { Paint } from '../color.ts'

/** What there is to say of a schedule. */
export interface ScheduleToTell {
  /** In words, without a full stop. */
  readonly meaning: string
  readonly zone: string
  /** Somebody named the zone: then it is not news. */
  readonly isGivenZone: boolean
  readonly instants: readonly ExplainedInstant[]
  /** How many instants were asked for. */
  readonly count: number
}

const GAP = '    '
const WIDTH = 'Sat 2026-03-28 02:30:00 +01:00'.length

/** A sentence, the zone, and a line for each instant; what the clocks did to it stands below. */
export function scheduleView(told: ScheduleToTell, paint: Paint): string {
  const zone = `The time zone is ${told.zone}${told.isGivenZone ? '' : ', the one of this system'}.`
  const found = told.instants.filter(({ utc }) => utc !== null).length
  const end =
    found < told.count ? [`There ${found === 0 ? 'is none' : 'are no more'} before the year 2400.`] : []
  const header = paint('header', `  ${'Local time'.padEnd(WIDTH)}${GAP}UTC`)
  const lines = told.instants.flatMap((instant) => instantLines(instant, paint))
  const table = lines.length === 0 ? [] : [header, ...lines]
  return [`${told.meaning}.`, zone, '', ...table, ...end, ''].join('\n')
}

function instantLines({ utc, local, note }: ExplainedInstant, paint: Paint): readonly string[] {
  const mark = note === null ? ' ' : utc === null ? '-' : '*'
  const written = `${mark} ${localText(local).padEnd(WIDTH)}${GAP}${utc === null ? 'no run' : utcText(utc)}`
  const line = utc === null ? paint('faint', written) : written
  return note === null ? [line] : [line, `    ${paint('special', note)}`]
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** Such as `Sat 2026-03-28 02:30:00 +01:00`. */
function localText(local: string): string {
  const [day = '', rest = ''] = local.split('T')
  const weekday = WEEKDAYS[new Date(`${day}T00:00Z`).getUTCDay()] ?? ''
  return `${weekday} ${day} ${rest.slice(0, 8)} ${rest.slice(8)}`
}

function utcText(utc: string): string {
  return utc.replace('T', ' ').replace(/Z$/, '')
}
