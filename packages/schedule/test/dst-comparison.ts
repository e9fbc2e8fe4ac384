import type { DstPolicy } from '@tron/model'
import { compileSchedule, explainSchedule } from '@tron/schedule'
import { type Expected, expected, type Kind, type Rule, rulesFor, type Watched } from './dst-oracle.ts'

/** What the package does round one change, beside what it must do. */
export interface Comparison {
  readonly instants: number
  /** One line for each rule that is computed otherwise. */
  readonly differences: readonly string[]
}

/** Compares all rules that have to do with a change under one policy. */
export function compare(watched: Watched, policy: DstPolicy): Comparison {
  const differences: string[] = []
  let instants = 0
  for (const rule of rulesFor(watched.change)) {
    const judged = isFrequent(rule) ? close(watched) : watched
    const must = expected(judged, rule, policy)
    instants += must.instants.size
    const does = computed(judged, rule, policy)
    const difference = differenceOf(does, must) ?? dropped(judged, rule, { policy, must })
    if (difference === null) continue
    const { zone, atMs } = watched.change
    differences.push(`${zone} ${iso(atMs)} "${rule.cron}" ${policy}: ${difference}`)
  }
  return { instants, differences }
}

/** Due each minute of its hours: the days before and after the change show nothing that the hours do not. */
function isFrequent({ cron }: Rule): boolean {
  return cron.startsWith('* ')
}

function close({ change, ...watched }: Watched): Watched {
  const aroundMs = Math.abs(change.after - change.before) * 60_000 + 4 * 3_600_000
  const fromMs = Math.max(watched.fromMs, change.atMs - aroundMs)
  return { ...watched, change, fromMs, toMs: Math.min(watched.toMs, change.atMs + aroundMs) }
}

type Found = readonly (readonly [number, Kind])[]

/** All instants in order. Wherever one asks from, the next instant must be the same: what is another then stands in the list, and does not belong there. */
function computed({ change, fromMs, toMs }: Watched, { cron }: Rule, policy: DstPolicy): Found {
  const spec = { kind: 'cron', value: cron, jitterMs: 0, zone: change.zone, dst: policy } as const
  const schedule = compileSchedule(spec)
  const found: [number, Kind][] = []
  let beforeMs = fromMs
  let instant = schedule.next(fromMs)
  for (; instant !== null && instant.atMs <= toMs; instant = schedule.next(beforeMs)) {
    found.push([instant.atMs, kindOf(instant.note)])
    for (const askedMs of [instant.atMs - 1, Math.floor((beforeMs + instant.atMs - 1) / 2)]) {
      const again = schedule.next(askedMs)?.atMs ?? Infinity
      if (again !== instant.atMs) found.push([again, 'ordinary'])
    }
    beforeMs = instant.atMs
  }
  return found
}

function differenceOf(does: Found, { instants }: Expected): string | null {
  const must = [...instants]
  for (let place = 0; place < Math.max(does.length, must.length); place += 1) {
    const [a, b] = [does[place], must[place]]
    if (a?.[0] !== b?.[0] || a?.[1] !== b?.[1])
      return `${a === undefined ? 'nothing' : `${iso(a[0])} ${a[1]}`}, must be ${b === undefined ? 'nothing' : `${iso(b[0])} ${b[1]}`}`
  }
  return null
}

/** Whether an explanation tells as many dropped times as there are. They are all near the change. */
function dropped(
  { change }: Watched,
  { cron }: Rule,
  { policy, must }: { readonly policy: DstPolicy; readonly must: Expected },
): string | null {
  const spec = { kind: 'cron', value: cron, jitterMs: 0, zone: change.zone, dst: policy } as const
  const sizeMs = Math.abs(change.after - change.before) * 60_000
  const [fromMs, toMs] = [change.atMs - sizeMs - 1, change.atMs + sizeMs]
  const near = [...must.instants.keys()].filter((atMs) => atMs > fromMs && atMs <= toMs)
  const told = explainSchedule(spec, { fromMs, count: near.length + 1 })
    .filter(({ utc }) => utc === null)
    .reduce((sum, { note }) => sum + Number(/\((\d+) times\)/.exec(note ?? '')?.[1] ?? 1), 0)
  return told === must.dropped ? null : `${told} dropped times are told, must be ${must.dropped}`
}

function kindOf(note: string | null): Kind {
  if (note === null) return 'ordinary'
  if (note.includes(': moved ')) return 'moved'
  return note.endsWith('second') ? 'second' : 'first'
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString()
}
