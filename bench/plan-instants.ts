import { type CompiledSchedule, compileSchedule, parseSchedule } from '../packages/schedule/src/index.ts'
import { median, spread, timed } from './measure.ts'

/**
 * 5,000 jobs plan their next instants: read the text, compile, first instant, and the one after it. Twice: a site as they are, with some dozen sets of
 * days in five zones, and one that names days in 500 ways, which costs most. The yardstick is the same process doing the least that could be called
 * planning: printing ten times in the job's zone for each of the 5,000. Run with `node --expose-gc --conditions=@tron/source bench/plan-instants.ts`.
 */
const JOBS = 5000
const ROUNDS = 7
const FROM_MS = Date.UTC(2026, 2, 28, 12)
const ZONES = ['UTC', 'America/Los_Angeles', 'Europe/Berlin', 'Asia/Kolkata', 'Australia/Lord_Howe']
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']

interface Job {
  readonly schedule: string
  readonly zone: string
}

/** What is kept of a job: its schedule, and when it is due. */
interface Planned {
  readonly schedule: CompiledSchedule
  readonly firstMs: number
  readonly secondMs: number
}

const printers = new Map<string, Intl.DateTimeFormat>()
for (const [name, jobOf] of [
  ['as sites are', usual],
  ['with 500 sets of days', manyDays],
] as const) {
  const jobs = Array.from({ length: JOBS }, (_, index) => jobOf(index))
  const before = heapBytes()
  const cold = timed(() => jobs.map(plan))
  const keptMb = (heapBytes() - before) / 1e6
  const warm = Array.from({ length: ROUNDS }, () => timed(() => jobs.map(plan)).ms)
  const again = Array.from({ length: ROUNDS }, () => timed(() => cold.value.map(later)).ms)
  const yardstick = Array.from({ length: ROUNDS }, () => timed(() => jobs.map(printed)).ms)
  const planned = new Set(cold.value.map(({ firstMs, secondMs }) => `${firstMs} ${secondMs}`)).size
  process.stdout.write(
    `${JOBS} jobs, ${name} (${planned} pairs of instants): read and planned in ${cold.ms.toFixed(0)} ms at first, ${spread(warm, 'ms', 1)} after, ` +
      `${(median(warm) / median(yardstick)).toFixed(1)} x printing ten times for each (${spread(yardstick, 'ms', 1)}); next instants alone ${spread(again, 'ms', 1)}; ` +
      `${keptMb.toFixed(1)} MB kept\n`,
  )
}

/** Daily, hourly and weekly jobs at times of their own. */
function usual(index: number): Job {
  const [hour, minute] = [index % 24, index % 60]
  const forms = [
    `daily ${hour}:${minute}`,
    `daily ${hour}:${minute} MTWRF`,
    `cron ${minute} * * * *`,
    `cron */${5 + (index % 3) * 5} * * * *`,
    `cron ${minute} ${hour} ${1 + (index % 28)} * *`,
    `every ${DAYS[index % 7] ?? ''} at ${String(hour).padStart(2, '0')}:00`,
    `cron ${minute} ${hour} L * *`,
    `1st,3rd monday of ${MONTHS[index % 12] ?? ''} at 17:00`,
    `every ${1 + (index % 50)} minutes`,
    `daily ${hour}:${minute} ${'MTWRFSU'[index % 7] ?? ''}`,
  ]
  return { schedule: forms[index % forms.length] ?? '', zone: ZONES[index % 5] ?? '' }
}

/** Two days of two months. */
function manyDays(index: number): Job {
  const set = index % 500
  const days = `${1 + (set % 28)},${1 + ((set * 5) % 31)}`
  const months = `${1 + (Math.floor(set / 28) % 12)},${1 + (Math.floor(set / 7) % 12)}`
  return { schedule: `cron ${index % 60} ${index % 24} ${days} ${months} *`, zone: ZONES[index % 5] ?? '' }
}

function plan({ schedule: text, zone }: Job): Planned {
  const read = parseSchedule(text)
  if (!read.ok) throw new Error(`${text}: ${read.reason}`)
  const schedule = compileSchedule({ ...read.schedule, zone })
  return later({ schedule, firstMs: FROM_MS, secondMs: FROM_MS })
}

/** The two instants after the first. */
function later({ schedule, firstMs }: Planned): Planned {
  const first = schedule.next(firstMs)?.atMs ?? Number.NaN
  return { schedule, firstMs: first, secondMs: schedule.next(first)?.atMs ?? Number.NaN }
}

function printed({ zone }: Job): readonly string[] {
  const printer =
    printers.get(zone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, timeStyle: 'short' })
  printers.set(zone, printer)
  return Array.from({ length: 10 }, (_, hour) => printer.format(FROM_MS + hour * 3_600_000))
}

/** What is live, when the garbage is collected. */
function heapBytes(): number {
  if (globalThis.gc === undefined) throw new Error('run with --expose-gc')
  globalThis.gc()
  return process.memoryUsage().heapUsed
}
