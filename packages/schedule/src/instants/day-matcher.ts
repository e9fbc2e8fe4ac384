import { Temporal } from '@tron/model/temporal'
import { Cron } from 'croner'
import { LIMIT_MS } from '../limit.ts'

/**
 * A time on the wall as milliseconds, counted as if the wall were in UTC. Not an instant: a zone has to place it.
 */
export type WallMs = number

/** The first matching day at or after a midnight; null when there is none before the limit. */
export type DayMatcher = (from: WallMs) => WallMs | null

/** A question that was answered: from the one midnight to the other, no day matches but the other. */
interface Answer {
  readonly from: WallMs
  readonly to: WallMs | null
}

/**
 * What croner is costs: one pattern holds 80 KB and takes longer to make than ten answers, and an answer longer than all the rest of a next instant. But
 * jobs share their sets of days, and ask about the same few days over and over. So the latest answers for a pattern are shared by all who have it, and
 * croner is made again where its pattern has not been asked for long.
 */
const answersByPattern = new Map<string, Answer[]>()
const MOST_PATTERNS = 4096
const MOST_ANSWERS = 8
const crons = new Map<string, Cron>()
const MOST_CRONS = 64

/** Matches days as a pattern of croner names them: day of month, month, weekday. */
export function dayMatcher(pattern: string): DayMatcher {
  if (pattern === '* * *') return (from) => (from < LIMIT_MS ? from : null)
  const answers = answersOf(pattern)
  return (from) => {
    for (const answer of answers)
      if (from >= answer.from && (answer.to === null || from <= answer.to)) return answer.to
    const to = ask(cronOf(pattern), from)
    answers.unshift({ from, to })
    if (answers.length > MOST_ANSWERS) answers.pop()
    return to
  }
}

function answersOf(pattern: string): Answer[] {
  const known = answersByPattern.get(pattern)
  if (known !== undefined) return known
  // Schedules that have theirs keep them.
  if (answersByPattern.size >= MOST_PATTERNS) answersByPattern.clear()
  const made: Answer[] = []
  answersByPattern.set(pattern, made)
  return made
}

function cronOf(pattern: string): Cron {
  // In UTC it is a matcher of numbers and knows no daylight saving; the zone is applied afterwards.
  const cron = crons.get(pattern) ?? new Cron(`0 0 0 ${pattern}`, { utcOffset: 0, mode: '6-part' })
  // The map keeps the order of insertion: what was used last stands last.
  crons.delete(pattern)
  crons.set(pattern, cron)
  const [oldest] = crons.keys()
  if (crons.size > MOST_CRONS && oldest !== undefined) crons.delete(oldest)
  return cron
}

function ask(cron: Cron, from: WallMs): WallMs | null {
  // croner looks strictly after what it is given.
  const before = Temporal.Instant.fromEpochMilliseconds(from - 1000).toString()
  const found = cron.nextRun(before)?.getTime() ?? null
  return found === null || found >= LIMIT_MS ? null : found
}
