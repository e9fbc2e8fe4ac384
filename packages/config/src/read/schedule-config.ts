import type { ConfigProblem, ScheduleSpec } from '@tron/model'
import { type ParsedSchedule, parseSchedule } from '@tron/schedule'
import { createProblemList, type ProblemList } from '../problems/problem-list.ts'
import { type Located, member, type Place, textOf } from '../yaml/located.ts'
import { readYaml } from '../yaml/read-yaml.ts'

/** A schedule without what its job and MASTER say of it. */
type BareSchedule = Omit<ScheduleSpec, 'zone'>

/** The schedules that are texts, as read before: in a large configuration, hundreds of jobs run at the same times. */
export type ReadSchedules = Map<string, ParsedSchedule>

/** Reads the schedule that stands in a place; null when it is none, for reasons that are in the list then. */
export function scheduleAt(
  place: Place,
  problems: ProblemList,
  before: ReadSchedules = new Map(),
): BareSchedule | null {
  const parsed = parsedAt(place, problems, before)
  if (!parsed.ok) {
    report(parsed, place, problems)
    return null
  }
  for (const { key, reason } of parsed.ignored) {
    const ignored = member(place, key) ?? place
    problems.warning({ at: ignored.keyAt, path: ignored.path }, reason)
  }
  return parsed.schedule
}

function parsedAt(
  { located: { json } }: Place,
  { near }: ProblemList,
  before: ReadSchedules,
): ParsedSchedule {
  const known = typeof json === 'string' ? before.get(json) : undefined
  if (known !== undefined) return known
  const parsed = parseSchedule(json, (word, words) => near.didYouMean(word, words))
  if (typeof json === 'string') before.set(json, parsed)
  return parsed
}

function report(parsed: Extract<ParsedSchedule, { ok: false }>, place: Place, problems: ProblemList): void {
  for (const { key, reason, at } of [parsed, ...(parsed.more ?? [])]) {
    const { located, path } = (key === undefined ? undefined : member(place, key)) ?? place
    const value = textOf(located)
    const isPlaced = at !== undefined && value !== undefined && located.kind === 'scalar'
    const inText = isPlaced ? problems.within({ value, at: located.at, end: located.end }, at) : located.at
    problems.error({ at: inText, path }, reason)
  }
}

/**
 * Reads what stands behind `schedule:` in a document, with all that a document would be told about it, in places of `file`. What begins with a
 * quote or a brace is YAML; all else is the text itself. The schedule is null when there are errors.
 */
export function readScheduleText(
  text: string,
  file: string,
): { readonly schedule: BareSchedule | null; readonly problems: readonly ConfigProblem[] } {
  const problems = createProblemList(file, text)
  const located = /^["'{]/.test(text) ? readYaml(text, problems) : plain(text)
  const schedule = located && scheduleAt({ located, path: '', keyAt: located.at }, problems)
  return { schedule: problems.errors > 0 ? null : schedule, problems: problems.problems }
}

function plain(text: string): Located {
  return {
    kind: 'scalar',
    at: 0,
    end: text.length,
    plain: true,
    size: 1,
    height: 0,
    json: text,
    source: text,
    isFaulty: false,
  }
}
