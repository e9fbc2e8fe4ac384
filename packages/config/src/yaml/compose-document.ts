import { Composer, type CST, type Document, Lexer, Parser, YAMLParseError } from 'yaml'

/** How much a document may ask of whoever reads it. */
export interface ReadLimits {
  /** The size of its text, as UTF-8. */
  readonly maxBytes: number
  /** How deeply lists and mappings may stand in one another. Reading recurses, so the thread's stack must allow it. */
  readonly maxDepth: number
}

/** What any thread can read, also one whose code is not compiled yet. */
export const DEFAULT_LIMITS: ReadLimits = { maxBytes: 16 * 1024 * 1024, maxDepth: 200 }

/** More than the densest configuration of 16 MB has; each costs half a kilobyte when it is composed. */
const MOST_TOKENS = 6_000_000

/** A document, with the places of directives that ask for YAML 1.1; or where its text exceeds a limit, and which. */
export type Composed =
  | { readonly document: Document.Parsed; readonly older: readonly number[]; readonly excess?: never }
  | {
      readonly document?: never
      readonly older?: never
      readonly excess: { readonly at: number; readonly message: string }
    }

/**
 * Composes the one document of a text. Its tokens are counted before: composing recurses once a level, and takes memory for every token, so a
 * text that asks for too much of either is refused while it is cheap.
 */
export function composeDocument(text: string, { maxDepth }: Pick<ReadLimits, 'maxDepth'>): Composed {
  const parser = new Parser()
  const tokens: CST.Token[] = []
  let count = 0
  for (const lexeme of new Lexer().lex(text)) {
    const at = parser.offset
    for (const token of parser.next(lexeme)) tokens.push(token)
    count += 1
    if (count > MOST_TOKENS) return excess(at, 'the document says too much; split it into several namespaces')
    // The document itself and a scalar that may be open are on the stack, too.
    if (parser.stack.length > maxDepth + 2) return excess(at, `nested more than ${maxDepth} levels deep`)
  }
  for (const token of parser.end()) tokens.push(token)
  return compose(tokens, text)
}

function excess(at: number, message: string): Composed {
  return { excess: { at, message } }
}

function compose(tokens: readonly CST.Token[], text: string): Composed {
  const older: number[] = []
  // What it is told to read as YAML 1.1 it would read by other rules than the rest.
  const read = tokens.map((token) => {
    if (token.type !== 'directive' || !ASKS_FOR_1_1.test(token.source)) return token
    older.push(token.offset)
    return { ...token, source: token.source.replace('1.1', '1.2') }
  })
  // Its own check of keys is quadratic, and its own bound on aliases refuses honest documents: both are done by the reader.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, logLevel: 'error' })
  const [document, second] = composer.compose(read, true, text.length)
  if (document === undefined) throw new Error('a text without a document')
  if (second !== undefined) {
    const [start, end] = second.range
    document.errors.push(new YAMLParseError([start, end], 'MULTIPLE_DOCS', 'several documents'))
  }
  return { document, older }
}

const ASKS_FOR_1_1 = /^%YAML[ \t]+1\.1\b/
