import { type JsonValue } from '@tron/model'
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLError,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { ProblemList } from '../problems/problem-list.ts'
import { composeDocument, DEFAULT_LIMITS, type ReadLimits } from './compose-document.ts'
import { joined, type Located, type LocatedList, type LocatedMap } from './located.ts'
import { isMerge, readMerges } from './merges.ts'
import { describeYamlError } from './yaml-advice.ts'
import { type FreeKey, freeKey, readPlainScalar } from './yaml-traps.ts'

/** With every alias written out, and with what `<<` copies: more than a document of 16 MB can say by itself. */
export const MOST_NODES = 3_000_000

/**
 * Reads one YAML 1.2 document, with anchors, aliases and `<<`, into values that know where they stand. Null when it is not such a document; the
 * list of problems then says why. A key that stands twice is remarked on, and the later one counts, as in Tron 3.
 */
export function readYaml(
  text: string,
  problems: ProblemList,
  limits: ReadLimits = DEFAULT_LIMITS,
): Located | null {
  const root = readFaultyYaml(text, problems, limits)
  return problems.errors > 0 ? null : root
}

/**
 * As `readYaml`, and where single values cannot be read, such as an alias that names nothing, the rest is there all the same: null only when the
 * text is no YAML or asks for too much.
 */
export function readFaultyYaml(text: string, problems: ProblemList, limits: ReadLimits): Located | null {
  if (Buffer.byteLength(text) > limits.maxBytes) {
    const message = `the document is larger than ${describeBytes(limits.maxBytes)}; split it into several namespaces`
    problems.error({ at: 0, path: '' }, message)
    return null
  }
  if (/^[^\n]*\r[^\n]*$/.test(text)) {
    const message =
      'the lines end in a carriage return alone, as on very old machines; save the file with line feeds'
    problems.error({ at: text.indexOf('\r'), path: '' }, message)
    return null
  }
  const { document, excess, older } = composeDocument(text, limits)
  if (document === undefined) {
    problems.error({ at: excess.at, path: '' }, excess.message)
    return null
  }
  const unresolved = reportErrors(document, text, problems)
  for (const at of older) problems.warning({ at, path: '' }, OLDER)
  if (unresolved === null) return null
  const reader = createReader({ problems, limits, unresolved })
  const root = reader.read(document.contents, TOP)
  if (root.size > MOST_NODES) problems.error({ at: root.at, path: '' }, TOO_MANY)
  return root.size > MOST_NODES || reader.isExceeded ? null : root
}

const OLDER =
  'the file is read as YAML 1.2, whatever this line says; remove it, and look at the warnings for what Tron 3 read differently'

const TOO_MANY = `with its aliases written out the document has more than ${MOST_NODES} values`

/** A size in words. */
export function describeBytes(bytes: number): string {
  const mega = bytes / (1024 * 1024)
  return Number.isInteger(mega) ? `${mega} MB` : `${bytes} bytes`
}

/** Tells what is wrong with the text. Where that is only tags which nothing answers to, the rest can be read: they are returned, else null. */
function reportErrors(
  document: Document.Parsed,
  text: string,
  problems: ProblemList,
): ReadonlySet<string> | null {
  const errors = [...document.errors, ...document.warnings]
  if (errors.some(({ code }) => code !== 'TAG_RESOLVE_FAILED')) {
    reportSyntax(errors, { document, text, problems })
    return null
  }
  for (const error of errors) {
    const at = error.pos[0]
    problems.error({ at, path: '' }, () => describeYamlError(error, document, text).message)
  }
  return new Set(errors.map(({ message }) => message.replace(/^.*? tag: /, '')))
}

interface Text {
  readonly document: Document.Parsed
  readonly text: string
  readonly problems: ProblemList
}

/** One problem a line: what follows from the first only confuses. */
function reportSyntax(errors: readonly YAMLError[], { document, text, problems }: Text): void {
  const lines = new Set<number>()
  for (const error of errors) {
    const line = problems.lineOf(error.pos[0])
    if (!lines.has(line)) {
      const { at, message } = describeYamlError(error, document, text)
      problems.error({ at, path: '' }, message)
    }
    lines.add(line)
  }
}

interface Spot {
  readonly path: string
  readonly key: string
  /** The key somewhere above it that may hold anything. */
  readonly below: FreeKey | null
  readonly depth: number
  /** Where to say something about a value that has no text. */
  readonly at: number
}

const TOP: Spot = { path: '', key: '', below: null, depth: 0, at: 0 }

interface Reader {
  read(node: unknown, spot: Spot): Located
  /** Whether a limit has been exceeded, which is told. */
  readonly isExceeded: boolean
}

const CORE_TAGS = new Set([
  '!',
  ...['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `tag:yaml.org,2002:${name}`),
])

interface ReaderParts {
  readonly problems: ProblemList
  readonly limits: ReadLimits
  /** Tags that are told already. */
  readonly unresolved: ReadonlySet<string>
}

function createReader({ problems, limits: { maxDepth }, unresolved }: ReaderParts): Reader {
  const anchors = new Map<string, Located | 'open'>()
  const copies = createAllowance(problems)
  let isTooDeep = false
  const read = (node: unknown, spot: Spot): Located => {
    if (isAlias(node)) return follow(node.source, { ...spot, at: node.range?.[0] ?? spot.at })
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return nothing(spot.at, false)
    const at = node.range?.[0] ?? spot.at
    checkTag(node, { ...spot, at })
    if (node.anchor !== undefined) anchors.set(node.anchor, 'open')
    const located = readKind(node, { ...spot, at })
    if (node.anchor !== undefined) anchors.set(node.anchor, located)
    return located
  }
  const readKind = (node: Scalar | YAMLMap | YAMLSeq, spot: Spot): Located => {
    if (isScalar(node)) return readScalar(node, spot, problems)
    return isMap(node) ? readMap(node, spot, { read, problems, copies }) : readList(node, spot, read)
  }
  const follow = (name: string, spot: Spot): Located => {
    const found = anchors.get(name)
    if (found !== undefined && found !== 'open') {
      if (spot.depth + found.height <= maxDepth) return found
      isTooDeep = true
      problems.error(spot, `with its aliases written out nested more than ${maxDepth} levels deep`)
      return nothing(spot.at, true)
    }
    const why =
      found === 'open'
        ? 'stands inside what it names'
        : 'names nothing above; put a text that begins with * in quotes'
    problems.error(spot, `the alias *${name} ${why}`)
    return nothing(spot.at, true)
  }
  const checkTag = (node: Node, spot: Spot) => {
    if (node.tag !== undefined && !CORE_TAGS.has(node.tag) && !unresolved.has(node.tag))
      problems.error(spot, `the tag ${node.tag} means nothing here; remove it`)
  }
  return {
    read,
    get isExceeded() {
      return isTooDeep || copies.isSpent
    },
  }
}

interface Allowance {
  /** Says whether some more entries may be copied into a mapping; it is an error once too many were. */
  take(entries: number, at: number): boolean
  readonly isSpent: boolean
}

function createAllowance(problems: ProblemList): Allowance {
  let left = MOST_NODES
  return {
    take: (entries, at) => {
      if (left >= 0 && left < entries) problems.error({ at, path: '' }, TOO_MANY)
      left -= entries
      return left >= 0
    },
    get isSpent() {
      return left < 0
    },
  }
}

function nothing(at: number, isFaulty: boolean): Located {
  return { kind: 'scalar', at, end: at, plain: true, size: 1, height: 0, json: null, isFaulty, source: '' }
}

function readScalar(node: Scalar, spot: Spot, problems: ProblemList): Located {
  const source = node.source ?? ''
  const value = scalarValue(node.value)
  const plain = node.type === 'PLAIN'
  const text = {
    kind: 'scalar',
    at: spot.at,
    end: node.range?.[1] ?? spot.at,
    size: 1,
    height: 0,
    plain,
    isFaulty: isMisfit(node),
  } as const
  if (text.isFaulty) return { ...text, json: null, source }
  // What is said to be a text is one, whatever it looks like.
  if (!plain || node.tag === TEXT_TAG) return { ...text, json: value, source }
  remarkLooks(node, spot, problems)
  const meant = readPlainScalar({ key: spot.key, source, value, below: spot.below })
  if (meant.remark !== undefined) problems.warning(spot, meant.remark)
  return { ...text, json: meant.value, source }
}

const TEXT_TAG = 'tag:yaml.org,2002:str'

/** Whether a tag says of a scalar what it is not: either it should be no text and is left as one, or it is none of what JSON has. */
function isMisfit({ tag, value }: Scalar): boolean {
  if (tag === undefined || tag === '!' || tag === TEXT_TAG) return false
  return typeof value === 'string' || !CORE_TAGS.has(tag)
}

/** Remarks on what looks like something else than it is to YAML. */
function remarkLooks({ anchor, source = '' }: Scalar, spot: Spot, problems: ProblemList): void {
  const [, open, inside = '', close] = /^([“‘])(.*)([”’])$/su.exec(source) ?? []
  if (open !== undefined)
    problems.warning(
      spot,
      `the quotes ${open} and ${close} are part of the text; write ${JSON.stringify(inside)}`,
    )
  if (anchor !== undefined && source === '')
    problems.warning(
      spot,
      `&${anchor} only names what follows, which is nothing; put a text that begins with & in quotes`,
    )
}

function scalarValue(value: unknown): JsonValue {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number') return value
  return null
}

function readList(node: YAMLSeq, spot: Spot, read: Reader['read']): LocatedList {
  const items = node.items.map((item, index) =>
    read(item, { ...spot, path: `${spot.path}[${index}]`, depth: spot.depth + 1 }),
  )
  return {
    kind: 'list',
    at: spot.at,
    ...extentOf(items),
    json: items.map((item) => item.json),
    isFaulty: false,
    items,
  }
}

interface MapReader extends Pick<Reader, 'read'> {
  readonly problems: ProblemList
  readonly copies: Allowance
}

function readMap(node: YAMLMap, spot: Spot, reader: MapReader): LocatedMap {
  const { entries, isWhole } = readMerges(node.items.filter(isMerge), {
    place: spot,
    problems: reader.problems,
    read: (value, at) => reader.read(value, { ...spot, depth: spot.depth + 1, at }),
    take: (size, at) => reader.copies.take(size, at),
  })
  let isFaulty = !isWhole
  const own = new Map<string, number>()
  for (const pair of node.items) {
    if (isMerge(pair)) continue
    const key = readKey(pair, spot, reader.problems)
    if (key === null) {
      isFaulty = true
      continue
    }
    const path = joined(spot.path, key.name)
    const before = own.get(key.name)
    if (before !== undefined)
      reader.problems.warning(
        { at: key.at, path },
        `"${key.name}" stands twice: this one counts, and the one in line ${reader.problems.lineOf(before)} does not`,
      )
    own.set(key.name, key.at)
    const value = reader.read(pair.value, {
      path,
      key: key.name,
      below: spot.below ?? freeKey(key.name),
      depth: spot.depth + 1,
      at: key.at,
    })
    entries.set(key.name, { keyAt: key.at, value })
  }
  const values: Located[] = []
  const members: [key: string, json: JsonValue][] = []
  for (const [key, { value }] of entries) {
    values.push(value)
    members.push([key, value.json])
  }
  const json = Object.fromEntries(members)
  return { kind: 'map', at: spot.at, ...extentOf(values), json, isFaulty, flow: node.flow === true, entries }
}

function readKey(
  pair: Pair,
  spot: Spot,
  problems: ProblemList,
): { readonly name: string; readonly at: number } | null {
  const { key } = pair
  if (isScalar(key)) return { name: key.source ?? '', at: key.range?.[0] ?? spot.at }
  const at = isMap(key) || isSeq(key) || isAlias(key) ? (key.range?.[0] ?? spot.at) : spot.at
  problems.error({ at, path: spot.path }, 'a key is a text; put it in quotes if it contains { [ or *')
  return null
}

/** How large and how deep a list or mapping of these is. */
function extentOf(children: readonly Located[]): { readonly size: number; readonly height: number } {
  let size = 1
  let height = 0
  for (const child of children) {
    size += child.size
    height = Math.max(height, child.height)
  }
  return { size, height: height + 1 }
}
