import { type Document, type Scalar, visit, type YAMLError, type YAMLMap, type YAMLSeq } from 'yaml'

const COLON = 'check the indentation, and put a text that contains ": " in quotes'

const ADVICE: Partial<Readonly<Record<YAMLError['code'], string>>> = {
  TAB_AS_INDENT: 'indent with blanks',
  BAD_INDENT: 'give the keys of one mapping the same indentation',
  BLOCK_AS_IMPLICIT_KEY: COLON,
  BLOCK_IN_FLOW: 'put a text that contains ": " in quotes',
  MULTILINE_IMPLICIT_KEY: `${COLON}; a blank follows the colon of a key`,
  MULTIPLE_DOCS: 'a file holds one document; remove the line ---',
  BAD_ALIAS: 'put a text that begins with * in quotes',
  BAD_SCALAR_START: 'put the text in quotes',
  BAD_DQ_ESCAPE: String.raw`write \\ for a backslash, or put the text in single quotes`,
  UNEXPECTED_TOKEN: 'check quotes, brackets and indentation before this place',
  MISSING_CHAR: 'close what was opened before this place',
}

/** What is said instead of the words of the parser. */
const SAID: readonly (readonly [message: RegExp, said: string])[] = [
  [/ at node end$/, 'the value has ended before this; put the whole text in quotes'],
  [
    /^Not a YAML token/,
    'only lines below can follow | or >; put a text that begins with one of them in quotes',
  ],
  [
    /^Unexpected block-seq-ind on same line/,
    'a list begins below its key; put a text that begins with - in quotes',
  ],
]

/** What is wrong with the YAML itself, and how to mend it; and where, as an offset. */
export function describeYamlError(
  error: YAMLError,
  document: Document.Parsed,
  text: string,
): { readonly at: number; readonly message: string } {
  const [at] = error.pos
  const opened = openedBefore(error, document)
  return opened === undefined
    ? { at, message: `${messageOf(error)}${aboutQuotes(text, at)}` }
    : { at: opened.at, message: `not YAML: the ${opened.what} that opens here is not closed` }
}

/** What is still open where an error is, which asks for its end, and where it opens. */
function openedBefore(
  { message, pos: [at] }: YAMLError,
  document: Document.Parsed,
): { readonly what: string; readonly at: number } | undefined {
  if (/^Missing closing .quote/.test(message)) return withWhat('quote', quoteAround(document, at))
  const [, kind] = /^Flow (map|sequence) (?:in block collection )?must .*end with a/.exec(message) ?? []
  return kind === undefined ? undefined : withWhat(kind === 'map' ? '{' : '[', flowAround(document, at, kind))
}

function withWhat(
  what: string,
  at: number | undefined,
): { readonly what: string; readonly at: number } | undefined {
  return at === undefined ? undefined : { what, at }
}

/** Where the quoted text begins that is still open at a place. */
function quoteAround(document: Document.Parsed, at: number): number | undefined {
  let opened: number | undefined
  visit(document, {
    Scalar: (_key, { type, range }: Scalar) => {
      const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE'
      if (isQuoted && range && range[0] < at && range[2] >= at) opened = range[0]
    },
  })
  return opened
}

/** Where the innermost list in brackets, or mapping in braces, begins that is still open at a place. */
function flowAround(document: Document.Parsed, at: number, kind: string): number | undefined {
  let opened: number | undefined
  const look = ({ flow, range }: YAMLMap | YAMLSeq) => {
    if (flow === true && range && range[0] < at && range[2] >= at) opened = range[0]
  }
  visit(document, kind === 'map' ? { Map: (_key, map) => look(map) } : { Seq: (_key, list) => look(list) })
  return opened
}

const TAG = /^Unresolved tag: (?:tag:yaml\.org,2002:)?/

function messageOf(error: YAMLError): string {
  if (error.code === 'TAG_RESOLVE_FAILED') {
    const tag = error.message.replace(TAG, '')
    return tag.startsWith('!')
      ? `the tag ${tag} means nothing here; remove it, or put a text that begins with ! in quotes`
      : `the tag !!${tag} does not fit what it stands before; remove it`
  }
  const [what = ''] = error.message.split(/;|\n/)
  const said = SAID.find(([message]) => message.test(what))?.[1]
  const advice = ADVICE[error.code]
  return `not YAML: ${said ?? `${what}${advice === undefined ? '' : `; ${advice}`}`}`
}

/** Programs that write letters put such quotes where others were typed. */
function aboutQuotes(text: string, at: number): string {
  const line = text.slice(text.lastIndexOf('\n', at - 1) + 1).split('\n', 1)[0] ?? ''
  return /[“”‘’]/u.test(line) ? '; “ ” ‘ ’ are no quotes to YAML, write " or \'' : ''
}
