import { closeInterval } from '@tron/schedule'
import { isNodeName } from '../schema/values.ts'
import { isNull, type Located, textOf } from '../yaml/located.ts'
import { readYaml11 } from '../yaml/yaml-1-1.ts'

/** A value that is not what is accepted in its place. */
export interface Found {
  readonly located: Located
  /** The last key on the way to it. */
  readonly key: string
  /** In words, as schemas say it. */
  readonly accepted: string
}

type Mender = (found: Found) => string | undefined

/** By the words for what is accepted: what knows how that is written which was found. The first that knows counts. */
const MENDERS: readonly (readonly [accepted: RegExp, mend: Mender])[] = [
  [/^(?:text|a command)/, textWithoutQuotes],
  [/^(?:text|a command)/, textInWords],
  [/^a list/, listOfOne],
  [/^true or false$/, truthInQuotes],
  [/^the name of a node/, keyInValue],
  [/^the name of a node/, severalNodes],
  [/^a length of time/, ({ located }) => written(closeInterval(textOf(located) ?? ''))],
  [/^a mapping/, assignments],
  [/^a (?:whole )?number/, numberOfTron3],
  [/^one of ssh, /, ({ located }) => EXECUTORS.get(textOf(located)?.toLowerCase() ?? '')],
]

/** How what was found is probably to be written, as the end of a message; nothing when nobody can tell. */
export function mendOf(found: Found): string {
  for (const [accepted, mend] of MENDERS) {
    const advice = accepted.test(found.accepted) ? mend(found) : undefined
    if (advice !== undefined) return `; ${advice}`
  }
  return ''
}

/** Longer ones are not repeated. */
const MOST_REPEATED = 60

function written(text: string | null): string | undefined {
  return text === null || text.length > MOST_REPEATED ? undefined : `write ${text}`
}

/** A number or a pair of braces where text was meant is nearly always a text that lacks its quotes. */
function textWithoutQuotes({ located }: Found): string | undefined {
  const lacksQuotes =
    located.kind === 'scalar'
      ? typeof located.json !== 'string' && !isNull(located)
      : located.kind === 'map' && located.flow
  return lacksQuotes ? 'put it in quotes' : undefined
}

/** A command is one text, not one for each word. */
function textInWords({ located }: Found): string | undefined {
  if (located.kind !== 'list') return undefined
  const words = located.items.map((item) => textOf(item) ?? '')
  const isPlain = words.length > 0 && words.every((word) => /^[\w./=:@%+-]+$/.test(word))
  return (isPlain ? written(JSON.stringify(words.join(' '))) : undefined) ?? 'write one text instead'
}

function listOfOne({ located }: Found): string | undefined {
  const word = textOf(located)
  return word === undefined || word.length > MOST_REPEATED ? undefined : `write [${word}] for a list of one`
}

function truthInQuotes({ located }: Found): string | undefined {
  const word = textOf(located)
  if (located.kind !== 'scalar' || word === undefined || readYaml11(word).kind !== 'truth') return undefined
  return located.plain ? 'leave out the tag' : 'leave out the quotes'
}

/** As in `node: node:n1`. */
function keyInValue({ located, key }: Found): string | undefined {
  const word = textOf(located)
  return word?.startsWith(`${key}:`) === true ? written(word.slice(key.length + 1).trim()) : undefined
}

function severalNodes({ located, key }: Found): string | undefined {
  const names =
    located.kind === 'list'
      ? located.items.map((item) => textOf(item) ?? '')
      : (textOf(located)?.split(/[\s,]+/) ?? [])
  const [name = ''] = names
  if (names.length === 0 || !names.every(isNodeName)) return undefined
  const list = names.join(', ')
  if (names.length === 1) return written(name)
  // Pools cannot be in pools.
  if (key === 'nodes')
    return `write each as an item of its own${list.length > MOST_REPEATED ? '' : `: [${list}]`}`
  return list.length > MOST_REPEATED
    ? 'write the name of a pool of them'
    : `write the name of a pool, which MASTER makes of them: node_pools: {NAME: {nodes: [${list}]}}`
}

/** Variables as a shell sets them, `NAME=VALUE`. */
function assignments({ located }: Found): string | undefined {
  const texts =
    located.kind === 'list' ? located.items.map((item) => textOf(item) ?? '') : [textOf(located) ?? '']
  const pairs = texts.map((text) => /^([A-Za-z_]\w*)=(.*)$/.exec(text) ?? [])
  if (pairs.length === 0 || pairs.some(({ length }) => length === 0)) return undefined
  return written(
    `{${pairs.map(([, name = '', value = '']) => `${name}: ${JSON.stringify(value)}`).join(', ')}}`,
  )
}

/** A text that Tron 3 took for a number: it is said which, so that it can be written so that all agree. */
function numberOfTron3({ located, accepted }: Found): string | undefined {
  if (located.kind !== 'scalar' || !located.plain || typeof located.json !== 'string') return undefined
  const before = readYaml11(located.source)
  if (before.kind !== 'number' || !Number.isSafeInteger(before.value)) return undefined
  const [least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY] = (
    accepted.match(/\d+/g) ?? []
  ).map(Number)
  if (before.value < least || before.value > most) return undefined
  return `Tron 3 read ${before.how} ${before.value}, write that`
}

/** What people write for the executor of an action. */
const EXECUTORS: ReadonlyMap<string, string> = new Map([
  ['local', 'local is an executor of nodes: write it at the node in MASTER, and leave it out here'],
  ['docker', 'what runs in a container is run by kubernetes or spark'],
  ['k8s', 'write kubernetes'],
])
