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

/** Stands for a name that is not there, or that is none: what it would name is checked all the same. */
export const UNNAMED = '_'

/** One named object of a container. */
export interface NamedEntry {
  /** What stands for it where it has no name. */
  readonly name: string
  readonly nameAt: number
  readonly place: Place
  /** Whether it has a name that nothing before it has. One that does not is checked as any other, and not taken over. */
  readonly isNamed: boolean
}

/** What a container holds. */
export interface NamedEntries {
  readonly entries: readonly NamedEntry[]
  /** Every name that is given in it, also to what has faults of its own; null when something has none that anybody could know. */
  readonly names: ReadonlySet<string> | null
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
  /** Forms that stand for an object: a node written as a text, an object whose name follows from its content; null where that is wrong itself. */
  readonly implied?: (located: Located) => string | null | undefined
}

/**
 * The named objects of a container, which is a mapping from name to object or a list of objects with a `name`. As in Tron, a `name` inside an
 * object of a mapping counts more than its key. Names that stand twice are errors, as is an object that has none; an absent container is empty.
 */
export function namedEntries(container: Place, rules: NameRules, problems: ProblemList): NamedEntries {
  const { located } = container
  if (located.kind === 'scalar' && located.isFaulty) return { entries: [], names: null }
  if (isNull(located)) return { entries: [], names: new Set() }
  if (located.kind === 'scalar') {
    problems.error(
      { at: located.at, path: container.path },
      `found ${describeFound(located)}, expected a mapping or a list${inForm(located, rules, (name, rest) => `{${name}: {${rest}}}`)}`,
    )
    return { entries: [], names: null }
  }
  const naming = { container, rules, problems }
  const candidates = located.kind === 'map' ? ofMap(located, naming) : ofList(naming)
  return {
    entries: distinct(candidates, naming),
    names: located.isFaulty ? null : namesOf(candidates, rules),
  }
}

/** Something that stands where a named object is due. */
interface Candidate {
  /** Null when it has none that anybody could know. */
  readonly name: string | null
  readonly nameAt: number
  /** Null when it is no such object. */
  readonly place: Place | null
  /** Whether its name may stand where it does. */
  readonly isNamed: boolean
}

function namesOf(candidates: readonly Candidate[], { accepts }: NameRules): NamedEntries['names'] {
  const names = new Set<string>()
  for (const { name } of candidates) {
    if (name === null) return null
    if (accepts(name)) names.add(name)
  }
  return names
}

function ofMap(located: LocatedMap, naming: Naming): readonly Candidate[] {
  const { container, rules, problems } = naming
  const withoutName = keysWithoutName(located, rules)
  const one = withoutName.size === 0 ? [] : [reportWithoutName(located, withoutName, naming)]
  const others = [...located.entries.keys()].flatMap((key) => {
    const place = withoutName.has(key) ? undefined : member(container, key)
    if (place === undefined) return []
    if (isUnknown(place)) return [{ name: key, nameAt: place.keyAt, place: null, isNamed: false }]
    if (place.located.kind !== 'map') {
      const found = describeFound(place.located)
      problems.error(
        { at: place.keyAt, path: place.path },
        `found ${found} for "${key}", expected ${rules.what} as a mapping${inForm(place.located, rules, (_name, rest) => `${key}: {${rest}}`)}`,
      )
      return [{ name: key, nameAt: place.keyAt, place: null, isNamed: false }]
    }
    const candidate = named(place, { name: key, nameAt: place.keyAt, isGiven: true }, naming)
    const { name, nameAt, isNamed } = candidate
    if (isNamed && name !== key)
      problems.warning(
        { at: nameAt, path: place.path },
        `this is "${name}", not "${key}": name counts more than the key`,
      )
    return [candidate]
  })
  return [...one, ...others]
}

function ofList(naming: Naming): readonly Candidate[] {
  const { container, rules, problems } = naming
  return items(container).map((place) => {
    if (isUnknown(place)) return { name: null, nameAt: place.keyAt, place: null, isNamed: false }
    const implied = rules.implied?.(place.located)
    if (place.located.kind !== 'map' && implied === undefined) {
      const found = describeFound(place.located)
      problems.error(
        { at: place.keyAt, path: place.path },
        `found ${found}, expected ${rules.what} as a mapping with a name${inForm(place.located, rules, (name, rest) => `{name: ${name}, ${rest}}`)}`,
      )
      return { name: null, nameAt: place.keyAt, place: null, isNamed: false }
    }
    const fallback = implied === undefined ? null : { name: implied, nameAt: place.keyAt, isGiven: false }
    return named(place, fallback, naming)
  })
}

function isUnknown({ located }: Place): boolean {
  return located.kind === 'scalar' && located.isFaulty
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
  located: LocatedMap,
  keys: ReadonlySet<string>,
  { container, rules, problems }: Naming,
): Candidate {
  const { path } = container
  const entries = [...located.entries].filter(([key]) => keys.has(key))
  const own = textOf(located.entries.get('name')?.value)
  const name = own !== undefined && rules.accepts(own) ? own : null
  const rest = entries.flatMap(([key, { value }]) => (key === 'name' ? [] : [`${key}: ${inBraces(value)}`]))
  problems.error(
    { at: located.at, path },
    `found the keys of ${rules.what}, expected its name above them; write ${path.split('.').at(-1)}: {${name ?? 'NAME'}: {${rest.join(', ')}}}`,
  )
  const part = {
    ...located,
    entries: new Map(entries),
    json: Object.fromEntries(entries.map(([key, { value }]) => [key, value.json])),
  }
  return { name, nameAt: located.at, place: { ...container, located: part }, isNamed: false }
}

/** How a value may be written between braces; what is long or has parts is left out. */
function inBraces(located: Located): string {
  if (located.kind !== 'scalar' || located.isFaulty || located.source.length > MOST_REPEATED) return '...'
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

/** What an object is called. */
interface Name {
  /** Null where what it is or would follow from is wrong, which is told there; undefined where there is none. */
  readonly name: string | null | undefined
  readonly nameAt: number
  /** Whether somebody wrote it for a name. */
  readonly isGiven: boolean
}

/** `fallback` is what it is called when it does not say so itself. */
function named(place: Place, fallback: Name | null, { container, rules, problems }: Naming): Candidate {
  const own = member(place, 'name')
  const { name, nameAt, isGiven } = own === undefined ? (fallback ?? noName(place)) : ownName(own)
  if (typeof name === 'string' && rules.accepts(name)) {
    // Names read better in paths than numbers do.
    return { name, nameAt, place: { ...place, path: joined(container.path, name) }, isNamed: true }
  }
  if (name !== null) problems.error({ at: nameAt, path: (own ?? place).path }, unnamed(own, fallback, rules))
  return { name: isGiven ? (name ?? null) : null, nameAt, place, isNamed: false }
}

function ownName({ located }: Place): Name {
  return { name: located.isFaulty ? null : textOf(located), nameAt: located.at, isGiven: true }
}

function noName({ keyAt }: Place): Name {
  return { name: undefined, nameAt: keyAt, isGiven: false }
}

function unnamed(own: Place | undefined, fallback: Name | null, rules: NameRules): string {
  if (own === undefined && fallback === null) return `${rules.what} in a list needs the key "name"`
  const found = own === undefined ? `"${fallback?.name ?? ''}"` : describeFound(own.located)
  const mend = own === undefined ? rules.mend?.(fallback?.name ?? '') : undefined
  return `${found} cannot name ${rules.what}; expected ${rules.accepted}${mend ?? ''}`
}

/** The objects among them. Of those with one name the first is the one that has it. */
function distinct(candidates: readonly Candidate[], { rules, problems }: Naming): readonly NamedEntry[] {
  const seen = new Map<string, number>()
  return candidates.flatMap(({ name, nameAt, place, isNamed }) => {
    if (place === null) return []
    const entry = { name: name ?? UNNAMED, nameAt, place }
    const before = isNamed ? seen.get(entry.name) : undefined
    if (isNamed) seen.set(entry.name, before ?? nameAt)
    if (before === undefined) return [{ ...entry, isNamed }]
    problems.error(
      { at: nameAt, path: place.path },
      `${rules.what} named "${name}" stands in line ${problems.lineOf(before)} already`,
    )
    return [{ ...entry, isNamed: false }]
  })
}
