import type { z } from 'zod'
import { describeFound, isNull, joined, type Located, type Place, textOf } from '../yaml/located.ts'
import { readYaml11 } from '../yaml/yaml-1-1.ts'
import { adviceForKey, insteadOf } from './known-keys.ts'
import { nearZone } from './near-zone.ts'
import type { ProblemList, ProblemPlace } from './problem-list.ts'

/** Checks a value against a schema; every fault becomes a problem at its own place. Null when there was one. */
export function checkShape<Schema extends z.ZodType>(
  schema: Schema,
  place: Place,
  problems: ProblemList,
): z.output<Schema> | null {
  const result = schema.safeParse(place.located.json)
  if (result.success) return result.data
  for (const issue of result.error.issues) report(issue, place, problems)
  return null
}

function report(issue: z.core.$ZodIssue, place: Place, problems: ProblemList): void {
  const spot = walk(place, issue.path)
  if (issue.code === 'unrecognized_keys') {
    for (const key of issue.keys) reportUnknownKey(key, issue.message, { spot, problems })
    return
  }
  const { located, missing, problemPlace } = spot
  problems.error(problemPlace, () =>
    missing === null
      ? `${wrong(located, issue.message)}${nearWord(located, issue, problems)}`
      : `the key "${missing}" is missing: ${issue.message}`,
  )
}

function wrong(located: Located, accepted: string): string {
  const found = `found ${describeFound(located)}, expected ${accepted}`
  return `${found}${quoting(located, accepted)}${asInTron3(located)}`
}

/** How what was found is probably to be written. */
function quoting(located: Located, accepted: string): string {
  if (accepted.startsWith('text') || accepted.startsWith('a command'))
    return lacksQuotes(located) ? '; put it in quotes' : ''
  const word = textOf(located)
  if (word === undefined || word.length > 60 || located.kind !== 'scalar') return ''
  if (accepted.startsWith('a list')) return `; write [${word}] for a list of one`
  const isTruth = accepted === 'true or false' && !located.plain && readYaml11(word).kind === 'truth'
  return isTruth ? '; leave out the quotes' : ''
}

/** A number or a pair of braces where text was meant is nearly always a text that lacks its quotes. */
function lacksQuotes(located: Located): boolean {
  return located.kind === 'scalar'
    ? typeof located.json !== 'string' && !isNull(located)
    : located.kind === 'map' && located.flow
}

/** A text that Tron 3 took for a number: it is said which, so that it can be written so that all agree. */
function asInTron3(located: Located): string {
  if (located.kind !== 'scalar' || !located.plain || typeof located.json !== 'string') return ''
  const before = readYaml11(located.source)
  return before.kind === 'number' && Number.isFinite(before.value)
    ? `; Tron 3 read ${before.how} ${before.value}, write that`
    : ''
}

/** The word or the zone that was probably meant. */
function nearWord(located: Located, issue: z.core.$ZodIssue, { near }: ProblemList): string {
  if (issue.code === 'custom' && typeof issue.params?.['zone'] === 'string') {
    return nearZone(issue.params['zone'], near)
  }
  const word = textOf(located)
  if (issue.code !== 'invalid_value' || word === undefined) return ''
  return near.didYouMean(
    word,
    issue.values.filter((value) => typeof value === 'string'),
  )
}

function reportUnknownKey(
  key: string,
  accepted: string,
  where: { readonly spot: Spot; readonly problems: ProblemList },
): void {
  const { located, problemPlace } = where.spot
  const at = (located.kind === 'map' ? located.entries.get(key)?.keyAt : undefined) ?? problemPlace.at
  const place = { at, path: joined(problemPlace.path, key) }
  where.problems.error(place, () => {
    const near =
      insteadOf(key) || where.problems.near.didYouMean(key, accepted.split(', ')) || adviceForKey(key)
    const end = near.endsWith('?') || near === '' ? '' : '.'
    return `unknown key "${key}"${near === '' ? ';' : `${near}${end}`} accepted: ${accepted}`
  })
}

/** Where an issue's path leads: to a value, or to the last one on the way and the key that it lacks. */
interface Spot {
  readonly located: Located
  readonly problemPlace: ProblemPlace
  readonly missing: string | null
}

function walk(place: Place, path: readonly PropertyKey[]): Spot {
  let { located, path: shown, keyAt } = place
  for (const segment of path) {
    const next = step(located, segment)
    if (next === undefined) {
      return {
        located,
        problemPlace: { at: keyAt, path: joined(shown, String(segment)) },
        missing: String(segment),
      }
    }
    shown = typeof segment === 'number' ? `${shown}[${segment}]` : joined(shown, String(segment))
    located = next.value
    keyAt = next.keyAt
  }
  return { located, problemPlace: { at: located.at, path: shown }, missing: null }
}

function step(
  located: Located,
  segment: PropertyKey,
): { readonly value: Located; readonly keyAt: number } | undefined {
  if (located.kind === 'map') return located.entries.get(String(segment))
  if (located.kind !== 'list' || typeof segment !== 'number') return undefined
  const item = located.items[segment]
  return item && { value: item, keyAt: item.at }
}
