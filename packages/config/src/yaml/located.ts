import type { JsonValue } from '@tron/model'

interface Placed {
  /** Where its text starts, as an offset into the document. */
  readonly at: number
  /** How many nodes it has with every alias written out. */
  readonly size: number
  /** How many lists and mappings stand in one another in it, itself included; 0 for a scalar. */
  readonly height: number
  /** The plain value. Values that stand in several places through an alias are one object. */
  readonly json: JsonValue
  /** Whether something about it is told that leaves open what was meant: the value of a scalar, or what else a mapping should have. */
  readonly isFaulty: boolean
}

/** A value of a YAML document that knows where it stands. */
export type Located = LocatedScalar | LocatedList | LocatedMap

export interface LocatedScalar extends Placed {
  readonly kind: 'scalar'
  /** Where its text ends. */
  readonly end: number
  /** Written without quotes, on the line. */
  readonly plain: boolean
  /** As written, without quotes. */
  readonly source: string
}

export interface LocatedList extends Placed {
  readonly kind: 'list'
  readonly items: readonly Located[]
}

export interface LocatedMap extends Placed {
  readonly kind: 'map'
  readonly json: Readonly<Record<string, JsonValue>>
  /** Written with braces. */
  readonly flow: boolean
  readonly entries: ReadonlyMap<string, LocatedEntry>
}

export interface LocatedEntry {
  readonly keyAt: number
  readonly value: Located
}

/** A value with the path that leads to it and the place to name when something about the whole is wrong. */
export interface Place {
  readonly located: Located
  readonly path: string
  /** Where its key stands; where it starts itself when it has none. */
  readonly keyAt: number
}

/** The place of a member of a mapping, or undefined. */
export function member(place: Place, key: string): Place | undefined {
  if (place.located.kind !== 'map') return undefined
  const entry = place.located.entries.get(key)
  return entry && { located: entry.value, path: joined(place.path, key), keyAt: entry.keyAt }
}

/** The places of the items of a list; none when there is no list. */
export function items(place: Place | undefined): readonly Place[] {
  if (place?.located.kind !== 'list') return []
  return place.located.items.map((located, index) => ({
    located,
    path: `${place.path}[${index}]`,
    keyAt: located.at,
  }))
}

/** A path with one key more. */
export function joined(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`
}

/** Whether a value is absent: null, written or not. */
export function isNull(located: Located): boolean {
  return located.kind === 'scalar' && located.json === null
}

/** Whether nothing at a place and directly in it is faulty. */
export function isKnown(place: Place | undefined): boolean {
  if (place === undefined) return true
  const { located } = place
  if (located.kind === 'map')
    for (const { value } of located.entries.values()) if (value.isFaulty) return false
  return !located.isFaulty
}

/** A value in a few words, for messages. */
export function describeFound(located: Located): string {
  if (located.kind === 'list') return 'a list'
  if (located.kind === 'map') return 'a mapping'
  if (located.json === null) return located.source === '' ? 'nothing' : 'null'
  const shown = located.source.length > 60 ? `${located.source.slice(0, 57)}...` : located.source
  return typeof located.json === 'string' ? JSON.stringify(shown) : shown
}

/** The text of a value, or undefined when it is something else. */
export function textOf(located: Located | undefined): string | undefined {
  return located?.kind === 'scalar' && typeof located.json === 'string' ? located.json : undefined
}
