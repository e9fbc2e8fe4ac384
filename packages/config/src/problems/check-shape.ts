import type { z } from 'zod'
import { describeFound, joined, type Located, type Place, textOf } from '../yaml/located.ts'
import { adviceForKey, insteadOf } from './known-keys.ts'
import { mendOf } from './mend.ts'
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
  // What could not be read has been told already, and may hold what is missing.
  if (located.isFaulty) return
  const { message: accepted, path } = issue
  problems.error(problemPlace, () =>
    missing === null
      ? `found ${describeFound(located)}, expected ${accepted}${mendOf({ located, accepted, key: keyOf(path) }) || nearWord(located, issue, problems)}`
      : `the key "${missing}" is missing: ${accepted}`,
  )
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.findLast((segment) => typeof segment === 'string') ?? ''
}

/** The word or the zone that was probably meant. */
function nearWord(located: Located, issue: z.core.$ZodIssue, { near }: ProblemList): string {
  if (issue.code === 'custom' && typeof issue.params?.['zone'] === 'string') {
    return nearZone(issue.params['zone'], near)
  }
  const word = textOf(located)
  if (issue.code !== 'invalid_value' || word === undefined) return ''
  // What is accepted only to be refused with more words is not suggested.
  const words = issue.values.filter((value) => typeof value === 'string')
  return near.didYouMean(
    word,
    words.filter((value) => issue.message.includes(value)),
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
    const keys = accepted.split(', ')
    const near = insteadOf(key, keys) || where.problems.near.didYouMean(key, keys) || adviceForKey(key, keys)
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
