import type { ProblemList } from '../problems/problem-list.ts'
import {
  describeFound,
  isNull,
  items,
  joined,
  type Located,
  type LocatedMap,
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
  /** The keys of an object, and those by which one is known that stands where its name is due. */
  readonly keys: { readonly all: ReadonlySet<string>; readonly telling: readonly string[] }
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
  if (container.located.kind !== 'map') return []
  const withoutName = keysWithoutName(container.located, rules)
  if (withoutName.size > 0) reportWithoutName(container, withoutName, { rules, problems })
  return [...container.located.entries.keys()].flatMap((key) => {
    if (withoutName.has(key)) return []
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

/** The keys that are not names but those of the one object that stands where its name is due; what is not known and no mapping goes with them. */
function keysWithoutName({ entries }: LocatedMap, { keys }: NameRules): ReadonlySet<string> {
  const tells = (key: string) => {
    const value = entries.get(key)?.value
    return value !== undefined && value.kind !== 'map' && !isNull(value)
  }
  if (!keys.telling.some(tells)) return new Set()
  return new Set([...entries.keys()].filter((key) => keys.all.has(key) || tells(key)))
}

function reportWithoutName(
  { located, path }: Place,
  keys: ReadonlySet<string>,
  { rules, problems }: Pick<Naming, 'rules' | 'problems'>,
): void {
  const entries = located.kind === 'map' ? [...located.entries].filter(([key]) => keys.has(key)) : []
  const own = textOf(entries.find(([key]) => key === 'name')?.[1].value)
  const name = own !== undefined && rules.accepts(own) ? own : 'NAME'
  const rest = entries.flatMap(([key, { value }]) => (key === 'name' ? [] : [`${key}: ${inBraces(value)}`]))
  problems.error(
    { at: located.at, path },
    `found the keys of ${rules.what}, expected its name above them; write ${path.split('.').at(-1)}: {${name}: {${rest.join(', ')}}}`,
  )
}

/** How a value may be written between braces; what is long or has parts is left out. */
function inBraces(located: Located): string {
  if (located.kind !== 'scalar' || located.source.length > MOST_REPEATED) return '...'
  return typeof located.json === 'string' ? JSON.stringify(located.json) : located.source
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
