import type { ProblemList } from '../problems/problem-list.ts'
import {
  describeFound,
  isNull,
  items,
  joined,
  type Located,
  member,
  type Place,
  textOf,
} from '../yaml/located.ts'

/** One named object of a container. */
export interface NamedEntry {
  readonly name: string
  readonly nameAt: number
  readonly place: Place
}

/** How the names of a container are formed. */
export interface NameRules {
  /** What one is called, with its article: `a job`. */
  readonly what: string
  /** Whether a text may be a name, and what may. */
  readonly accepts: (name: string) => boolean
  readonly accepted: string
  /** What to write in the place of something that is no name; it may have nothing to say. */
  readonly mend?: (name: string) => string
  /** The name and the keys of an object that somebody meant who wrote only a text, or nothing. */
  readonly form?: (text: string) => readonly [name: string, keys: string]
  /** Forms that stand for an object: a node written as a text, an object whose name follows from its content. */
  readonly implied?: (located: Located) => string | undefined
}

/**
 * The named objects of a container, which is a mapping from name to object or a list of objects with a `name`. As in Tron, a `name` inside an
 * object of a mapping counts more than its key. Names that stand twice are errors; an absent container is empty.
 */
export function namedEntries(
  container: Place,
  rules: NameRules,
  problems: ProblemList,
): readonly NamedEntry[] {
  const { located } = container
  if (isNull(located)) return []
  if (located.kind === 'scalar') {
    problems.error(
      { at: located.at, path: container.path },
      `found ${describeFound(located)}, expected a mapping or a list${inForm(located, rules, (name, rest) => `{${name}: {${rest}}}`)}`,
    )
    return []
  }
  const candidates =
    located.kind === 'map' ? ofMap(container, rules, problems) : ofList(container, rules, problems)
  return distinct(candidates, { container, rules, problems })
}

function ofMap(container: Place, rules: NameRules, problems: ProblemList): readonly NamedEntry[] {
  const keys = container.located.kind === 'map' ? [...container.located.entries.keys()] : []
  return keys.flatMap((key) => {
    const place = member(container, key)
    if (place === undefined) return []
    if (place.located.kind !== 'map') {
      const found = describeFound(place.located)
      problems.error(
        { at: place.keyAt, path: place.path },
        `found ${found} for "${key}", expected ${rules.what} as a mapping${inForm(place.located, rules, (_name, rest) => `${key}: {${rest}}`)}`,
      )
      return []
    }
    const entries = named(place, { name: key, nameAt: place.keyAt }, { container, rules, problems })
    for (const { name, nameAt } of entries) {
      if (name !== key)
        problems.warning(
          { at: nameAt, path: place.path },
          `this is "${name}", not "${key}": name counts more than the key`,
        )
    }
    return entries
  })
}

function ofList(container: Place, rules: NameRules, problems: ProblemList): readonly NamedEntry[] {
  return items(container).flatMap((place) => {
    const implied = rules.implied?.(place.located)
    if (place.located.kind !== 'map' && implied === undefined) {
      const found = describeFound(place.located)
      problems.error(
        { at: place.keyAt, path: place.path },
        `found ${found}, expected ${rules.what} as a mapping with a name${inForm(place.located, rules, (name, rest) => `{name: ${name}, ${rest}}`)}`,
      )
      return []
    }
    const fallback = implied === undefined ? null : { name: implied, nameAt: place.keyAt }
    return named(place, fallback, { container, rules, problems })
  })
}

/** What to write for a text, or for nothing, where an object is due. */
function inForm(
  located: Located,
  { form }: NameRules,
  write: (name: string, keys: string) => string,
): string {
  const text = isNull(located) ? '' : textOf(located)
  if (form === undefined || text === undefined) return ''
  return `; write ${write(...form(text.length > MOST_REPEATED ? '' : text))}`
}

/** Longer texts are not repeated. */
const MOST_REPEATED = 60

interface Naming {
  readonly container: Place
  readonly rules: NameRules
  readonly problems: ProblemList
}

/** What an object is called when it does not say so itself. */
interface Fallback {
  readonly name: string
  readonly nameAt: number
}

function named(place: Place, fallback: Fallback | null, naming: Naming): readonly NamedEntry[] {
  const { container, rules, problems } = naming
  const own = member(place, 'name')
  const name = own === undefined ? fallback?.name : textOf(own.located)
  const nameAt = own?.located.at ?? fallback?.nameAt ?? place.keyAt
  if (name !== undefined && rules.accepts(name)) {
    // Names read better in paths than numbers do.
    return [{ name, nameAt, place: { ...place, path: joined(container.path, name) } }]
  }
  problems.error({ at: nameAt, path: own?.path ?? place.path }, unnamed(own, fallback, rules))
  return []
}

function unnamed(own: Place | undefined, fallback: Fallback | null, rules: NameRules): string {
  if (own === undefined && fallback === null) return `${rules.what} in a list needs the key "name"`
  const found = own === undefined ? `"${fallback?.name ?? ''}"` : describeFound(own.located)
  const mend = own === undefined ? rules.mend?.(fallback?.name ?? '') : undefined
  return `${found} cannot name ${rules.what}; expected ${rules.accepted}${mend ?? ''}`
}

function distinct(entries: readonly NamedEntry[], { rules, problems }: Naming): readonly NamedEntry[] {
  const seen = new Map<string, number>()
  return entries.filter(({ name, nameAt, place }) => {
    const before = seen.get(name)
    seen.set(name, before ?? nameAt)
    if (before === undefined) return true
    problems.error(
      { at: nameAt, path: place.path },
      `${rules.what} named "${name}" stands in line ${problems.lineOf(before)} already`,
    )
    return false
  })
}
